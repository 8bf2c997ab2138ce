import type { EntryPoint, FormerActionEntry } from "../api/index.ts";
import type { ControllerDefinition, Events, MaybePromise, StrategyDefinition } from "../events/index.ts";
import type { JSONObject, KuzzleRequest, Logger, RequestToken, RequestUser } from "../kernel/index.ts";
import type { DocumentStore, Mappings } from "../stores/documents/index.ts";
import type { PluginImports } from "./definition.ts";
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

/** A token as plugins of the first generation know it; `expiresAt` in epoch milliseconds, -1 for never. */
export interface PluginToken extends RequestToken {
  readonly userId: string;
  readonly jwt: string;
  readonly expiresAt: number;
  readonly ttl: number;
}

/** Tokens, for plugins of the first generation, which reach them through a repository. */
export interface PluginTokens {
  /** `expiresIn` undefined: as configured. Errors: those of a login. */
  create(kuid: string, expiresIn: unknown): Promise<PluginToken>;
  /** Error: `security.token.invalid` (401). */
  verify(jwt: string): MaybePromise<PluginToken>;
  /** Errors: those of `verify`. */
  revoke(jwt: string): Promise<void>;
}

export interface PluginValidation {
  /** A field type of the validation specifications: an instance of a class that extends `BaseValidationType`. */
  addType(type: object): void;
  /** Puts types in the place of others; what throws leaves everything as it was. */
  replaceTypes(before: readonly object[], after: readonly object[]): void;
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
  /** `configOf` answers from here on what files and variables say now, where they say something else than at the start. */
  readonly rereadConfig: () => void;
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
  /** Folders of packages that are loaded as if they were in `plugins/enabled`, after those that are. */
  readonly packages?: readonly string[];
  /** What the application brings, as one more plugin of the second generation: the last in order. */
  readonly applicationPlugin?: UsedPlugin;
  /** Plugins that are part of this server, by the name under which the configuration includes them: they answer new instances. */
  readonly bundled: ReadonlyMap<string, () => MaybePromise<object>>;
  /** The running application, for `global.app`. */
  readonly application: () => unknown;
  /** 1 starting, 2 running, 3 shutting down, 4 not enough nodes. */
  readonly state: () => number;
  /** For plugins of the first generation that speak a protocol of their own; absent on a server without connections. */
  readonly entryPoint?: Pick<EntryPoint, "execute" | "newConnection" | "registerProtocol" | "removeConnection">;

  /**
   * Puts controllers in the place of others, which may be none, all at once. Routes are in the actions. What throws leaves everything as it
   * was: `plugin.assert.invalid_controller_definition` for the name of one of the server's own, `network.http.duplicate_url` while it runs.
   */
  replaceControllers(before: readonly ControllerDefinition[], after: readonly ControllerDefinition[]): void;
  /** Resolves when no request runs. */
  readonly idle: () => Promise<void>;
  /** Loads what plugins want loaded, as at the start: what was loaded before is not loaded again. */
  readonly applyImports: (imports: readonly PluginImports[]) => Promise<void>;
  /** An action of an older release that some plugins still ask for. */
  registerFormerAction(entry: FormerActionEntry): void;
  registerStrategy(definition: StrategyDefinition): MaybePromise<void>;
  /** Fires `core:auth:strategyRemoved`. */
  unregisterStrategy(plugin: string, strategy: string): MaybePromise<void>;
  /**
   * Runs a request from within: no rights unless asked for, no events unless the request has `triggerEvents`. Rejects with the error, or
   * answers the request with its result or its error.
   */
  execute(request: KuzzleRequest, options: { readonly checkRights: boolean }): Promise<KuzzleRequest>;
  findUser(kuid: string): MaybePromise<RequestUser | undefined>;
  /** Everybody leaves every room of a collection, or those that are named. */
  removeRooms(index: string, collection: string, roomIds?: readonly string[]): void;
  /** Ids of the roles of a profile; none of one that does not exist. */
  rolesOf(profileId: string): readonly string[];
  readonly tokens: PluginTokens;
}
