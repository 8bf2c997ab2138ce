import { type Config, durationMs } from "../config/index.ts";
import { Catalog, ChangeFeed, Collections, Documents, Operations, Searches, Specifications } from "../data/index.ts";
import type { Events } from "../events/index.ts";
import type { Clock, JSONObject, Logger } from "../kernel/index.ts";
import type { Bus } from "../stores/bus/index.ts";
import type { DocumentStore } from "../stores/documents/index.ts";

export interface DataParts {
  readonly store: DocumentStore;
  readonly events: Events;
  readonly bus: Bus;
  readonly log: Logger;
  readonly clock: Clock;
  readonly config: Config;
}

export interface Data {
  readonly catalog: Catalog;
  readonly collections: Collections;
  readonly documents: Documents;
  readonly searches: Searches;
  readonly operations: Operations;
  readonly feed: ChangeFeed;
  readonly specifications: Specifications;
}

/** The data room of one server, over its document store. */
export async function openData({ store, events, bus, log, clock, config }: DataParts): Promise<Data> {
  const { limits, services } = config;
  const { storageEngine } = services;
  const catalog = new Catalog();
  catalog.load(await store.describe());
  const collections = new Collections({
    store,
    catalog,
    events,
    log,
    commonMappings: storageEngine.commonMapping as JSONObject,
    defaultSettings: storageEngine.defaultSettings as JSONObject,
  });
  const documents = new Documents({ store, catalog, limits });
  const searching = {
    store,
    limits,
    clock,
    maxScrollMs: durationMs(storageEngine.maxScrollDuration),
    defaultScrollMs: durationMs(storageEngine.defaults.scrollTTL),
  };
  const searches = new Searches({ ...searching, catalog });
  const specifications = new Specifications({
    ...searching,
    bus,
    log,
    index: storageEngine.internalIndex.name,
    seeds: config.validation as JSONObject,
    regExpEngine: config.realtime.pcreSupport ? "js" : "re2",
  });
  const operations = new Operations(clock);
  return { catalog, collections, documents, searches, operations, feed: new ChangeFeed(), specifications };
}
