import { provideFramework } from "./framework/exports.ts";

/** The composition root: one server of all rooms, and the framework around it. */
export type { ApplicationAction, ControllerContent, EventHandler } from "./application.ts";
export { Backend, type BackendOptions } from "./backend.ts";
export { ApplicationLog } from "./framework/application-log.ts";
export { ApplicationManager } from "./framework/application-manager.ts";
export { BackendCluster, type ClusterEventHandler } from "./framework/cluster.ts";
export { Controller } from "./framework/controller.ts";
export { BackendController, type UsableController } from "./framework/controllers.ts";
export { BackendErrors, type CustomErrorDefinition, type WrappedErrors } from "./framework/errors.ts";
export { BackendHook } from "./framework/hook.ts";
export { BackendImport, type ImportedMappings } from "./framework/import.ts";
export type * from "./framework/kuzzle-types.ts";
export { type Launcher, launch } from "./framework/launch.ts";
export type { EventDefinition, HookEventHandler, PipeEventHandler } from "./framework/listener-types.ts";
export { BackendOpenApi } from "./framework/open-api.ts";
export { BackendPipe } from "./framework/pipe.ts";
export { BackendPlugin } from "./framework/plugin.ts";
export type { ResponseError } from "./framework/storage/response-error.ts";
export { BackendStorage } from "./framework/storage/storage.ts";
export type { StorageClient } from "./framework/storage/storage-client.ts";
export { BackendSubscription, type SubscriptionChoices } from "./framework/subscription.ts";
export { BackendVault } from "./framework/vault.ts";
export { bundledPlugins } from "./plugins.ts";

// Before any plugin or application is loaded: classes are extended while their code is.
provideFramework();
