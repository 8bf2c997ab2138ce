import { bool, free, integer, ms, openSection, section, text } from "./option.ts";
import { storageEngine } from "./storage-engine.ts";

/** The two users of shared memory take the same keys; only their Redis database differs. */
const sharedMemory = <const Database extends number>(description: string, database: Database) =>
  openSection(description, {
    backend: text("redis", "Engine of the shared memory, when it is not the embedded one."),
    node: openSection("A single Redis server; or `sentinels` and `name` for Redis Sentinel.", {
      host: text("localhost", "Host of the Redis server."),
      port: { ...integer(6379, "Port of the Redis server."), maximum: 65_535 },
    }),
    nodes: {
      type: "array",
      items: { type: "object", additionalProperties: {} },
      unset: true,
      description: "Nodes of a Redis cluster, each `{host, port}`.",
    },
    database: integer(database, "Number of the Redis database; `options.db` wins."),
    options: free({}, "Options of the Redis client."),
    clusterOptions: free({ enableReadyCheck: true }, "Options of the Redis cluster client."),
    overrideDnsLookup: bool(false, "Use the names of cluster nodes as they are, without looking them up."),
    pingKeepAlive: {
      type: "number",
      minimum: 0,
      unit: "ms",
      unset: true,
      description: "Time between pings to the Redis server.",
    },
  });

export const services = openSection("Engines for documents and shared memory.", {
  common: section("For all of them.", {
    defaultInitTimeout: ms(120_000, "How long a service or a protocol plugin may take to start."),
    retryInterval: ms(1000, "Time between two attempts to reach a service."),
  }),
  internalIndex: openSection("Storage of users, rights and the like.", {
    bootstrapLockTimeout: ms(60_000, "How long to wait for another node that starts for the first time."),
  }),
  internalCache: sharedMemory("Tokens, scroll cursors, locks and statistics.", 0),
  memoryStorage: sharedMemory("Memory behind the `ms` controller.", 5),
  storageEngine,
});
