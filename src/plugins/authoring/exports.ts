/** What `import … from "tenon"` answers for plugins and applications: the typed form of plugins, the framework, and the words of requests and errors. */
export { action, arg, schema } from "../../events/index.ts";
export {
  BadRequestError,
  ClientConnection,
  ExternalServiceError,
  ForbiddenError,
  GatewayTimeoutError,
  HttpStream,
  InternalError,
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
} from "../../kernel/index.ts";
export { Plugin } from "../kuzzle/plugin.ts";
export { Backend, Controller } from "../kuzzle/provided.ts";
export { definePlugin } from "./define-plugin.ts";
