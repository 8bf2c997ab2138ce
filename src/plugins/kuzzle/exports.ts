/**
 * What `require("kuzzle")` and `import … from "kuzzle"` answer for plugins and applications, whatever copy of that package lies beside them.
 * Source: contract/plugins/framework.md section 9.
 */

export {
  AuthController,
  BaseController,
  BatchController,
  CollectionController,
  Document,
  DocumentController,
  DocumentSearchResult,
  Http,
  IndexController,
  Kuzzle,
  KuzzleAbstractProtocol,
  KuzzleEventEmitter,
  Observer,
  Profile,
  ProfileSearchResult,
  RealtimeController,
  RealtimeDocument,
  Role,
  RoleSearchResult,
  ScopeOption,
  SearchResultBase,
  ServerController,
  SpecificationsSearchResult,
  User,
  UserOption,
  UserSearchResult,
  WebSocket,
} from "kuzzle-sdk";
export {
  BadRequestError,
  ClientConnection,
  Connection,
  ExternalServiceError,
  ForbiddenError,
  GatewayTimeoutError,
  Headers,
  HttpStream,
  InternalError,
  KuzzleError,
  KuzzleRequest,
  KuzzleRequest as Request,
  MultipleErrorsError,
  NotFoundError,
  PartialError,
  PluginImplementationError,
  PreconditionError,
  RequestContext,
  RequestInput,
  RequestResource,
  RequestResponse,
  ServiceUnavailableError,
  SizeLimitError,
  TooManyRequestsError,
  UnauthorizedError,
} from "../../kernel/index.ts";
export { BaseValidationType } from "../dialects/v2/base-validation-type.ts";
export { PluginContext } from "../dialects/v2/context.ts";
export { EmbeddedSDK } from "../sdk/embedded-sdk.ts";
export { Inflector } from "./inflector.ts";
export { Koncorde, NormalizedFilterV3 } from "./koncorde.ts";
export { Mutex } from "./mutex.ts";
export { NameGenerator } from "./name-generator.ts";
export { ObjectRepository } from "./object-repository.ts";
export { Plugin, type PluginManifest } from "./plugin.ts";
export {
  ApplicationManager,
  Backend,
  BackendCluster,
  BackendConfig,
  BackendController,
  BackendErrors,
  BackendHook,
  BackendImport,
  BackendOpenApi,
  BackendPipe,
  BackendPlugin,
  BackendStorage,
  BackendSubscription,
  BackendVault,
  Controller,
  InternalLogger,
} from "./provided.ts";
export { QueryTranslator } from "./query-translator.ts";
export { cacheDbEnum, storeScopeEnum } from "./scopes.ts";
export { Store } from "./store.ts";
