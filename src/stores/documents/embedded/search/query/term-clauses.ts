import { isPlainObject } from "../../../../../kernel/index.ts";
import { parseDateMath } from "../../../mapping/dates/date-math.ts";
import { utc } from "../../../mapping/dates/time-zone.ts";
import { InvalidValue } from "../../../mapping/invalid-value.ts";
import type { GeoPoint } from "../../../mapping/types/field-type.ts";
import { encodeNetwork } from "../../../mapping/types/ip.ts";
import { countBits, wordsFor } from "../segment/bits.ts";
import { type FieldStore, hasTerms } from "../segment/field-store.ts";
import { anyOfTerms } from "./any-of-terms.ts";
import type { ClauseTable } from "./clause-table.ts";
import type { QueryContext, QueryField } from "./context.ts";
import { ConstantMatcher } from "./matchers/constant-matcher.ts";
import { CoveringMatcher } from "./matchers/covering-matcher.ts";
import { BitmapMatcher, type Matcher, NoneMatcher } from "./matchers/matcher.ts";
import { NumberSetMatcher, RangeMatcher } from "./matchers/number-matcher.ts";
import { matchAny, matchTerm } from "./matchers/term-matcher.ts";
import {
  boostOf,
  clauseBody,
  fieldClause,
  fieldOptions,
  flagOf,
  malformed,
  onlyKnown,
  scalar,
  textOf,
} from "./parameters.ts";
import { plainScore } from "./scoring/bm25.ts";
import { foldCase } from "./syntax/fold-case.ts";

export const termClauses: ClauseTable = {
  *term(body, context) {
    const clause = fieldClause(body, "term");
    const options = fieldOptions(clause, "term", "value", ["case_insensitive"]);
    const value = scalar(options.value, "term", clause.field);
    const boost = boostOf(options, "term");
    const field = context.field(clause.field);
    if (field === undefined) return new NoneMatcher();
    if (!flagOf(options.case_insensitive, false, "term.case_insensitive"))
      return yield* termMatcher(field, value, boost, context);
    const { normalizer } = field.node;
    // As in terms, where half a character is U+FFFD.
    const text = String(value).toWellFormed();
    const wanted = foldCase(normalizer === undefined ? text : normalizer(text));
    return yield* scanTerms(field, (term) => foldCase(term) === wanted, boost, context);
  },

  *terms(body, context) {
    const { field: path, value, boost } = fieldClause(body, "terms");
    if (isPlainObject(value) && value.path !== undefined)
      throw malformed(
        `[terms] terms for field "${path}" cannot be looked up in another document here: read it and send them.`,
      );
    if (!Array.isArray(value)) throw malformed(`[terms] needs an array of values for field "${path}".`);
    if (value.length > 65_536)
      throw malformed(`[terms] takes at most 65536 values, found ${value.length} for field "${path}".`);
    const values = value.map((one) => scalar(one, "terms", path));
    const field = context.field(path);
    if (field !== undefined) refuseWithoutTerms(field);
    if (field !== undefined) assertIndexed(field.node);
    if (field?.store === undefined || values.length === 0) return new NoneMatcher();
    const { store, node } = field;
    if (node.family === "range") {
      const should = values.map((one) => ({ term: { [path]: one } }));
      return yield* context.compile({ constant_score: { filter: { bool: { should } }, boost } });
    }
    if (node.format !== undefined) {
      const should = values.map((one) => dateMatcher(field, one, 1, context));
      const any = matchAny(should, context.maxDoc);
      return new ConstantMatcher(any, boost);
    }
    if (store.kind === "number") {
      const numbers = values.map((one) => termOf(node, one)).filter((one) => typeof one === "number");
      return new NumberSetMatcher(store, new Set(numbers), boost);
    }
    if (!hasTerms(store)) return new NoneMatcher();
    const ords: number[] = [];
    for (const one of values) {
      yield* context.budget.pause();
      const network = node.type === "ip" ? encodeNetwork(String(one)) : undefined;
      if (network === undefined) ords.push(store.dictionary.find(String(parseTerm(node, one))));
      else for (const ord of yield* store.dictionary.range({ low: network.first, high: network.last })) ords.push(ord);
    }
    return yield* anyOfTerms(store, ords, boost, context);
  },

  *terms_set(body, context) {
    const { field: path, value, boost } = fieldClause(body, "terms_set");
    const place = `terms_set.${path}`;
    const options = clauseBody(value, place);
    onlyKnown(options, ["terms", "minimum_should_match_field"], place);
    const { terms, minimum_should_match_field: minimumField } = options;
    if (!Array.isArray(terms)) throw malformed(`[${place}] needs a list of "terms".`);
    if (terms.length > 1024) throw malformed(`[${place}] takes at most 1024 terms.`);
    const needed = context.field(textOf(minimumField, `${place}.minimum_should_match_field`))?.store;
    const field = context.field(path);
    if (field === undefined || needed?.kind !== "number") return new NoneMatcher();
    const should: Matcher[] = [];
    for (const term of terms) should.push(yield* termMatcher(field, scalar(term, "terms_set", path), 1, context));
    return new CoveringMatcher(should, needed, context.maxDoc, boost);
  },

  exists(body, context) {
    const object = clauseBody(body, "exists");
    onlyKnown(object, ["field"], "exists");
    return existsMatcher(textOf(object.field, "exists.field"), boostOf(object, "exists"), context);
  },

  *ids(body, context) {
    const object = clauseBody(body, "ids");
    onlyKnown(object, ["values", "type"], "ids");
    const { values } = object;
    const list = Array.isArray(values) ? values : [values];
    const { ids } = context.snapshot.segment;
    if (context.space.path !== "") return new NoneMatcher();
    const ords = list.map((id) => ids.dictionary.find(String(scalar(id, "ids", "values"))));
    return yield* anyOfTerms(ids, ords, boostOf(object, "ids"), context);
  },
};

