import { isPlainObject, type JSONObject, KuzzleError } from "../../../src/kernel/index.ts";
import type { SearchHit, SearchPage } from "../../../src/stores/documents/index.ts";
import type { ReferenceAnswer } from "./reference-engine.ts";

/** What our engine made of a search: a page, or the error that it refused with. */
export type OwnAnswer = { readonly page: SearchPage } | { readonly error: unknown };

const scoreTolerance = 1e-4;
/** Percentiles are estimates on both sides; the generated numbers lie between -128 and 128, ranks between 0 and 100. */
const estimateTolerance = 2.5;

export const refusedByReference = "the reference refused";

/** The first difference between two answers; undefined when they agree. */
export function findDifference(own: OwnAnswer, reference: ReferenceAnswer): string | undefined {
  const refused = reference.status >= 400 ? reasonOf(reference) : undefined;
  if ("error" in own) {
    if (!(own.error instanceof KuzzleError) || own.error.status >= 500) return `ours failed: ${own.error}`;
    if (refused === undefined) return `ours refused: ${own.error.message}`;
    const isUnknown = refused.includes("unknown query [") || refused.includes("no [query] registered");
    const saysUnknown = own.error.id === "services.storage.unknown_query_keyword";
    if (isUnknown !== saysUnknown) return `other error: ${own.error.id}, but the reference says ${refused}`;
    // What breaks the reference (5xx) may be refused here; what it refuses is refused with its status.
    const isAsWrong = reference.status >= 500 || own.error.status === reference.status;
    return isAsWrong ? undefined : `status ${own.error.status}, but the reference has ${reference.status}: ${refused}`;
  }
  if (refused !== undefined) return `${refusedByReference}: ${refused}`;
  const { hits, aggregations } = reference.body;
  if (own.page.total !== hits.total.value) return `total ${own.page.total}, but the reference has ${hits.total.value}`;
  return (
    compareHits(own.page.hits, hits.hits, "hits") ??
    (aggregations === undefined ? undefined : compareValues(own.page.aggregations, aggregations, "aggregations"))
  );
}

/** Faults of the reference engine's own code: indexes out of bounds, and a search that loses its place in a document (docs/search-differences.md). */
export function isBroken(reference: ReferenceAnswer): boolean {
  return reference.status >= 400 && /out of bounds|Sub-iterators of ConjunctionDISI/.test(reasonOf(reference));
}

function reasonOf({ body }: ReferenceAnswer): string {
  const { root_cause: causes, reason, caused_by: cause } = body.error ?? {};
  return [causes?.[0]?.reason, reason, cause?.reason].filter(Boolean).join(" / ");
}

// biome-ignore lint/suspicious/noExplicitAny: hits of a foreign engine
function compareHits(own: readonly SearchHit[], reference: readonly any[], at: string): string | undefined {
  if (own.length !== reference.length) return `${at}: ${own.length}, but the reference has ${reference.length}`;
  for (const [i, theirs] of reference.entries()) {
    const ours = own[i] as SearchHit; // as many as theirs
    const place = `${at}[${i}]`;
    const difference = compareScores(ours.score, theirs._score, `${place}.score`);
    if (difference !== undefined) return `${difference} (${ours.id}, ${theirs._id})`;
    // Scores that are nearly the same may change places with the order of additions, as may the last of a page with what follows.
    const isOrdered = theirs._score === null || !isNear(own, reference, i);
    if (ours.id !== theirs._id) {
      if (isOrdered) return `${place}: ${ours.id}, but the reference has ${theirs._id}`;
      continue;
    }
    const inner =
      (theirs.sort === undefined ? undefined : compareValues(ours.sort, theirs.sort, `${place}.sort`)) ??
      compareValues(ours.highlight, theirs.highlight, `${place}.highlight`) ??
      compareValues(slotsOf(ours.fields), slotsOf(theirs.fields), `${place}.fields`) ??
      compareSources(ours.source, theirs._source, `${place}._source`) ??
      compareInner(ours, theirs, place);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: hits of a foreign engine
function isNear(own: readonly SearchHit[], reference: readonly any[], i: number): boolean {
  const other = reference.findIndex((hit) => hit._id === own[i]?.id);
  const theirs = other < 0 ? reference[reference.length - 1] : reference[other];
  return compareScores(own[i]?.score ?? null, theirs._score, "") === undefined;
}

function compareScores(own: number | null, reference: number | null, place: string): string | undefined {
  if (own === null || reference === null) return own === reference ? undefined : `${place} ${own}, not ${reference}`;
  const isClose = Math.abs(own - reference) <= scoreTolerance * Math.max(1, Math.abs(reference));
  return isClose ? undefined : `${place} ${own}, not ${reference}`;
}

/** Which of the documents of a `percolate` clause were matched. */
const slotsOf = (fields: JSONObject = {}): JSONObject =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => name.startsWith("_percolator")));

function compareSources(own: string | undefined, reference: unknown, place: string): string | undefined {
  return compareValues(own === undefined ? undefined : JSON.parse(own), reference, place);
}

// biome-ignore lint/suspicious/noExplicitAny: hits of a foreign engine
function compareInner(own: SearchHit, reference: any, place: string): string | undefined {
  if (reference.inner_hits === undefined) return undefined;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  for (const [name, list] of Object.entries<any>(reference.inner_hits)) {
    const ours = own.innerHits?.[name];
    if (ours === undefined) return `${place}.inner_hits.${name} is missing`;
    const difference = compareHits(ours, list.hits.hits, `${place}.inner_hits.${name}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** Members that say where a hit is stored, and the empty `meta` that the reference adds to some filters. */
const foreign: ReadonlySet<string> = new Set(["_index", "_type", "meta"]);

/** Numbers may differ in their last digits, and estimates by their error. */
export function compareValues(own: unknown, reference: unknown, place: string): string | undefined {
  if (own === null && isMissingKey(reference) && place.includes(".sort[")) return undefined;
  if (typeof own === "number" && typeof reference === "number") {
    const isEstimate = /\.values[.[]/.test(place);
    const tolerance = isEstimate ? estimateTolerance : 1e-6 * Math.max(1, Math.abs(reference));
    return Math.abs(own - reference) <= tolerance ? undefined : `${place}: ${own}, not ${reference}`;
  }
  if (Array.isArray(own) && Array.isArray(reference)) {
    if (own.length !== reference.length) return `${place}: ${show(own)}, not ${show(reference)}`;
    for (const [i, one] of own.entries()) {
      const difference = compareValues(one, reference[i], `${place}[${i}]`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  if (isPlainObject(own) && isPlainObject(reference)) return compareObjects(own, reference, place);
  return own === reference ? undefined : `${place}: ${show(own)}, not ${show(reference)}`;
}

function compareObjects(own: JSONObject, reference: JSONObject, place: string): string | undefined {
  for (const name of new Set([...Object.keys(own), ...Object.keys(reference)])) {
    if (foreign.has(name)) continue;
    const difference = compareValues(own[name], reference[name], `${place}.${name}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** What the reference sorts documents without value by; ours answers null, which JSON can carry (docs/search-differences.md). */
export function isMissingKey(value: unknown): boolean {
  if (value === "Infinity" || value === "-Infinity") return true;
  return typeof value === "number" && (Math.abs(value) >= 2 ** 63 || Math.abs(value) === 2_147_483_647);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
