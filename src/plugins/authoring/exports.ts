/** What `import … from "tenon"` answers for plugins: the typed form of plugins, and the words of requests and errors. */
export { action, arg, schema } from "../../events/index.ts";
export {
  BadRequestError,
  ExternalServiceError,
  ForbiddenError,
  GatewayTimeoutError,
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
export { definePlugin } from "./define-plugin.ts";
