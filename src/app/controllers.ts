import {
  type ActionTable,
  type AdminControllerDeps,
  type Connections,
  createAdminController,
  createAuthController,
  createBulkController,
  createClusterController,
  createCollectionController,
  createDebugController,
  createDocumentController,
  createIndexController,
  createLookups,
  createMsController,
  createRealtimeController,
  createSecurityController,
  createServerController,
  createSpecificationActions,
  createTenonController,
  type Debugger,
  type Pipeline,
  type RequestFigures,
  type RequestQueue,
  type RuleOf,
  type ServiceProbe,
  type Statistics,
} from "../api/index.ts";
import { type Config, redactedConfig } from "../config/index.ts";
import { holdTo } from "../data/index.ts";
import { type Events, isThenable } from "../events/index.ts";
import { type Clock, type JSONObject, KuzzleRequest, type Logger } from "../kernel/index.ts";
import type { PluginHost } from "../plugins/index.ts";
import type { Realtime } from "../realtime/index.ts";
import type { Security } from "../security/index.ts";
import type { DocumentStore } from "../stores/documents/index.ts";
import type { MemoryStore } from "../stores/memory/index.ts";
import type { Application } from "./application.ts";
import type { Backups } from "./backups.ts";
import { createLocalCluster } from "./cluster-status.ts";
import type { Data } from "./data.ts";
import type { DataTasks } from "./data-tasks.ts";
import { describeServer } from "./describe.ts";
import type { Dumps } from "./dumps/dumps.ts";
import type { ImportRecords } from "./imports/import-records.ts";
import { createScrape } from "./metrics/scrape.ts";
import type { ServerFigures } from "./metrics/server-families.ts";

export interface ControllerParts {
  readonly actions: ActionTable;
  readonly config: Config;
  readonly clock: Clock;
  readonly data: Data;
  readonly events: Events;
  readonly security: Security;
  readonly realtime: Realtime;
  readonly memory: MemoryStore;
  readonly store: DocumentStore;
  readonly statistics: Statistics;
  readonly queue: RequestQueue;
  readonly requests: RequestFigures;
  readonly connections: Connections;
  readonly host: PluginHost;
  readonly application: Application;
  readonly nodeId: string;
  readonly pipeline: Pipeline;
  readonly log: Logger;
  readonly records: ImportRecords;
  readonly dataTasks: DataTasks;
  readonly dumps: Dumps;
  readonly backups: Backups;
  readonly debugTool: Debugger;
  /** Begins to stop the server; answers at once. */
  readonly shutdown: () => void;
  readonly isStopping: () => boolean;
}

/** The server's own controllers, registered by the call that plugins use. */
export function registerControllers(parts: ControllerParts): void {
  const { actions, config, clock, data, events, security, realtime, memory, connections } = parts;
  const { catalog, collections, documents, searches, operations, feed, specifications: validator } = data;
  const conflictRetries = config.services.storageEngine.defaults.onUpdateConflictRetries;

  /** Calls from inside without a user may do everything. */
  const isAllowed = async (
    request: KuzzleRequest,
    controller: string,
    action: string,
    index: string,
    collection?: string,
  ): Promise<boolean> => {
    if (request.context.user === null) return true;
    return security.isAllowed(await security.userOf(request), { controller, action, index, collection });
  };

  const leavingOf = ({ context }: KuzzleRequest): AbortSignal | undefined =>
    connections.leavingOf(context.connectionId);
  const ruleOf: RuleOf = (request, index, collection, action) => {
    const rule = security.documentAccess.ruleOf(request, index, collection, action);
    return isThenable(rule) ? rule.then((own) => own && holdTo(request, own)) : rule && holdTo(request, rule);
  };

  const withLookups = createLookups({ documents, ruleOf, isAllowed });
  const definitions = [
    createServerController(serverParts(parts)),
    createAuthController(security),
    createSecurityController(security, leavingOf, withLookups),
    createIndexController({ catalog, collections, isAllowed }),
    createCollectionController({
      catalog,
      collections,
      operations,
      realtimeCollections: (index) => realtime.collections(index),
      specificationActions: createSpecificationActions(validator, leavingOf),
    }),
    createDocumentController({
      documents,
      searches,
      operations,
      collections,
      feed,
      validator,
      events,
      clock,
      conflictRetries,
      ruleOf,
      withLookups,
      leavingOf,
    }),
    createBulkController({ documents, searches, operations, feed, clock, ruleOf, withLookups }),
    createRealtimeController({
      realtime,
      validator,
      clock,
      ruleOf,
      receiverOf: (request, index, collection) => security.documentAccess.receiverOf(request, index, collection),
      maySubscribe: (request, index, collection) => isAllowed(request, "realtime", "subscribe", index, collection),
      isConnected: (connectionId) => connections.find(connectionId) !== undefined,
    }),
    createMsController(memory),
    createAdminController(adminParts(parts)),
    createDebugController({
      debugger: parts.debugTool,
      isAllowed: config.security.debug.native_debug_protocol,
    }),
    createTenonController({ scrape: createScrape(serverFigures(parts), parts.host) }),
    createClusterController(createLocalCluster({ nodeId: parts.nodeId, config: config.cluster, clock })),
  ];
  for (const definition of definitions) actions.register(definition);
}

