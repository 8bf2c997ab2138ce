import type { EntryPoint } from "../api/index.ts";
import type { ControllerDefinition, Events, MaybePromise, StrategyDefinition } from "../events/index.ts";
import type { JSONObject, KuzzleRequest, Logger, RequestUser } from "../kernel/index.ts";
import type { DocumentStore, Mappings } from "../stores/documents/index.ts";
import type { UsedPlugin } from "./discovery/used-plugin.ts";
import type { Locks } from "./realm/locks.ts";

/** The section `plugins.common` of the configuration, as far as this room reads it. Times are milliseconds. */
export interface PluginsCommon {
  readonly include: readonly string[];
  readonly failsafeMode: boolean;
  readonly initTimeout: number;
  /** 0: never warn. */
  readonly pipeWarnTime: number;
}

/** Messages between the nodes, as plugins use them. `broadcast` reaches the other nodes only. */
export interface ClusterMessages {
  broadcast(event: string, payload: unknown): Promise<void>;
  on(event: string, listener: (payload: unknown) => unknown): Promise<void>;
  once(event: string, listener: (payload: unknown) => unknown): Promise<void>;
  off(event: string, listener: (payload: unknown) => unknown): Promise<void>;
  removeAllListeners(event: string): Promise<void>;
}

export interface PluginSubscriptions {
  register(
    connectionId: string,
    index: string,
    collection: string,
    filters: JSONObject,
  ): MaybePromise<{ readonly roomId: string; readonly channel: string }>;
  /** `notify`: tell the other subscribers. */
  unregister(connectionId: string, roomId: string, notify: boolean): MaybePromise<void>;
}

export interface PluginValidation {
  /** A field type of the validation specifications: an instance of a class that extends `BaseValidationType`. */
  addType(type: object): void;
  /** `verbose`: answer what is wrong instead of rejecting. */
  validate(request: KuzzleRequest, verbose: boolean): MaybePromise<unknown>;
}

/** All that plugins need of the server that hosts them. */
export interface PluginHostDeps {
  /** Root of the application: `plugins/enabled` is looked up here, and the names of `plugins.common.include` are resolved from here. */
  readonly root: string;
  /** The version that plugins are told, the highest of their generation: `2.56.0`. */
  readonly version: string;
  readonly nodeId: string;
  readonly environment: string;
  readonly log: Logger;
  readonly events: Events;
  /** The whole configuration; plugins get a frozen copy. */
  readonly config: JSONObject;
  readonly common: PluginsCommon;
  /** Folders of `plugins/available` to load as if they were in `plugins/enabled`. */
  readonly alsoEnabled: readonly string[];
  /** `plugins.<name>` of the configuration. */
  readonly configOf: (plugin: string) => JSONObject | undefined;
  /** The decrypted vault. */
  readonly secrets: JSONObject;
  readonly store: DocumentStore;
  /** Given to every collection of a plugin's storage, as `services.storageEngine.commonMapping`. */
  readonly commonMappings: Mappings;
  /** Client of the search engine behind the store, for `constructors.ESClient`; absent when the engine is embedded. */
  readonly createEngineClient?: () => object;
  /** A public collection was made below the API: the server looks what there is. */
  readonly discoverCollections: () => MaybePromise<unknown>;
  readonly locks: Locks;
  readonly cluster: ClusterMessages;
  readonly subscriptions: PluginSubscriptions;
  readonly validation: PluginValidation;
  /** Given in code, in order. */
  readonly used: readonly UsedPlugin[];
  /** What the application brings, as one more plugin of the second generation: the last in order. */
  readonly applicationPlugin?: UsedPlugin;
  /** Plugins that are part of this server, by the name under which the configuration includes them: they answer new instances. */
  readonly bundled: ReadonlyMap<string, () => object>;
  /** The running application, for `global.app`. */
  readonly application: () => unknown;
  /** 1 starting, 2 running, 3 shutting down, 4 not enough nodes. */
  readonly state: () => number;
  /** For plugins of the first generation that speak a protocol of their own; absent on a server without connections. */
  readonly entryPoint?: Pick<EntryPoint, "execute" | "newConnection" | "registerProtocol" | "removeConnection">;

  /** Routes are in the actions. Throws `plugin.assert.invalid_controller_definition` for the name of one of the server's own. */
  registerController(definition: ControllerDefinition): void;
  registerStrategy(definition: StrategyDefinition): MaybePromise<void>;
  /** Fires `core:auth:strategyRemoved`. */
  unregisterStrategy(plugin: string, strategy: string): MaybePromise<void>;
  /**
   * Runs a request from within: no rights unless asked for, no events unless the request has `triggerEvents`. Rejects with the error, or
   * answers the request with its result or its error.
   */
  execute(request: KuzzleRequest, options: { readonly checkRights: boolean }): Promise<KuzzleRequest>;
  findUser(kuid: string): MaybePromise<RequestUser | undefined>;
}
