import type { Static, TSchema } from "typebox";
import type {
  Action,
  ActionEventName,
  EventArguments,
  EventName,
  MaybePromise,
  OnFailure,
  PipeAnswer,
} from "../../events/index.ts";
import type { JSONObject, KuzzleRequest, Logger } from "../../kernel/index.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import type { PluginHealth, PluginImports } from "../definition.ts";
import type { EmbeddedSDK } from "../sdk/embedded-sdk.ts";
import type { PluginStorage } from "../storage/plugin-storage.ts";
import type { Repository } from "../storage/repository.ts";
import type { WorkerDescription } from "../workers/worker-options.ts";
import { nativeMark } from "./native-plugin.ts";
import type { ProtocolDescription } from "./protocol-description.ts";
import type { StrategyDescription } from "./strategy-description.ts";

/** What handlers of a defined plugin work with; the last argument of every pipe and hook. */
export interface DefinedPluginContext<Config = unknown> {
  /** Checked against the plugin's schema, with its defaults filled in. */
  readonly config: Config;
  readonly log: Logger;
  readonly sdk: EmbeddedSDK;
  /** The decrypted vault, frozen. */
  readonly secrets: Readonly<JSONObject>;
  /** The plugin's private index. */
  readonly storage: PluginStorage;
  readonly repository: <T extends object>(collection: string, Model?: new () => T) => Repository;
  /** Fires `plugin-<name>:<event>` as a pipe, and answers its payload. */
  readonly trigger: (event: string, payload: unknown) => Promise<unknown>;
}

/** `document:*`, `document:before*` and so on. */
export type WildcardEventName = `${string}:${"" | "before" | "after" | "error"}*`;

/** Those of documents are all in the table: another name is a slip. */
type UnknownDocumentEvent = `document:${string}`;

/** The handler of a pipe, by the name of its event: it answers the first argument, changed or not, or throws to refuse. */
export type PipeHandler<E, Context> = E extends EventName
  ? (...args: [...EventArguments<E>, context: Context]) => MaybePromise<PipeAnswer<E>>
  : E extends WildcardEventName
    ? (payload: unknown, ...rest: unknown[]) => unknown
    : E extends UnknownDocumentEvent
      ? never
      : E extends ActionEventName
        ? (request: KuzzleRequest, context: Context) => MaybePromise<KuzzleRequest>
        : E extends `plugin-${string}:${string}`
          ? (payload: unknown, context: Context) => unknown
          : never;

/** The handler of a hook: observes. */
export type HookHandler<E, Context> = E extends EventName
  ? (...args: [...EventArguments<E>, context: Context]) => MaybePromise<void>
  : E extends WildcardEventName
    ? (payload: unknown, ...rest: unknown[]) => MaybePromise<void>
    : E extends UnknownDocumentEvent
      ? never
      : E extends ActionEventName
        ? (request: KuzzleRequest, context: Context) => MaybePromise<void>
        : E extends `plugin-${string}:${string}`
          ? (payload: unknown, context: Context) => MaybePromise<void>
          : never;

type ConfigOf<Schema> = Schema extends TSchema ? Static<Schema> : JSONObject;

/** `{ <controller>: { <action>: action({ … }) } }`: the declaration that the server's own actions have. */
export type DescribedControllers = Readonly<Record<string, Readonly<Record<string, Action>>>>;

/** Where a plugin wants to stand among the others. `manifest.json` has the same members, and both add up. */
export interface OrderDescription {
  /** Plugins that must be there, with a range for their versions: this one is loaded, initialised and called after them. */
  readonly dependsOn?: Readonly<Record<string, string>>;
  /** Names of plugins that are loaded and called later, when they are there. */
  readonly before?: readonly string[];
  /** Names of plugins that are loaded and called first, when they are there. */
  readonly after?: readonly string[];
  /** Higher is loaded and called earlier; 0 unless it is given. */
  readonly priority?: number;
}

export interface PluginDescription<
  Schema extends TSchema | undefined,
  PipeEvents extends string,
  HookEvents extends string,
