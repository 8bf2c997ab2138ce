/** What the package `tenon` offers to applications and plugins. */
export {
  type ApplicationAction,
  Backend,
  type BackendOptions,
  type ClusterEventHandler,
  Controller,
  type ControllerContent as ControllerDefinition,
  type CustomErrorDefinition,
  type EventDefinition,
  type HookEventHandler,
  type ImportedMappings,
  type PipeEventHandler,
  type ResponseError,
  type StorageClient,
  type SubscriptionChoices,
} from "./app/index.ts";
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
export { definePlugin, type EmbeddedSDK, Plugin, type PluginContext } from "./plugins/index.ts";