function serverParts(parts: ControllerParts): Parameters<typeof createServerController>[0] {
  const { actions, config, clock, security, realtime, memory, store, statistics, queue, connections, host, events } =
    parts;
  const shared: ServiceProbe = {
    ...memory.engine,
    check: async () => {
      await memory.execute("ping", []);
    },
  };
  const plugins = (): JSONObject => ({ ...host.list() });
  return {
    actions,
    statistics,
    clock,
    version: config.version,
    adminExists: () => security.adminExists(),
    publicConfig: () => redactedConfig(config) as JSONObject,
    limits: config.limits as JSONObject,
    includedPlugins: () => {
      const all = plugins() as Record<string, { version?: string }>;
      return Object.fromEntries(config.plugins.common.include.map((name) => [name, { version: all[name]?.version }]));
    },
    describeServer: async () =>
      describeServer({
        version: config.version,
        publicApi: actions.publicApi(),
        application: parts.application,
        plugins: plugins(),
        store,
        memory,
        tenon: await describePlugins(host, events),
      }),
    pluginHealth: () => host.health(),
    metrics: () => ({
      api: { concurrentRequests: queue.running, pendingRequests: queue.waiting },
      network: { connections: withoutInternal(connections.counts()) },
      realtime: realtime.metrics(),
    }),
    services: {
      internalCache: shared,
      memoryStorage: shared,
      storageEngine: {
        ...store.engine,
        check: () => store.check(),
      },
    },
    applicationOpenApi: () => parts.application.openApi,
  };
}

/** What `server:info` tells of plugins beyond the contract: `{ chains: { running, waiting }, plugins: { stamp: { …, health } } }`. */
async function describePlugins(host: PluginHost, { chains }: Events): Promise<JSONObject> {
  const health = await host.health();
  const plugins = Object.entries(host.figures()).map(([name, figures]) => {
    return [name, { ...figures, health: health[name] ?? { status: "green" } }] as const;
  });
  return { chains, plugins: Object.fromEntries(plugins) };
}

function serverFigures({
  config,
  requests,
  queue,
  connections,
  realtime,
  events,
  data,
}: ControllerParts): ServerFigures {
  const { catalog } = data;
  return {
    version: config.version,
    requests,
    queue,
    connections,
    realtime,
    events,
    operations: () => data.operations.size,
    stored: () => {
      const indexes = catalog.indexes();
      const collections = indexes.reduce((count, index) => count + catalog.collections(index).length, 0);
      return { indexes: indexes.length, collections };
    },
  };
}

function adminParts(parts: ControllerParts): AdminControllerDeps {
  const { data, security, clock, log, memory, records, dataTasks, dumps, backups, pipeline, realtime, statistics } =
    parts;
  const { catalog, collections, documents, searches, operations } = data;
  return {
    collections,
    documents,
    operations,
    security,
    clock,
    log,
    preparation: dataTasks,
    deleteAllIndexes: async () => {
      await collections.deleteIndexes(await dataTasks.indexesToDelete(catalog.indexes()));
    },
    forgetImport: (kind) => records.forget(kind),
    caches: {
      internalCache: async () => {
        await security.tokens.revokeEverybody();
        await searches.closeScrolls();
        realtime.forgetDocuments();
        statistics.forget();
      },
      memoryStorage: async () => {
        await memory.execute("flushdb", []);
      },
    },
    runSecurityAction: (origin, action, args) => {
      const { user, token, connection } = origin.context;
      const data = { controller: "security", action, ...args, triggerEvents: true };
      return pipeline.runInternal(new KuzzleRequest(data, { user, token, connection }));
    },
    dump: async (suffix, options) => {
      await dumps.write(suffix, options);
    },
    backup: (name, running) => backups.write(name, running),
    shutdown: parts.shutdown,
    isStopping: parts.isStopping,
  };
}

function withoutInternal({ internal: _, ...counts }: Record<string, number>): Record<string, number> {
  return counts;
}
