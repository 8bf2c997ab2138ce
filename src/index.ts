/** What the package `tenon` offers to applications and plugins. */
export { Backend, type BackendOptions } from "./app/index.ts";
export type { EventArguments, EventDocument, EventName, EventTable } from "./events/index.ts";
export {
  BadRequestError,
  ExternalServiceError,
  ForbiddenError,
  GatewayTimeoutError,
  HttpStream,
  InternalError,
  type JSONObject,
  KuzzleError,
  KuzzleRequest,
  MultipleErrorsError,
  NotFoundError,
  PartialError,
  PluginImplementationError,
  PreconditionError,
  ServiceUnavailableError,
  SizeLimitError,
  TooManyRequestsError,
  UnauthorizedError,
} from "./kernel/index.ts";
export { Controller, definePlugin, Plugin, type PluginContext } from "./plugins/index.ts";
