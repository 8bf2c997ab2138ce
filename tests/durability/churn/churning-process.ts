/**
 * A process to be killed: `node churning-process.ts DATA LOG SEED`. Each lane sends one request after the other to the store in DATA, and notes
 * in LOG, one JSON text a line: `{lane, request}` before it sends, `{lane, outcomes}` when that was acknowledged, `{work}` for what is done to
 * the indexes, `{problem}` when an answer was wrong. Scrolls are open all the time, and checked against what was there when they began.
 */

import { openSync, writeSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { createLogger, KuzzleError, systemClock } from "../../../src/kernel/index.ts";
import { createEmbeddedStore, type DocumentStore } from "../../../src/stores/documents/index.ts";
import { Random } from "../../long/reference/random.ts";
import { applyRequest, type ChurnRequest, type ModelState, outcomesOf } from "./churn-model.ts";
import { churnMappings, churnSizes, collectionOf, laneCount, requestOf, sharedLanes } from "./churn-requests.ts";
import { readLane } from "./read-lane.ts";

const [, , directory = "", logPath = "", seed = "1"] = process.argv;
const file = openSync(logPath, "a");
const note = (line: object): void => void writeSync(file, `${JSON.stringify(line)}\n`);
const log = createLogger(
  (level, event, fields) => {
    if (level === "error" || level === "fatal") note({ problem: `${event} ${JSON.stringify(fields)}` });
  },
  () => log,
);
const store = await createEmbeddedStore({
  directory,
  log,
  clock: systemClock,
  segmentSizes: churnSizes,
  onIndexWork: (work) => note({ work }),
});

type Outcomes = ReturnType<typeof outcomesOf>;

async function send(target: number, request: ChurnRequest): Promise<Outcomes | undefined> {
  const collection = collectionOf(target);
  switch (request.kind) {
    case "make":
      await store.createCollection(collection, "public", churnMappings, {});
      return undefined;
    case "drop":
      await store.deleteCollection(collection);
      return undefined;
    case "truncate":
      await store.truncateCollection(collection);
      return undefined;
    case "map":
      await store.updateMappings(collection, { properties: { [request.field]: { type: "keyword" } } });
      return undefined;
    case "write":
      return outcomesOf(await store.write(collection, request.operations));
  }
}

type Found = (readonly [string, unknown])[];

/** Batches of a scroll or a walk; the first is there before anything else is written. */
async function* batchesOf(lane: number, random: Random): AsyncGenerator<Found, void> {
  const query = { term: { lane } };
  const target = collectionOf(lane);
  if (random.chance(0.3)) {
    for await (const batch of store.walk(target, query, { batchSize: 50 }))
      yield batch.map(({ id, source }) => [id, JSON.parse(source)]);
    return;
  }
  const body = random.chance(0.5) ? { query, sort: [{ n: "asc" }] } : { query };
  let page = await store.search({ targets: [target], body, size: 60, scrollTtlMs: 60_000 });
  for (;;) {
    yield page.hits.map(({ id, source }) => [id, JSON.parse(source ?? "null")]);
    const { scrollId, remaining } = page;
    if (scrollId === undefined || remaining === 0) return;
    page = await store.scroll(scrollId, 60_000);
  }
}

/** Pages through the rest, slowly, while others write: what it began with is what it answers. */
async function scrollOn(
  lane: number,
  first: IteratorResult<Found, void>,
  batches: AsyncGenerator<Found, void>,
  { documents }: ModelState,
  random: Random,
): Promise<void> {
  const found: Found = [];
  try {
    for (let next = first; next.done !== true; next = await batches.next()) {
      found.push(...next.value);
      await new Promise((resolve) => setTimeout(resolve, random.below(60)));
    }
  } catch (error) {
    // Truncation and deletion end scrolls: they say so, and answer nothing else.
    const ends = ["unknown_scroll_id", "unknown_collection", "unexpected_not_found"].map(
      (id) => `services.storage.${id}`,
    );
    if (lane >= sharedLanes && error instanceof KuzzleError && ends.includes(error.id ?? "")) return;
    throw error;
  }
  note({ scrolled: found.length });
  const expected: Found = Array.from(documents, ([id, { source }]) => [id, source]);
  for (const list of [found, expected]) list.sort(([a], [b]) => (a < b ? -1 : 1));
  if (!isDeepStrictEqual(found, expected)) note({ problem: `scroll of lane ${lane}: ${describe(found, expected)}` });
}

const describe = (found: Found, expected: Found): string =>
  `${found.length} found, ${expected.length} expected, first other: ${JSON.stringify(
    found.find((one, i) => !isDeepStrictEqual(one, expected[i])),
  )}`;

async function runLane(lane: number, random: Random): Promise<never> {
  let state = await readLane(store, lane);
  let isScrolling = false;
  for (;;) {
    if (state.exists && !isScrolling) {
      isScrolling = true;
      const batches = batchesOf(lane, random);
      scrollOn(lane, await batches.next(), batches, state, random)
        .catch((error: unknown) => note({ problem: `scroll of lane ${lane}: ${String(error)}` }))
        .finally(() => {
          isScrolling = false;
        });
    }
    const request = requestOf(random, lane, state);
    note({ lane, request });
    const outcomes = await send(lane, request);
    note({ lane, outcomes: outcomes ?? null });
    state = applyRequest(state, request).state;
    if (random.chance(0.1)) await checkSearch(store, lane, state, random);
  }
}

/** A search that is sent after an acknowledgement sees it. */
async function checkSearch(from: DocumentStore, lane: number, state: ModelState, random: Random): Promise<void> {
  if (!state.exists) return;
  const low = random.below(10_000);
  const query = { bool: { filter: [{ term: { lane } }, { range: { n: { gte: low } } }] } };
  const count = await from.count(collectionOf(lane), query);
  const expected = [...state.documents.values()].filter(({ source }) => (source.n as number) >= low).length;
  if (count !== expected) note({ problem: `lane ${lane}: ${count} documents from ${low} on, not ${expected}` });
}

const known = new Set((await store.describe()).map(({ collection }) => collection));
if (!known.has("shared")) await store.createCollection(collectionOf(0), "public", churnMappings, {});
note({ started: process.pid });
await Promise.all(
  Array.from({ length: laneCount }, (_, lane) => runLane(lane, new Random(Number(seed) * 100 + lane))),
).catch((error: unknown) => {
  note({ problem: `${error instanceof Error ? error.stack : String(error)}` });
  process.exit(1);
});
