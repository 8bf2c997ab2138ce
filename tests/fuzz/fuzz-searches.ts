import { type JSONObject, KuzzleError } from "../../src/kernel/index.ts";
import { createCollectionIndex, type IndexSearchResult } from "../../src/stores/documents/embedded/search/index.ts";
import { parseClientObject } from "../../src/stores/documents/embedded/wire/client-json.ts";
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
  /** What is no answer and no refusal: an error of the engine itself, or a search that took too long. */
  readonly problems: readonly string[];
  readonly longestStepMs: number;
}

/** No step of a search takes more of the processor; a guess with room for the collection of garbage, where two milliseconds are meant. */
const maxStepMs = 500;
/** The deadline here. */
const maxSearchMs = 2_000;
const documents = 400;

const generators: readonly ((random: Random, count: number) => Search[])[] = [
  byRelevance,
  bySort,
  withExtras,
  withHighlights,
  withAggregations,
  withPipelines,
];

/**
 * Generates searches from the grammar of the reference suite, spoils them, and runs them over an index of several segments: each is answered,
 * or refused with a status below 500, within its time.
 */
export function fuzzSearches(seed: number, count: number): FuzzResult {
  const random = new Random(seed);
  const index = createCollectionIndex(mappings as never, settings, {
    headDocuments: 100,
    mergedAtOnce: 8,
    maxDocuments: 1_000,
  });
  const sources = new Map<number, JSONObject>();
  for (let n = 1; n <= documents; n++) {
    const source = newDocument(random, n);
    sources.set(n, source);
    index.add(n, `d${n}`, source);
  }
  for (const n of [3, 150, 399]) index.remove(n);
  for (let work = index.maintain(); finish(work) !== undefined; work = index.maintain());
  const run = (text: string, { from, size }: Search): Outcome =>
    outcomeOf(() => {
      const request = { body: parseClientObject(text), from, size, now: 1_700_000_000_000 };
      return index.search({ ...request, fetch: (_, number) => sources.get(number) });
    });
  const problems: string[] = [];
  const counts = { answered: 0, refused: 0, late: 0 };
  let longestStepMs = 0;
  for (let i = 0; i < count; i++) {
    const [one, other] = [newSearch(random), newSearch(random)];
    const text = JSON.stringify(mutate(random, one.body, other.body));
    let outcome = run(text, one);
    // Once may be the collection of garbage.
    if (outcome.longestStepMs > maxStepMs) outcome = run(text, one);
    longestStepMs = Math.max(longestStepMs, outcome.longestStepMs);
    if (outcome.longestStepMs > maxStepMs)
      problems.push(`a step of ${Math.round(outcome.longestStepMs)} ms: ${short(text)}`);
    if (outcome.kind === "failed") problems.push(`${outcome.reason}\n  in ${short(text)}`);
    else counts[outcome.kind]++;
    if (Object.hasOwn(Object.prototype, "polluted")) problems.push(`the prototype is changed: ${short(text)}`);
  }
  return { ...counts, problems, longestStepMs };
}

interface Outcome {
  readonly kind: "answered" | "refused" | "late" | "failed";
  readonly longestStepMs: number;
  readonly reason?: string;
}

function outcomeOf(open: () => Generator<void, IndexSearchResult>): Outcome {
  const startedAt = cpuMs();
  let stepAt = startedAt;
  let longestStepMs = 0;
  const step = <T>(work: () => T): T => {
    try {
      return work();
    } finally {
      longestStepMs = Math.max(longestStepMs, cpuMs() - stepAt);
      stepAt = cpuMs();
    }
  };
  try {
    const search = open();
    for (;;) {
      const { done, value } = step(() => search.next());
      if (done === true) {
        JSON.stringify(value);
        return { kind: "answered", longestStepMs };
      }
      // As the deadline does: it has given others their turn all the time.
      if (cpuMs() - startedAt <= maxSearchMs) continue;
      search.return({ total: 0, hits: [] });
      return { kind: "late", longestStepMs };
    }
  } catch (error) {
    if (error instanceof KuzzleError && error.status < 500) return { kind: "refused", longestStepMs };
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: "failed", longestStepMs, reason };
  }
}

/** Milliseconds that this thread has worked: others on the machine do not count. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

const short = (text: string): string =>
  text.length > 3_000 ? `${text.slice(0, 1_500)}…${text.slice(-1_500)} (${text.length})` : text;

const newSearch = (random: Random): Search => random.pick(generators)(random, 1)[0] as Search;

function finish<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
