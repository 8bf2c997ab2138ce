/**
 * What `require("kuzzle-common-objects")` answers.
 * Source: contract/plugins/v2.md section 11.
 */
import {
  Connection,
  errorClasses,
  Headers,
  HttpStream,
  KuzzleError,
  KuzzleRequest,
  RequestContext,
  RequestInput,
  RequestResource,
  RequestResponse,
} from "../../kernel/index.ts";
import { ParseError } from "../dialects/errors.ts";
import { formerErrors, formerObjects } from "../dialects/v0/constructors.ts";

export const Request = KuzzleRequest;
export { KuzzleRequest };

export const models = Object.freeze({
  Connection,
  Headers,
  HttpStream,
  KuzzleRequest,
  Request: KuzzleRequest,
  RequestContext,
  RequestInput,
  RequestResource,
  RequestResponse,
});

export const errors = Object.freeze({ KuzzleError, ParseError, ...errorClasses });

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

const named = (types: object): Readonly<Record<string, unknown>> =>
  Object.freeze(Object.fromEntries(Object.entries(types).map(([name, type]) => [lowerFirst(name), type as unknown])));

/** The names of its first release. */
export const Models = named(formerObjects);
export const Errors = named(formerErrors);