/** A value as the field's terms are kept. */
export function parseTerm(node: QueryField["node"], value: unknown): string | number | GeoPoint | undefined {
  try {
    const parsed = (node.parseQuery ?? node.parse)(value);
    if (typeof parsed !== "object" || "lat" in parsed) return parsed;
  } catch (err) {
    if (!(err instanceof InvalidValue)) throw err;
    throw malformed(`Field "${node.path}" of type ${node.type}: ${JSON.stringify(value)} is ${err.message}.`);
  }
  throw noTerms(node);
}

const wholeTypes: ReadonlySet<string> = new Set(["byte", "short", "integer", "long"]);

/** {@link parseTerm}; undefined for what no document can have. To the reference engine, infinity has a decimal part. */
function termOf(node: QueryField["node"], value: unknown): string | number | GeoPoint | undefined {
  const isNowhere = typeof value === "string" && /^\s*[+-]?(?:Infinity|NaN)\s*$/.test(value);
  return isNowhere && wholeTypes.has(node.type) ? undefined : parseTerm(node, value);
}

const noTerms = ({ path, type }: QueryField["node"]): Error =>
  malformed(
    `Field "${path}" is of type ${type}, which has no terms: use ${type === "dense_vector" ? "knn" : "a geo query"}.`,
  );

function refuseWithoutTerms({ node }: QueryField): void {
  if (node.family === "geo_point" || node.family === "geo_shape" || node.family === "vector") throw noTerms(node);
}

/** Error (400) for a field that its mapping keeps from being searched. */
export function assertIndexed(node: QueryField["node"]): void {
  if (node.family === "query")
    throw malformed(`Field "${node.path}" of type ${node.type} holds queries: use "percolate" or "exists".`);
  if (node.family === "none") throw malformed(`Field "${node.path}" of type ${node.type} cannot be searched.`);
  if (!node.indexed) throw malformed(`Field "${node.path}" cannot be searched: its mapping has "index": false.`);
}

export function* termMatcher(
  field: QueryField,
  value: string | number | boolean,
  factor: number,
  context: QueryContext,
): Generator<void, Matcher> {
  const { node, store } = field;
  assertIndexed(node);
  if (node.family === "range")
    return yield* context.compile({ range: { [node.path]: { gte: value, lte: value, boost: factor * node.boost } } });
  const boost = factor * node.boost;
  const network = node.type === "ip" ? encodeNetwork(String(value)) : undefined;
  if (network !== undefined) {
    if (store?.kind !== "keyword") return new NoneMatcher();
    const ords = yield* store.dictionary.range({ low: network.first, high: network.last });
    return yield* anyOfTerms(store, ords, boost, context);
  }
  refuseWithoutTerms(field);
  if (node.format !== undefined) return dateMatcher(field, value, boost, context);
  const term = termOf(node, value);
  if (store === undefined || term === undefined) return new NoneMatcher();
  if (store.kind === "number") {
    if (typeof term !== "number") return new NoneMatcher();
    if (node.type !== "boolean") return new RangeMatcher(store, term, term, boost);
    const score = flagScore(field, term, boost, context);
    const bits = context.snapshot.segment.isFrozen ? store.flagBits.of(store, term) : undefined;
    return bits === undefined
      ? new RangeMatcher(store, term, term, score)
      : new BitmapMatcher(bits, store.flags[term] ?? 0, score);
  }
  if (!hasTerms(store)) return new NoneMatcher();
  const ord = store.dictionary.find(String(term));
  if (ord < 0) return new NoneMatcher();
  const statistics = context.statisticsOf(field, store);
  if (node.isUnweighed === true)
    return new ConstantMatcher(matchTerm({ field: store, term: ord, boost: 1, hasNorms: false, statistics }), boost);
  return matchTerm({ field: store, term: ord, boost, hasNorms: node.norms === true, statistics });
}

