import { isTooDeep, maxDepth } from "../../api/index.ts";
import { JsonText, type KuzzleRequest, kerror, kerrorFrom } from "../../kernel/index.ts";
import { wireError } from "./wire-error.ts";

export interface EncodeOptions {
  readonly development: boolean;
  /** WebSocket clients dispatch on it; absent on the other protocols. */
  readonly room?: string | undefined;
  /** Spaces per level, for people. */
  readonly indent?: number | undefined;
}

/** What the answer says: 102 means that nobody set a status. */
export const statusOf = (request: KuzzleRequest): number => (request.status === 102 ? 200 : request.status);

/**
 * The envelope of an answered request as JSON text (contract/wire.md section 2).
 *
 * What cannot be encoded (cycles, big integers, an echo nested a hundred thousand levels deep) becomes the request's error, so that
 * the client gets an answer: read the status after encoding, not before.
 */
export function encodeEnvelope(request: KuzzleRequest, options: EncodeOptions): string {
  try {
    const { result } = request;
    if (result instanceof JsonText && options.indent === undefined) return splice(request, options, result);
    return JSON.stringify(envelope(request, options, result), undefined, options.indent);
  } catch (cause) {
    return encodeFailure(request, options, cause);
  }
}

/** A bare error, for what fails before there is a request to answer. */
export function encodeBareError(request: KuzzleRequest, development: boolean): string {
  const { error } = request;
  return error === null ? "{}" : JSON.stringify(wireError(error, development));
}

/** A result that is text already goes into the envelope as it is. */
function splice(request: KuzzleRequest, options: EncodeOptions, result: JsonText): string {
  const text = JSON.stringify(envelope(request, options, undefined));
  return `${text.slice(0, -1)},"result":${result.text}}`;
}

function envelope(request: KuzzleRequest, { development, room }: EncodeOptions, result: unknown): object {
  const { input, error } = request;
  const { args } = input;
  // One literal with all members: undefined ones cost nothing on the wire, and every envelope has one shape in memory.
  return {
    requestId: request.id,
    status: statusOf(request),
    error: error === null ? null : wireError(error, development),
    controller: input.controller,
    action: input.action,
    collection: args.collection,
    index: args.index,
    volatile: input.volatile,
    result,
    node: request.node,
    headers: request.hasResponse ? request.response.content().headers : {},
    deprecations: request.deprecations,
    room,
  };
}

function encodeFailure(request: KuzzleRequest, { development, room, indent }: EncodeOptions, cause: unknown): string {
  const { controller, action } = request.input;
  // An echo of what the client has sent, deeper than the stack: the client's mistake, not that of an action.
  const error =
    cause instanceof RangeError && isTooDeep(request)
      ? kerror("api.assert.invalid_argument", "volatile", `at most ${maxDepth} levels of nesting`)
      : kerrorFrom(cause, "plugin.controller.unserializable_response", controller, action);
  request.setError(error);
  const content = {
    requestId: request.id,
    status: error.status,
    error: wireError(error, development),
    controller,
    action,
    volatile: null,
    result: null,
    node: request.node,
    headers: {},
    room,
  };
  return JSON.stringify(content, undefined, indent);
}
