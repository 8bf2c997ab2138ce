import { type JSONObject, KuzzleError, silentLogger, systemClock } from "../../src/kernel/index.ts";
import { createEmbeddedStore, type DocumentStore } from "../../src/stores/documents/index.ts";
import { withAggregations, withPipelines } from "../long/reference/aggregations.ts";
import { mappings, newDocument, settings } from "../long/reference/collection.ts";
import { Random } from "../long/reference/random.ts";
import { byRelevance, bySort, type Search, withExtras, withHighlights } from "../long/reference/searches.ts";
import { mutate } from "./mutate.ts";

export interface FuzzResult {
  readonly answered: number;
  readonly refused: number;
  /** Stopped at their deadline. */
  readonly late: number;
  /** What is no answer and no refusal: an error of the engine itself, or a step that kept all others waiting. */
  readonly problems: readonly string[];
  readonly longestStepMs: number;
}

/** No step of a search takes more of the processor; a guess with room for the collection of garbage, where two milliseconds are meant. */
const maxStepMs = 500;
/** The deadline here. */
const maxSearchMs = 5_000;
const documents = 400;
const target = { index: "fuzz", collection: "docs" };
const storedQueries = { index: "fuzz", collection: "queries" };

const generators: readonly ((random: Random, count: number) => Search[])[] = [
  byRelevance,
  bySort,
  withExtras,
  withHighlights,
  withAggregations,
  withPipelines,
];

/**
 * Generates searches from the grammar of the reference suite, spoils them, and runs them over a collection of several segments: each is answered,
 * or refused with a status below 500, within its time. The engine runs in this thread, so that each of its steps can be timed.
 */
export async function fuzzSearches(seed: number, count: number): Promise<FuzzResult> {
  const random = new Random(seed);
  await using store = await newStore(random);
  const watch = new StepWatch();
  const problems: string[] = [];
  const counts = { answered: 0, refused: 0, late: 0 };
  let longestStepMs = 0;
  for (let i = 0; i < count; i++) {
    const [one, other] = [newSearch(random), newSearch(random)];
    const spoilt = mutate(random, one.body, other.body);
    const text = JSON.stringify(random.chance(0.5) ? wrapped(spoilt) : spoilt);
    const work = random.chance(0.1) ? () => storeQuery(store, spoilt.query) : () => run(store, text, one);
    let outcome = await watch.run(work);
    // Once may be the collection of garbage.
    if (watch.longestMs > maxStepMs) outcome = await watch.run(work);
    longestStepMs = Math.max(longestStepMs, watch.longestMs);
    if (watch.longestMs > maxStepMs) problems.push(`a step of ${Math.round(watch.longestMs)} ms: ${short(text)}`);
    if (outcome.kind === "failed") problems.push(`${outcome.reason}\n  in ${short(text)}`);
    else counts[outcome.kind]++;
    if ("polluted" in {}) problems.push(`the prototype is changed: ${short(text)}`);
  }
  watch.stop();
  return { ...counts, problems, longestStepMs };
}

async function newStore(random: Random): Promise<DocumentStore> {
  const segmentSizes = { headDocuments: 100, mergedAtOnce: 8, maxDocuments: 1_000 };
  const store = await createEmbeddedStore({
    directory: ":memory:",
    log: silentLogger,
    clock: systemClock,
    searchDeadlineMs: maxSearchMs,
    segmentSizes,
  });
  // The cast: a literal, whose `dynamic` the compiler widens.
  const known = mappings as Parameters<typeof store.createCollection>[2];
  await store.createCollection(target, "public", known, settings);
  const properties = { ...known.properties, storedQuery: { type: "percolator" } };
  await store.createCollection(storedQueries, "public", { ...known, properties }, settings);
  for (let n = 0; n < documents; n++) {
    const source = JSON.stringify(newDocument(random, n));
    await store.write(target, [{ kind: "create", id: `d${n}`, source }]);
  }
  await store.write(target, [
    { kind: "delete", id: "d3" },
    { kind: "delete", id: "d150" },
  ]);
  return store;
}

interface Outcome {
  readonly kind: "answered" | "refused" | "late" | "failed";
  readonly reason?: string;
}

async function run(store: DocumentStore, text: string, { from, size }: Search): Promise<Outcome> {
  try {
    JSON.stringify(await store.search({ targets: [target], body: JSON.parse(text), from, size }));
    return { kind: "answered" };
  } catch (error) {
    if (error instanceof KuzzleError && error.status < 500) return { kind: "refused" };
    const reason = error instanceof Error ? `${error.message}\n${String(error.cause ?? error.stack)}` : String(error);
    // It has given others their turn all the time.
    return reason.includes("the search was stopped after") ? { kind: "late" } : { kind: "failed", reason };
  }
}

const wrapped = (body: JSONObject): JSONObject => {
  const query = Buffer.from(JSON.stringify(body.query ?? {})).toString("base64");
  return { ...body, query: { wrapper: { query } } };
};

/** Keeps the query of a body for documents to come. */
async function storeQuery(store: DocumentStore, storedQuery: unknown): Promise<Outcome> {
  const source = JSON.stringify({ storedQuery });
  const [result] = await store.write(storedQueries, [{ kind: "index", id: "one", source }]);
  if (result?.ok === true) return { kind: "answered" };
  const reason = JSON.stringify(result);
  return { kind: reason.includes("cannot be checked") ? "failed" : "refused", reason };
}

/** How long the thread works at once, in time of its processor: others on the machine do not count. */
class StepWatch {
  longestMs = 0;
  #at = cpuMs();
  #tick: NodeJS.Immediate;

  constructor() {
    this.#tick = setImmediate(this.#look);
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    await new Promise((resolve) => setImmediate(resolve));
    this.longestMs = 0;
    this.#at = cpuMs();
    const result = await work();
    this.longestMs = Math.max(this.longestMs, cpuMs() - this.#at);
    return result;
  }

  stop(): void {
    clearImmediate(this.#tick);
  }

  readonly #look = (): void => {
    const now = cpuMs();
    this.longestMs = Math.max(this.longestMs, now - this.#at);
    this.#at = now;
    this.#tick = setImmediate(this.#look);
  };
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

const short = (text: string): string =>
  text.length > 3_000 ? `${text.slice(0, 1_500)}…${text.slice(-1_500)} (${text.length})` : text;

const newSearch = (random: Random): Search => random.pick(generators)(random, 1)[0] as Search;
