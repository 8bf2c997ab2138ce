import type { ClusterMessages, PluginHostDeps, PluginTokens } from "../deps.ts";
import { pluginIndex } from "../storage/plugin-storage.ts";
import type { Gate } from "./gate.ts";
import { restrictStore } from "./restrict-store.ts";

/**
 * What a plugin with capabilities has of its server. The dialects of all generations reach the server through this, so that none of them need
 * know of capabilities.
 */
export function restrictDeps(deps: PluginHostDeps, gate: Gate): PluginHostDeps {
  const { createEngineClient, entryPoint, subscriptions } = deps;
  return {
    ...deps,
    store: restrictStore(deps.store, pluginIndex(gate.plugin), gate),
    cluster: restrictCluster(deps.cluster, gate),
    subscriptions: {
      register: (...args) => {
        gate.requireAction("realtime", "subscribe");
        return subscriptions.register(...args);
      },
      unregister: (...args) => {
        gate.requireAction("realtime", "unsubscribe");
        return subscriptions.unregister(...args);
      },
    },
    registerStrategy: async (definition) => {
      gate.require("strategies", `register the strategy "${definition.name}"`);
      await deps.registerStrategy(definition);
    },
    unregisterStrategy: async (plugin, strategy) => {
      gate.require("strategies", `remove the strategy "${strategy}"`);
      await deps.unregisterStrategy(plugin, strategy);
    },
    execute: async (request, options) => {
      gate.requireAction(request.input.controller, request.input.action);
      return deps.execute(request, options);
    },
    findUser: async (kuid) => {
      // A strategy of the first generation tells of its user by the id alone.
      if (!gate.granted.strategies) gate.requireAction("security", "getUser");
      return deps.findUser(kuid);
    },
    tokens: restrictTokens(deps.tokens, gate),
    ...(createEngineClient === undefined ? {} : { createEngineClient: () => refuseEngineClient(gate) }),
    ...(entryPoint === undefined ? {} : { entryPoint: restrictEntryPoint(entryPoint, gate) }),
  };
}

function restrictCluster(cluster: ClusterMessages, gate: Gate): ClusterMessages {
  const checked =
    <A extends readonly unknown[]>(call: (event: string, ...args: A) => Promise<void>) =>
    async (event: string, ...args: A): Promise<void> => {
      gate.requireEvent(event);
      await call.call(cluster, event, ...args);
    };
  return {
    broadcast: checked(cluster.broadcast),
    on: checked(cluster.on),
    once: checked(cluster.once),
    off: checked(cluster.off),
    removeAllListeners: checked(cluster.removeAllListeners),
  };
}

/** It reaches every index. */
function refuseEngineClient(gate: Gate): never {
  throw gate.refusal("use a client of the search engine", "anything that would reach every index");
}

/** By the actions that do the same. */
function restrictTokens(tokens: PluginTokens, gate: Gate): PluginTokens {
  return {
    create: async (...args) => {
      gate.requireAction("auth", "createToken");
      return tokens.create(...args);
    },
    verify: async (jwt) => {
      gate.requireAction("auth", "checkToken");
      return tokens.verify(jwt);
    },
    revoke: async (jwt) => {
      gate.requireAction("auth", "logout");
      await tokens.revoke(jwt);
    },
  };
}

type PluginEntryPoint = NonNullable<PluginHostDeps["entryPoint"]>;

/** Requests of its clients have the rights of their users, and need no capability of the plugin. */
function restrictEntryPoint(entryPoint: PluginEntryPoint, gate: Gate): PluginEntryPoint {
  const check = (): void => gate.require("protocols", "speak with clients");
  return {
    newConnection: (...args) => {
      check();
      entryPoint.newConnection(...args);
    },
    registerProtocol: (protocol) => {
      check();
      entryPoint.registerProtocol(protocol);
    },
    execute: async (...args) => {
      check();
      return entryPoint.execute(...args);
    },
    removeConnection: (connectionId) => entryPoint.removeConnection(connectionId),
  };
}
