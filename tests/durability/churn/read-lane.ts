import type { JSONObject } from "../../../src/kernel/index.ts";
import type { DocumentStore } from "../../../src/stores/documents/index.ts";
import { emptyState, type ModelDocument, type ModelState } from "./churn-model.ts";
import { collectionOf } from "./churn-requests.ts";

/** What is stored of a lane: found by a search, read by its id; both must agree. */
export async function readLane(store: DocumentStore, lane: number): Promise<ModelState> {
  const target = collectionOf(lane);
  const known = await store.describe();
  if (!known.some(({ collection }) => collection === target.collection)) return { ...emptyState, exists: false };
  const documents = new Map<string, ModelDocument>();
  const query = { term: { lane } };
  for await (const batch of store.walk(target, query)) {
    const found = await store.mFind(
      target,
      batch.map(({ id }) => id),
    );
    for (const [i, { id, version, source }] of batch.entries()) {
      if (found[i]?.version !== version || found[i]?.source !== source)
        throw new Error(`The document ${id} is found with version ${version}, and read with ${found[i]?.version}.`);
      // What the API notes beside a document is its own.
      const { _kuzzle_info: _, ...content } = JSON.parse(source) as JSONObject;
      documents.set(id, { version, source: content });
    }
  }
  const count = await store.count(target, query);
  if (count !== documents.size) throw new Error(`${count} documents are counted, and ${documents.size} found.`);
  const { properties = {} } = await store.getMappings(target);
  const fields = Object.keys(properties).filter((name) => name.startsWith(`x${lane}_`));
  return { exists: true, documents, fields };
}
