import { provideFramework } from "./framework/exports.ts";

/** The composition root: one server of all rooms, and the framework around it. */
export type { ApplicationAction, ControllerContent } from "./application.ts";
export { Backend, type BackendOptions } from "./backend.ts";
export type { ClusterEventHandler } from "./framework/cluster.ts";
export { Controller } from "./framework/controller.ts";
export type { UsableController } from "./framework/controllers.ts";
export type { CustomErrorDefinition, WrappedErrors } from "./framework/errors.ts";
export type { ImportedMappings } from "./framework/import.ts";
export { type Launcher, launch } from "./framework/launch.ts";
export type { EventDefinition, HookEventHandler, PipeEventHandler } from "./framework/listener-types.ts";
export type { ResponseError } from "./framework/storage/response-error.ts";
export type { StorageClient } from "./framework/storage/storage-client.ts";
export type { SubscriptionChoices } from "./framework/subscription.ts";
export { bundledPlugins } from "./plugins.ts";

// Before any plugin or application is loaded: classes are extended while their code is.
provideFramework();