> extends OrderDescription {
  /** Lower-case letters, digits and `-`. */
  readonly name: string;
  readonly version?: string;
  /** JSON Schema of `plugins.<name>`; unknown members are refused when it says so. */
  readonly config?: Schema;
  /** Runs before anything is registered; a rejection stops the start of the server. */
  readonly init?: (context: DefinedPluginContext<ConfigOf<Schema>>) => MaybePromise<void>;
  readonly pipes?: { readonly [E in PipeEvents]: PipeHandler<E, DefinedPluginContext<ConfigOf<Schema>>> };
  readonly hooks?: { readonly [E in HookEvents]: HookHandler<E, DefinedPluginContext<ConfigOf<Schema>>> };
  /** A table, or what makes one of the context once `init` is done. */
  readonly controllers?:
    | DescribedControllers
    | ((context: DefinedPluginContext<ConfigOf<Schema>>) => DescribedControllers);
  readonly strategies?: Readonly<Record<string, StrategyDescription<DefinedPluginContext<ConfigOf<Schema>>>>>;
  /** Started and stopped with the server. */
  readonly protocols?: readonly ProtocolDescription<DefinedPluginContext<ConfigOf<Schema>>>[];
  readonly imports?: PluginImports;
  /** Milliseconds after which a pipe fails its request; 5 000 unless it is given, 0 for never. */
  readonly pipeDeadlineMs?: number;
  /** What becomes of the request when a pipe fails by accident: `fail` unless it is given; `plugins.<name>.onFailure` outweighs it. */
  readonly onFailure?: OnFailure;
  /** Tells how the plugin is, when `server:info` or `server:healthCheck` asks; nothing is green, an exception red. It has one second. */
  readonly health?: (
    context: DefinedPluginContext<ConfigOf<Schema>>,
  ) => MaybePromise<PluginHealth | undefined> | MaybePromise<void>;
  /**
   * The hooks run in processes of their own, with `{ config, log }` as their context; pipes and controllers do not. Their arguments are copies by
   * way of JSON, requests among them as `request.serialize()` has them: see docs/plugins/workers.md. For packages only.
   */
  readonly worker?: WorkerDescription;
  /** All that the plugin may do; without them, everything. What `manifest.json` says limits them further. */
  readonly capabilities?: Capabilities;
  readonly close?: () => MaybePromise<void>;
}

/** A described plugin, its types erased: what the host reads. */
export interface NativePlugin extends OrderDescription {
  readonly name: string;
  readonly version: string | undefined;
  readonly config: TSchema | undefined;
  readonly init: ((context: DefinedPluginContext) => MaybePromise<void>) | undefined;
  readonly pipes: Readonly<Record<string, (...args: unknown[]) => unknown>>;
  readonly hooks: Readonly<Record<string, (...args: unknown[]) => unknown>>;
  readonly controllers: DescribedControllers | ((context: DefinedPluginContext) => DescribedControllers);
  readonly strategies: Readonly<Record<string, StrategyDescription<DefinedPluginContext>>>;
  readonly protocols: readonly ProtocolDescription<DefinedPluginContext>[];
  readonly imports: PluginImports | undefined;
  readonly pipeDeadlineMs: number;
  readonly onFailure: OnFailure | undefined;
  readonly health:
    | ((context: DefinedPluginContext) => MaybePromise<PluginHealth | undefined> | MaybePromise<void>)
    | undefined;
  readonly worker: WorkerDescription | undefined;
  readonly capabilities?: Capabilities;
  readonly close: (() => MaybePromise<void>) | undefined;
}

/** What `definePlugin` answers: give it to `app.plugin.use`, or export it by `default` from a package in `plugins/enabled`. */
export interface DefinedPlugin {
  readonly [nativeMark]: NativePlugin;
}

const defaultDeadlineMs = 5_000;

/**
 * Describes a plugin, with the types of events and configuration inferred.
 *
 * ```ts
 * export default definePlugin({
 *   name: "stamp",
 *   config: Type.Object({ field: Type.String({ default: "stampedAt" }) }),
 *   pipes: {
 *     "generic:document:beforeWrite": (documents, request, { config }) => {
 *       for (const { _source } of documents) if (_source !== undefined) _source[config.field] = Date.now();
 *       return documents;
 *     },
 *   },
 * });
 * ```
 *
 * Pipes have a deadline, 5 s unless `pipeDeadlineMs` says otherwise. An event that does not exist is a compile error; add your own to
 * `EventTable` by declaration merging.
 */
export function definePlugin<
  Schema extends TSchema | undefined = undefined,
  PipeEvents extends string = never,
  HookEvents extends string = never,
>(description: PluginDescription<Schema, PipeEvents, HookEvents>): DefinedPlugin {
  const { name, version, config, init, pipes, hooks, controllers, strategies, protocols, imports, close } = description;
  const { pipeDeadlineMs, onFailure, health, worker, capabilities, dependsOn, before, after, priority } = description;
  // Types that follow from the schema and the names end here: the host checks the configuration and knows events by name only.
  const native = {
    name,
    version,
    config,
    init,
    pipes: pipes ?? {},
    hooks: hooks ?? {},
    controllers: controllers ?? {},
    strategies: strategies ?? {},
    protocols: protocols ?? [],
    imports,
    pipeDeadlineMs: pipeDeadlineMs ?? defaultDeadlineMs,
    onFailure,
    health,
    worker,
    capabilities,
    dependsOn,
    before,
    after,
    priority,
    close,
  } as unknown as NativePlugin;
  return { [nativeMark]: native };
}
