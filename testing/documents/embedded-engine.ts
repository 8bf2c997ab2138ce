import { silentLogger, systemClock } from "../../src/kernel/index.ts";
import { createEmbeddedStore, type DocumentStore } from "../../src/stores/documents/index.ts";

/** The embedded engine, empty and in memory: what another engine can be compared with. */
export const openEmbeddedEngine = (): Promise<DocumentStore> =>
  createEmbeddedStore({ directory: ":memory:", log: silentLogger, clock: systemClock });
