import type { ActionTable, EntryPoint, Pipeline, RequestQueue } from "../api/index.ts";
import type { Config } from "../config/index.ts";
import type { Collections, Specifications } from "../data/index.ts";
import { shapeMappings } from "../data/index.ts";
import type { Events, MaybePromise } from "../events/index.ts";
import { type JSONObject, KuzzleError, KuzzleRequest, type Logger } from "../kernel/index.ts";

import {
  createLocalLocks,
  LocalStrategyPlugin,
  loadTotpPlugin,
  PluginHost,
  type PluginHostDeps,
  type PluginTokens,
  runningPlugin,
  totpName,
  type UsedPlugin,
} from "../plugins/index.ts";
import { parseOptions, type Realtime } from "../realtime/index.ts";
import type { Security } from "../security/index.ts";
import type { Bus } from "../stores/bus/index.ts";
import type { DocumentStore } from "../stores/documents/index.ts";
import type { Application } from "./application.ts";
import { createClusterMessages } from "./cluster-messages.ts";
import { loginGuardOptions } from "./options.ts";
import type { PluginSections } from "./plugin-sections.ts";

export interface PluginParts {
  readonly root: string;
  readonly config: Config;
  readonly log: Logger;
  readonly environment: string;
  readonly nodeId: string;
  readonly events: Events;
  readonly bus: Bus;
  readonly store: DocumentStore;
  readonly actions: ActionTable;
  readonly pipeline: Pipeline;
  readonly queue: RequestQueue;
  readonly security: Security;
  readonly realtime: Realtime;
  readonly specifications: Specifications;
  readonly collections: Collections;
  /** `plugins.<name>` of the configuration. */
  readonly sections: PluginSections;
  readonly applyImports: PluginHostDeps["applyImports"];
  readonly secrets: JSONObject;
  readonly plugins: readonly UsedPlugin[];
  readonly packages: readonly string[];
  readonly application: Application;
  readonly backend: unknown;
  /** Name of the protocol that a connection speaks. */
  readonly protocolOf: (connectionId: string) => string;
  readonly entryPoint: EntryPoint;
  /** 1 starting, 2 running, 3 shutting down, 4 not enough nodes. */
  readonly state: () => number;
}

/** Plugins that are part of the server, by the name under which the configuration includes them. */
export const bundledPlugins = (config: Config): ReadonlyMap<string, () => MaybePromise<object>> =>
  new Map<string, () => MaybePromise<object>>([
    [totpName, loadTotpPlugin],
    [
      "kuzzle-plugin-auth-passport-local",
      () => new LocalStrategyPlugin({ ...config.tenon.password, guard: loginGuardOptions(config) }),
    ],
  ]);

/** The plugin host of this server, wired to the rooms that plugins reach. */
export function createPluginHost(parts: PluginParts): PluginHost {
  const { root, config, log, environment, nodeId, events, bus, store, actions, pipeline, security, realtime } = parts;
  const { common } = config.plugins;
  const options = parseOptions();
  return new PluginHost({
    root,
    version: config.version,
    nodeId,
    environment,
    log: log.child("plugins"),
    events,
    config: config as unknown as JSONObject, // frozen by the configuration room, copied by the host
    common,
    alsoEnabled: config.tenon.enablePlugins.split(",").flatMap((name) => name.trim() || []),
    configOf: (plugin) => parts.sections.find(plugin),
    rereadConfig: () => parts.sections.reread(),
    secrets: parts.secrets,
    store,
    commonMappings: shapeMappings(config.services.storageEngine.commonMapping as JSONObject),
    discoverCollections: () => parts.collections.discover(),
    locks: createLocalLocks(),
    cluster: createClusterMessages(bus, nodeId, log),
    subscriptions: {
      register: (connectionId, index, collection, filters) =>
        realtime.subscribe(
          { connectionId, protocol: parts.protocolOf(connectionId), kuid: null, volatile: null },
          { index, collection },
          filters,
          options,
        ),
      unregister: (connectionId, roomId, notify) => realtime.unsubscribe(connectionId, roomId, notify),
    },
    validation: {
      addType: (type) => parts.specifications.addType(type),
      replaceTypes: (before, after) => parts.specifications.replaceTypes(before, after),
      validate: (request, verbose) => validate(parts.specifications, request, verbose),
    },
    used: parts.plugins,
    packages: parts.packages,
    bundled: bundledPlugins(config),
    application: () => parts.backend,
    applicationPlugin: { name: parts.application.name, instance: parts.application, manifest: undefined },
    state: parts.state,
    entryPoint: parts.entryPoint,
    replaceControllers: (before, after) => actions.replace(before, after),
    idle: () => parts.queue.drained(),
    applyImports: parts.applyImports,
    registerFormerAction: (entry) => actions.registerFormer(entry),
    registerStrategy: (definition) => security.strategies.register(definition),
    unregisterStrategy: (plugin, strategy) => security.strategies.remove(plugin, strategy),
    execute: async (request, { checkRights }) => {
      try {
        return await pipeline.runInternal(request, { checkRights });
      } catch (error) {
        request.setError(error instanceof Error ? error : new Error(String(error)));
        return request;
      }
    },
    findUser: async (kuid) => {
      try {
        return await security.users.get(kuid);
      } catch (error) {
        if (error instanceof KuzzleError && error.status === 404) return undefined;
        throw error;
      }
    },
    removeRooms: (index, collection, roomIds) => realtime.removeRooms(index, collection, roomIds),
    rolesOf: (profileId) => rolesOf(security, profileId),
    tokens: tokensOf(security),
  });
}

function rolesOf({ profiles }: Security, profileId: string): readonly string[] {
  try {
    return profiles.get(profileId).policies.map(({ roleId }) => roleId);
  } catch (error) {
    if (error instanceof KuzzleError && error.status === 404) return [];
    throw error;
  }
}

function tokensOf(security: Security): PluginTokens {
  const { tokens, options } = security;
  /** These are no actions: what plugins do with tokens would else be nowhere. */
  const noted = (action: string, userId: string): MaybePromise<void> => {
    const request = new KuzzleRequest({ controller: "auth", action, userId });
    request.setResult({ _id: userId });
    return security.audit(request, `plugin:${runningPlugin()}`);
  };
  return {
    create: async (kuid, expiresIn) => {
      const token = await tokens.create(kuid, expiresIn ?? options.authToken.expiresIn);
      await noted("createToken", kuid);
      return token;
    },
    verify: (jwt) => tokens.verify(jwt),
    revoke: async (jwt) => {
      const token = await tokens.verify(jwt);
      await tokens.revoke(token);
      await noted("logout", token.userId);
    },
  };
}

/** `accessors.validation.validate`: the request, or with `verbose` a report under both of its names. */
function validate(specifications: Specifications, request: KuzzleRequest, verbose: boolean): unknown {
  const subject = {
    target: request.getIndexAndCollection(),
    id: request.getId({ ifMissing: "ignore" }),
    content: request.getBody(),
  };
  if (verbose) {
    const { valid, errorMessages } = specifications.report(subject);
    return { errorMessages, valid, validation: valid };
  }
  request.input.body = specifications.check(subject);
  return request;
}
