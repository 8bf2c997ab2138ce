/** Plugins: finding, loading and running them, whatever generation they were written for; and what `require("kuzzle")` answers. */
export {
  type DefinedPlugin,
  type DefinedPluginContext,
  type DescribedControllers,
  definePlugin,
  type HookHandler,
  type OrderDescription,
  type PipeHandler,
  type PluginDescription,
  type WildcardEventName,
} from "./authoring/define-plugin.ts";
export type { ProtocolDescription, ProtocolEntryPoint } from "./authoring/protocol-description.ts";
export type { DescribedMethods, LoginRequest, StrategyDescription } from "./authoring/strategy-description.ts";
export { LocalStrategyPlugin, localStrategyName } from "./bundled/local-strategy/index.ts";
export { loadTotpPlugin, totpName } from "./bundled/totp/index.ts";
export type { Capabilities, Granted } from "./capabilities/capabilities.ts";
export { describeCapabilities } from "./capabilities/describe-capabilities.ts";
export type {
  Generation,
  ManifestFacts,
  PluginContributions,
  PluginDefinition,
  PluginHealth,
  PluginHook,
  PluginImports,
  PluginLimits,
  PluginOrigin,
  PluginPipe,
  WorkerFigures,
} from "./definition.ts";
export type {
  ClusterMessages,
  PluginHostDeps,
  PluginSubscriptions,
  PluginsCommon,
  PluginToken,
  PluginTokens,
  PluginValidation,
} from "./deps.ts";
export { formerRequests } from "./dialects/v0/former-requests.ts";
export { BaseValidationType } from "./dialects/v2/base-validation-type.ts";
export { PluginContext } from "./dialects/v2/context.ts";
export { asTextLog, asTextLogger, type TextLog, type TextLogger } from "./dialects/v2/plugin-log.ts";
export { type UsedPlugin, type UseOptions, usePlugin } from "./discovery/used-plugin.ts";
export type { CallSummary, FiguresOfPlugin } from "./figures/figures-of.ts";
export { PluginHost } from "./host.ts";
export { checkPlugin, type Surroundings } from "./inspection/check-plugin.ts";
export { type Inspection, inspectPlugin } from "./inspection/inspect-plugin.ts";
export { type KnownApi, routePattern } from "./inspection/known-api.ts";
export type { OfflineApplication } from "./inspection/offline-deps.ts";
export { type PluginPlace, placeAt, pluginPlaces } from "./inspection/plugin-places.ts";
export { type PlannedAction, type PluginPlan, planOf } from "./inspection/plugin-plan.ts";
export type { Problem } from "./inspection/problem.ts";
export { Inflector } from "./kuzzle/inflector.ts";
export { Koncorde, NormalizedFilterV3 } from "./kuzzle/koncorde.ts";
export { descendsFrom } from "./kuzzle/lineage.ts";
export { Mutex, type MutexOptions } from "./kuzzle/mutex.ts";
export { NameGenerator } from "./kuzzle/name-generator.ts";
export { ObjectRepository } from "./kuzzle/object-repository.ts";
export { Plugin, type PluginManifest } from "./kuzzle/plugin.ts";
export { type ProvidedExports, provideExports } from "./kuzzle/provided.ts";
export { QueryTranslator } from "./kuzzle/query-translator.ts";
export { cacheDbEnum, storeScopeEnum } from "./kuzzle/scopes.ts";
export { Store } from "./kuzzle/store.ts";
export { registerPluginRoot } from "./loading/plugin-roots.ts";
export { installResolution } from "./loading/resolution.ts";
export { withLogEvents } from "./log-events.ts";
export type { OrderWishes } from "./ordering/order-wishes.ts";
export type { PluginInfo } from "./plugin-info.ts";
export { type LoadedProtocol, loadProtocols, type ProtocolLoadingDeps } from "./protocols/load-protocols.ts";
export type { ProtocolKind } from "./protocols/protocol-kind.ts";
export { callPlugin, isInChain, type PluginCall, runningPlugin } from "./realm/current-call.ts";
export { createLocalLocks, type Locks } from "./realm/locks.ts";
export type { ServerFacade } from "./realm/server-facade.ts";
export type { ReloadOutcome } from "./reload/outcome.ts";
export type { EmbeddedSDK } from "./sdk/embedded-sdk.ts";
export type { InternalProtocol } from "./sdk/internal-protocol.ts";
export { PluginStorage } from "./storage/plugin-storage.ts";
export { type EntityPage, Repository, type WriteChoices, type WriteResult } from "./storage/repository.ts";
export type { WorkerDescription } from "./workers/worker-options.ts";