/** Booleans are terms to the reference engine, so they score by rarity; numbers do not. */
function flagScore({ node }: QueryField, flag: number, boost: number, context: QueryContext): number {
  let [docCount, terms, docFreq] = [0, 0, 0];
  for (const store of context.statistics.stores(context.space.path, node.path)) {
    if (store.kind !== "number") continue;
    const [no = 0, yes = 0] = store.flags;
    docCount += store.exists.count;
    terms += no + yes;
    docFreq += store.flags[flag] ?? 0;
  }
  return docCount === 0 ? boost : plainScore({ docCount, isPlain: context.statistics.isPlain }, docFreq, terms, boost);
}

/** A date names all of its milliseconds: "2021-05-06" is that day. */
function dateMatcher(field: QueryField, value: unknown, boost: number, context: QueryContext): Matcher {
  const { node, store } = field;
  const bound = (roundUp: boolean): number | undefined => {
    if (node.format === undefined || (typeof value !== "string" && typeof value !== "number")) return undefined;
    return parseDateMath(value, node.format, context.now, roundUp, utc);
  };
  const [low, high] = [bound(false), bound(true)];
  if (low === undefined || high === undefined) {
    throw malformed(
      `Field "${node.path}" of type date: ${JSON.stringify(value)} is not a date of format ${node.format?.name}.`,
    );
  }
  return store?.kind === "number" ? new RangeMatcher(store, low, high, boost) : new NoneMatcher();
}

/** Documents with a term that passes a test; looks through the whole dictionary. */
export function* scanTerms(
  field: QueryField,
  test: (term: string) => boolean,
  boost: number,
  context: QueryContext,
  ords?: readonly number[],
): Generator<void, Matcher> {
  const { store, node } = field;
  if (store === undefined) return new NoneMatcher();
  if (store.kind !== "keyword" && store.kind !== "text") {
    throw malformed(`Field "${node.path}" of type ${node.type} has no terms: use "term" or "range".`);
  }
  const found: number[] = [];
  const count = ords?.length ?? store.dictionary.size;
  for (let i = 0; i < count; i++) {
    const ord = ords === undefined ? i : (ords[i] as number);
    if (test(store.dictionary.term(ord))) found.push(ord);
    if ((i & 511) === 511) yield* context.budget.pause();
  }
  return yield* anyOfTerms(store, found, boost, context);
}

/** Of a field, of any field below an object, or of any field that fits a pattern (`address.*`). */
function existsMatcher(path: string, boost: number, context: QueryContext): Matcher {
  const words = context.arrays.words(wordsFor(context.maxDoc));
  const include = (store: FieldStore): void => {
    const { words: own } = store.exists;
    const length = Math.min(words.length, own.length);
    for (let i = 0; i < length; i++) words[i] = (words[i] as number) | (own[i] as number);
  };
  const field = context.known(path);
  if (field?.node.type === "rank_features")
    throw malformed(`Field "${path}" of type rank_features: "exists" is not supported.`);
  const pattern = path.includes("*") ? path.split("*") : undefined;
  if (field?.store !== undefined) include(field.store);
  else if (field === undefined) {
    const { visible } = context.mapping;
    const isMeant = (name: string): boolean =>
      pattern === undefined ? name.startsWith(`${path}.`) : fitsPattern(name, pattern);
    const meant = new Set(context.mapping.aliases.filter((alias) => isMeant(alias.path)).map(({ target }) => target));
    for (const [name, store] of context.space.fields) {
      if (visible !== undefined && !visible.covers(name)) continue;
      if (isMeant(name) || meant.has(name)) include(store);
    }
  }
  return new BitmapMatcher(words, countBits(words), boost);
}

/** Whether a name consists of the parts, in order, with anything between them. */
export function fitsPattern(name: string, parts: readonly string[]): boolean {
  const [first = ""] = parts;
  if (parts.length === 1) return name === first;
  const last = parts[parts.length - 1] ?? "";
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  for (let i = 1; i < parts.length - 1; i++) {
    const part = parts[i] as string;
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}
