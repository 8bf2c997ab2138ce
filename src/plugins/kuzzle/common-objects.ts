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
import { NotificationObject, RealTimeResponseObject } from "../dialects/v0/notification-objects.ts";
import { RequestObject } from "../dialects/v0/request-object.ts";
import { ResponseObject } from "../dialects/v0/response-object.ts";

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

/** The names of its first release. */
export const Models = Object.freeze({
  notificationObject: NotificationObject,
  realTimeResponseObject: RealTimeResponseObject,
  requestObject: RequestObject,
  responseObject: ResponseObject,
});

export const Errors = Object.freeze(
  Object.fromEntries(
    Object.entries({ KuzzleError, ParseError, ...errorClasses }).map(([name, type]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      type,
    ]),
  ),
);
