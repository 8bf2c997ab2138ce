import { isPlainObject, type JSONObject, type KuzzleRequest, kerror, ownRequest } from "../../../kernel/index.ts";
import type { ClusterMessages, PluginSubscriptions } from "../../deps.ts";
import { callPlugin } from "../../realm/current-call.ts";
import type { ServerFacade } from "../../realm/server-facade.ts";
import { createEmbeddedSdk } from "../../sdk/create-sdk.ts";
import type { EmbeddedSDK } from "../../sdk/embedded-sdk.ts";
import type { PluginStorage } from "../../storage/plugin-storage.ts";
import { withLock } from "../../storage/with-lock.ts";
import type { PluginScope, PluginSource } from "../dialect.ts";
import { readStrategy } from "./strategies.ts";

type ExecuteCallback = (error: Error | null, request?: KuzzleRequest) => void;

/** `context.accessors`: what a plugin may ask of the server. Source: contract/plugins/v2.md section 7. */
export interface Accessors {
  readonly cluster: ClusterMessages;
  /** Deprecated in favour of `sdk`. */
  readonly execute: (request: KuzzleRequest, callback?: ExecuteCallback) => Promise<KuzzleRequest> | undefined;
  readonly nodeId: string;
  readonly sdk: EmbeddedSDK;
  readonly storage: {
    readonly bootstrap: (collections: JSONObject) => Promise<void>;
    readonly createCollection: (name: string, mappings?: JSONObject) => Promise<void>;
  };
  readonly strategies: {
    readonly add: (name: string, strategy: JSONObject) => Promise<void>;
    readonly remove: (name: string) => Promise<void>;
  };
  readonly subscription: PluginSubscriptions;
  readonly trigger: (event: string, payload?: unknown) => Promise<unknown>;
  readonly validation: {
    readonly addType: (type: object) => void;
    readonly validate: (request: KuzzleRequest, verbose?: boolean) => Promise<unknown>;
  };
  /** Privileged plugins only. */
  readonly kuzzle?: ServerFacade;
}

export function createAccessors(source: PluginSource, scope: PluginScope, storage: PluginStorage): Accessors {
  const { deps, call } = scope;
  let sdk: EmbeddedSDK | undefined;
  return {
    cluster: clusterOf(scope),
    execute: (request, callback) => execute(scope, request, callback),
    nodeId: deps.nodeId,
    get sdk() {
      sdk ??= createEmbeddedSdk(scope.sdk);
      return sdk;
    },
    storage: {
      bootstrap: (collections) => storage.bootstrap(collections),
      createCollection: (name, mappings) => storage.createCollection(name, mappings),
    },
    strategies: strategiesOf(source, scope),
    subscription: {
      register: async (...args) => deps.subscriptions.register(...args),
      unregister: async (...args) => deps.subscriptions.unregister(...args),
    },
    trigger: async (event, payload) => {
      if (typeof event !== "string" || event === "") throw kerror("plugin.context.invalid_event", event);
      return deps.events.pipe(`plugin-${call.plugin}:${event}`, payload);
    },
    validation: {
      addType: (type) => deps.validation.addType(type),
      validate: async (request, verbose = false) => deps.validation.validate(request, verbose),
    },
    ...(source.manifest.privileged ? { kuzzle: scope.facade } : {}),
  };
}

/** Listeners are called as the plugin that registered them. */
function clusterOf({ deps, call }: PluginScope): ClusterMessages {
  const { cluster } = deps;
  const wrapped = new WeakMap<(payload: unknown) => unknown, (payload: unknown) => unknown>();
  const wrap = (listener: (payload: unknown) => unknown): ((payload: unknown) => unknown) => {
    const known = wrapped.get(listener) ?? ((payload: unknown) => callPlugin(call, listener, payload));
    wrapped.set(listener, known);
    return known;
  };
  return {
    broadcast: (event, payload) => cluster.broadcast(event, payload),
    on: (event, listener) => cluster.on(event, wrap(listener)),
    once: (event, listener) => cluster.once(event, wrap(listener)),
    off: (event, listener) => cluster.off(event, wrap(listener)),
    removeAllListeners: (event) => cluster.removeAllListeners(event),
  };
}

function execute(
  scope: PluginScope,
  request: KuzzleRequest,
  callback?: ExecuteCallback,
): Promise<KuzzleRequest> | undefined {
  if (callback === undefined) return executeRequest(scope, request);
  if (typeof callback !== "function") return Promise.reject(kerror("plugin.context.invalid_callback", typeof callback));
  executeRequest(scope, request).then(
    (answer) => callback(null, answer),
    (error: Error) => callback(error),
  );
  return undefined;
}

/** A request of a plugin: rejects with its error. Errors: `plugin.context.missing_request`, `unavailable_realtime`. */
export async function executeRequest({ deps }: PluginScope, given: KuzzleRequest): Promise<KuzzleRequest> {
  const request = ownRequest(given);
  if (request === undefined) throw kerror("plugin.context.missing_request");
  const { controller, action } = request.input;
  if (controller === "realtime" && (action === "subscribe" || action === "unsubscribe")) {
    throw kerror("plugin.context.unavailable_realtime");
  }
  request.clearError();
  request.status = 102;
  const answer = await deps.execute(request, { checkRights: false });
  if (answer.error !== null) throw answer.error;
  if (request === given) return answer;
  // Of another copy of the class: its owner looks for the answer in there.
  given.setResult(answer.result, { status: answer.status });
  return given;
}

/** `read` makes a strategy of what the plugin wrote. */
export function strategiesOf(
  source: PluginSource,
  scope: PluginScope,
  read: typeof readStrategy = readStrategy,
): Accessors["strategies"] {
  const { deps, call } = scope;
  const { plugin: pluginName } = call;
  const locked = (run: () => Promise<void>): Promise<void> => withLock(deps.locks, "auth:strategies", run);
  return {
    add: (name, strategy) =>
      locked(async () => {
        if (!isPlainObject(strategy)) throw kerror("plugin.strategy.invalid_description", pluginName, name);
        await deps.registerStrategy(read(source.instance as JSONObject, name, strategy, scope));
        await deps.events.pipe("core:auth:strategyAdded", { name, pluginName, strategy });
      }),
    // Who unregisters it tells of it.
    remove: (name) => locked(async () => deps.unregisterStrategy(pluginName, name)),
  };
}
