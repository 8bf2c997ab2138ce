import { Specifications, type SpecificationsDeps } from "../../src/data/index.ts";
import { silentLogger, systemClock } from "../../src/kernel/index.ts";
import { createLocalBus } from "../../src/stores/bus/index.ts";
import { type CollectionRef, createEmbeddedStore, type DocumentStore } from "../../src/stores/documents/index.ts";

/** Where specifications are stored. */
export const validations: CollectionRef = { index: "kuzzle", collection: "validations" };

/** A store in memory that has the private collection of specifications. */
export async function openSpecificationStore(): Promise<DocumentStore> {
  const store = await createEmbeddedStore({ directory: ":memory:", log: silentLogger, clock: systemClock });
  const keyword = { type: "keyword" };
  await store.createCollection(
    validations,
    "private",
    { dynamic: "false", properties: { index: keyword, collection: keyword } },
    {},
  );
  return store;
}

/** Specifications over such a store, not started. */
export function createSpecifications(store: DocumentStore, deps: Partial<SpecificationsDeps> = {}): Specifications {
  return new Specifications({
    store,
    bus: createLocalBus(silentLogger),
    log: silentLogger,
    clock: systemClock,
    index: validations.index,
    seeds: {},
    regExpEngine: "re2",
    limits: { documentsFetchCount: 10_000, documentsWriteCount: 200 },
    maxScrollMs: 60_000,
    defaultScrollMs: 15_000,
    ...deps,
  });
}
