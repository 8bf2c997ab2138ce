import type { CollectionRef, Mappings, WriteOperation } from "../../../src/stores/documents/index.ts";
import type { Random } from "../../long/reference/random.ts";
import type { ChurnRequest, ModelState } from "./churn-model.ts";

export const laneCount = 5;
/** Lanes below it write to one collection, each its own documents; the others have a collection each, which they also truncate and drop. */
export const sharedLanes = 2;

export const collectionOf = (lane: number): CollectionRef => ({
  index: "churn",
  collection: lane < sharedLanes ? "shared" : `own${lane}`,
});

export const churnMappings: Mappings = {
  dynamic: "false",
  properties: {
    lane: { type: "integer" },
    n: { type: "integer" },
    k: { type: "keyword" },
    t: { type: "text" },
    at: { type: "date" },
    g: { type: "geo_point" },
    list: { type: "nested", properties: { k: { type: "keyword" }, n: { type: "double" } } },
  },
};

/** Segments so small that each run freezes and merges all the time. */
export const churnSizes = { headDocuments: 25, mergedAtOnce: 3, maxDocuments: 2_000 };

const words = ["alder", "birch", "cedar", "elm", "fir", "hazel", "larch", "maple", "oak", "pine", "rowan", "yew"];
const maxLive = 400;

function contentOf(random: Random, lane: number, fields: readonly string[]): object {
  return {
    lane,
    n: random.below(10_000),
    k: random.chance(0.2) ? [random.pick(words), random.pick(words)] : random.pick(words),
    t: random.list(random.between(1, 8), () => random.pick(words)).join(" "),
    at: 1_700_000_000_000 + random.below(1e10),
    ...(random.chance(0.5) ? { g: { lat: random.below(170) - 85, lon: random.below(350) - 175 } } : {}),
    ...(random.chance(0.3)
      ? { list: random.list(random.between(1, 3), () => ({ k: random.pick(words), n: random.next() })) }
      : {}),
    ...Object.fromEntries(random.some(fields, 0.5).map((field) => [field, random.pick(words)])),
    pad: "x".repeat(random.below(300)),
  };
}

function operationOf(random: Random, lane: number, { documents, fields }: ModelState): WriteOperation {
  const ids = [...documents.keys()];
  const known = ids.length > 0 && random.chance(0.97) ? random.pick(ids) : `${lane}-none`;
  const source = (): string => JSON.stringify(contentOf(random, lane, fields));
  const kind = random.next() * (ids.length > maxLive ? 2 : 1);
  if (kind < 0.5) return { kind: "create", id: `${lane}-${Math.floor(random.next() * 1e9)}`, source: source() };
  if (kind < 0.58) return { kind: "index", id: known, source: source() };
  if (kind < 0.66) return { kind: "replace", id: known, source: source() };
  if (kind < 0.78) return { kind: "update", id: known, partial: JSON.stringify({ n: random.below(10_000) }) };
  if (kind < 0.82) return { kind: "deleteFields", id: known, fields: ["g", "list"], partial: '{"n":7}' };
  return { kind: "delete", id: known };
}

/** The next request of a lane. */
export function requestOf(random: Random, lane: number, state: ModelState): ChurnRequest {
  if (!state.exists) return { kind: "make" };
  const kind = random.next();
  if (lane >= sharedLanes && kind < 0.004) return { kind: "drop" };
  if (lane >= sharedLanes && kind < 0.012) return { kind: "truncate" };
  if (kind > 0.99 && state.fields.length < 12) return { kind: "map", field: `x${lane}_${state.fields.length}` };
  const count = random.chance(0.5) ? 1 : random.between(2, 40);
  // A document is meant once in a request, so that a slip of the model does not hide behind the next operation.
  const operations = new Map<string, WriteOperation>();
  for (let i = 0; i < count; i++) {
    const operation = operationOf(random, lane, state);
    operations.set(operation.id ?? "", operation);
  }
  return { kind: "write", operations: [...operations.values()] };
}
