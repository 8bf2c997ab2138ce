import {
  ClientConnection,
  errorClasses,
  KuzzleError,
  KuzzleRequest,
  RequestContext,
  RequestInput,
} from "../../kernel/index.ts";
import type { AuthorDebug } from "./author-debug.ts";
import type { AuthorLog } from "./author-log.ts";
import type { HostedEntryPoint } from "./hosted-entry-point.ts";
import { ProtocolBase } from "./protocol-base.ts";

/** For authors of every generation. */
export const constructors = Object.freeze({
  ClientConnection,
  KuzzleRequest,
  Request: KuzzleRequest,
  RequestContext,
  RequestInput,
});

/** The error classes by their names: `BadRequestError`, … */
export const errors = Object.freeze({ KuzzleError, ...errorClasses });

/**
 * The second argument of a hosted protocol's `init`. Left extensible: some authors write on it.
 * Source: contract/plugins/protocols.md section 5.
 */
export class ProtocolContext {
  // Samples of the documentation write `context.constructor.ClientConnection`.
  static readonly ClientConnection = ClientConnection;
  static readonly Request = KuzzleRequest;
  readonly ClientConnection = ClientConnection;
  readonly Request = KuzzleRequest;
  readonly KuzzleRequest = KuzzleRequest;
  readonly RequestContext = RequestContext;
  readonly RequestInput = RequestInput;
  readonly Protocol = ProtocolBase;
  readonly constructors = constructors;
  readonly errors = errors;
  readonly log: AuthorLog;
  readonly debug: AuthorDebug;
  readonly accessors: { readonly execute: HostedEntryPoint["execute"] };

  constructor(entryPoint: HostedEntryPoint, log: AuthorLog, debug: AuthorDebug) {
    this.log = log;
    this.debug = debug;
    this.accessors = { execute: (...given) => entryPoint.execute(...given) };
  }
}
