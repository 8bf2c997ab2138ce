import { cpus, freemem, totalmem } from "node:os";
import type { JSONObject } from "../kernel/index.ts";
import type { DocumentStore } from "../stores/documents/index.ts";
import type { MemoryStore } from "../stores/memory/index.ts";
import type { Application } from "./application.ts";

export interface Described {
  readonly version: string;
  readonly publicApi: JSONObject;
  readonly application: Application;
  readonly plugins: JSONObject;
  readonly store: DocumentStore;
  readonly memory: MemoryStore;
  /** Beyond the contract. */
  readonly tenon: JSONObject;
}

/** The answer of `server:info` (contract/api/server.yaml), and under `tenon` what the contract has no place for. */
export function describeServer({
  version,
  publicApi,
  application,
  plugins,
  store,
  memory,
  tenon,
}: Described): JSONObject {
  const storage = { type: store.engine.backend, version: store.engine.version, status: "green" };
  const shared = { type: memory.engine.backend, version: memory.engine.version };
  return {
    kuzzle: {
      api: { routes: publicApi },
      application: {
        name: application.name,
        version: application.version,
        commit: application.commit,
        controllers: application.api,
        pipes: Object.keys(application.pipes),
        hooks: Object.keys(application.hooks),
      },
      memoryUsed: process.memoryUsage.rss(),
      nodeVersion: process.version,
      plugins,
      system: { cpus: cpus(), memory: { free: freemem(), total: totalmem() } },
      uptime: `${process.uptime()}s`,
      version,
    },
    services: { internalCache: shared, internalStorage: storage, memoryStorage: shared, publicStorage: storage },
    tenon,
  };
}
