import type {
  ControllerDefinition,
  HookListener,
  MaybePromise,
  OnFailure,
  PipeListener,
  Protocol,
  StrategyDefinition,
} from "../events/index.ts";
import type { JSONObject } from "../kernel/index.ts";
import type { Granted } from "./capabilities/capabilities.ts";
import type { OrderWishes } from "./ordering/order-wishes.ts";

/** Which contract a package was written for; `tenon`: `definePlugin`. */
export type Generation = "v0" | "v1" | "v2" | "tenon";

/** Where a plugin came from, in load order. */
export type PluginOrigin =
  | { readonly kind: "used" } // given in code, by `app.plugin.use`
  | { readonly kind: "bundled" } // included by configuration, part of this server
  | { readonly kind: "included"; readonly path: string }
  /** By one of the lists of the first generation, with what is said of it there. */
  | { readonly kind: "listed"; readonly path: string; readonly list: string; readonly entry: JSONObject }
  | { readonly kind: "enabled"; readonly path: string; readonly realPath: string };

/** What `manifest.json`, or the argument of the `Plugin` constructor, says. */
export interface ManifestFacts {
  readonly name: string;
  readonly kuzzleVersion: string | undefined;
  readonly privileged: boolean;
  /** As written; its dialect checks it. */
  readonly errors: unknown;
  /** Folder of the package; "" for plugins given in code. */
  readonly path: string;
}

/** Milliseconds; 0 means never. */
export interface PluginLimits {
  readonly initTimeoutMs: number;
  readonly pipeWarnMs: number;
  readonly pipeDeadlineMs: number;
}

/** A listener without its place in the order, which the host knows. */
export type PluginPipe = Omit<PipeListener, "order" | "owner">;
export type PluginHook = Omit<HookListener, "order" | "owner">;

/** Data to load once all plugins are initialised; the shapes are those of the `admin:load…` actions. */
export interface PluginImports {
  readonly mappings?: JSONObject;
  readonly onExistingUsers?: "fail" | "skip" | "overwrite";
  readonly profiles?: JSONObject;
  readonly roles?: JSONObject;
  readonly userMappings?: JSONObject;
  readonly users?: JSONObject;
}

/** What a plugin says of its own state, with whatever else helps whoever reads it. */
export interface PluginHealth {
  readonly status: "green" | "yellow" | "red";
  readonly message?: string;
  readonly [detail: string]: unknown;
}

/** What a plugin brings, read after its `init`. */
export interface PluginContributions {
  readonly pipes: readonly PluginPipe[];
  readonly hooks: readonly PluginHook[];
  readonly controllers: readonly ControllerDefinition[];
  readonly strategies: readonly StrategyDefinition[];
  readonly protocols?: readonly Protocol[];
  readonly imports: PluginImports | undefined;
}

/** The processes of a plugin that does not run in the server's, and what became of its events. */
export interface WorkerFigures {
  readonly processes: readonly {
    readonly pid: number;
    readonly state: "starting" | "running" | "restarting" | "failed";
    readonly memoryBytes: number;
    readonly handled: number;
  }[];
  readonly restarts: number;
  readonly queued: number;
  readonly dropped: number;
  readonly errors: number;
}

/**
 * A plugin of any generation in the one form that the host knows. A dialect makes it out of a package or an object; whatever is particular to a
 * generation (arguments of `init`, request objects, callbacks, names) is inside of its functions.
 */
export interface PluginDefinition {
  readonly name: string;
  readonly version: string | undefined;
  readonly generation: Generation;
  /** The letter of the dialect inside of its generation, where it is known: `e` of `v1.e`. */
  readonly variant?: string | undefined;
  /** Why it was taken for that generation, for the log. */
  readonly because: string;
  readonly origin: PluginOrigin;
  readonly manifest: ManifestFacts;
  readonly limits: PluginLimits;
  readonly order: OrderWishes;
  /** Undefined: it may do everything. */
  readonly capabilities: Granted | undefined;
  /** What the author wrote, for `app.plugin.get`. */
  readonly instance: object;
  /** True: when it fails to start, that is logged and the server starts without it. */
  readonly isOptional?: boolean;
  /** Runs the plugin's own start. The host gives it a deadline. */
  readonly init: () => MaybePromise<void>;
  /** Called once, after `init` has succeeded. Errors: `plugin.assert.*`, `plugin.controller.*`, `plugin.strategy.*`. */
  readonly contributions: () => PluginContributions;
  /** What becomes of its failures, unless the configuration says otherwise; as written. */
  readonly onFailure?: OnFailure | undefined;
  /** Asks the plugin how it is; answers whatever its author wrote. */
  readonly health?: () => MaybePromise<unknown>;
  /** Present when the plugin runs in processes of its own. */
  readonly workerFigures?: () => WorkerFigures;
  /** Frees what the dialect holds (workers, timers). */
  readonly close?: () => MaybePromise<void>;
}
