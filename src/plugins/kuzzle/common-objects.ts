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

export const errors = Object.freeze({ KuzzleError, ...errorClasses });
