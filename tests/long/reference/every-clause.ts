import type { JSONObject } from "../../../src/kernel/index.ts";
import { boosted, dateOf } from "./query-parts.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";
import type { Values } from "./values.ts";

/** Fields of the collection, one or more of each type, and where their values stand in the documents. */
export const everyField: Readonly<Record<string, { readonly from: string; readonly kind: Kind }>> = {
  k: { from: "k", kind: "keyword" },
  kn: { from: "kn", kind: "keyword" },
  kl: { from: "kl", kind: "keyword" },
  kv: { from: "kv", kind: "keyword" },
  tags: { from: "tags", kind: "keyword" },
  "t.raw": { from: "t", kind: "keyword" },
  "o.k": { from: "o.k", kind: "keyword" },
  t: { from: "t", kind: "text" },
  "t.ws": { from: "t", kind: "text" },
  "t.folding": { from: "t", kind: "text" },
  "t.starts": { from: "t", kind: "text" },
  "t.pieces": { from: "t", kind: "text" },
  "t.stopped": { from: "t", kind: "text" },
  tn: { from: "tn", kind: "text" },
  tc: { from: "u", kind: "text" },
  "o.t": { from: "o.t", kind: "text" },
  i: { from: "i", kind: "number" },
  al: { from: "i", kind: "number" },
  l: { from: "l", kind: "number" },
  s: { from: "s", kind: "number" },
  by: { from: "by", kind: "number" },
  f: { from: "f", kind: "number" },
  hf: { from: "hf", kind: "number" },
  d: { from: "d", kind: "number" },
  sf: { from: "sf", kind: "number" },
  "o.i": { from: "o.i", kind: "number" },
  bool: { from: "bool", kind: "boolean" },
  at: { from: "at", kind: "date" },
  day: { from: "day", kind: "date" },
  stamp: { from: "stamp", kind: "date" },
  ip: { from: "ip", kind: "ip" },
};
type Kind = "keyword" | "text" | "number" | "boolean" | "date" | "ip";
type MakeFor = (random: Random, field: string, values: Values) => JSONObject;

const fromOf = (field: string): string => everyField[field]?.from ?? field;
const kindOf = (field: string): Kind | undefined => everyField[field]?.kind;
const any = (random: Random, field: string, values: Values): unknown => {
  if (kindOf(field) === "text") return values.word(random, fromOf(field));
  return values.pick(random, fromOf(field));
};
const scalar = (random: Random, field: string, values: Values): string => String(any(random, field, values));
/** Texts as they are in the index, more often than not. */
const term = (random: Random, field: string, values: Values): unknown => {
  const value = any(random, field, values);
  const isLowered = field === "kn" || (kindOf(field) === "text" && field !== "t.ws");
  return isLowered && random.chance(0.8) ? String(value).toLowerCase() : value;
};
const plain = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, "?");

/** Clauses on one field that stand for any value. */
const onAll: Readonly<Record<string, MakeFor>> = {
  term: (random, field, values) => {
    const value = term(random, field, values);
    return { term: { [field]: random.chance(0.5) ? value : boosted(random, { value }) } };
  },
  terms: (random, field, values) => ({
    terms: boosted(random, { [field]: random.list(random.between(1, 5), () => term(random, field, values)) }),
  }),
  match: (random, field, values) => ({
    match: {
      [field]: boosted(random, {
        query: any(random, field, values),
        ...(random.chance(0.2) ? { operator: random.pick(["and", "OR"]) } : {}),
        ...(random.chance(0.2) ? { lenient: true } : {}),
        ...(random.chance(0.1) ? { auto_generate_synonyms_phrase_query: false } : {}),
      }),
    },
  }),
  multi_match: (random, field, values) => ({
    multi_match: boosted(random, {
      query: any(random, field, values),
      fields: random.pick([[field], [`${field}^2`, "t"], ["k", field]]),
      lenient: true,
      ...(random.chance(0.3) ? { type: random.pick(["best_fields", "most_fields"]) } : {}),
    }),
  }),
  exists: (random, field) => ({ exists: boosted(random, { field }) }),
  range: (random, field, values) => {
    const isDate = kindOf(field) === "date";
    const bound = (): unknown => (isDate ? dateOf(random, field) : term(random, field, values));
    const [low, high] = [random.pick(["gt", "gte"]), random.pick(["lt", "lte"])];
    const kind = random.below(5);
    const bounds = kind < 2 ? { [low]: bound() } : kind < 4 ? { [high]: bound() } : { [low]: bound(), [high]: bound() };
    return {
      range: { [field]: boosted(random, { ...bounds, ...(random.chance(0.1) ? { relation: "intersects" } : {}) }) },
    };
  },
  "range, old names": (random, field, values) => ({
    range: {
      [field]: random.pick<JSONObject>([
        { from: term(random, field, values), include_lower: random.chance(0.5) },
        { to: term(random, field, values), include_upper: random.chance(0.5) },
        { from: null, to: term(random, field, values) },
      ]),
    },
  }),
  query_string: (random, field, values) => ({
    query_string: {
      query: random.pick([
        `${field}:"${scalar(random, field, values).replaceAll('"', "")}"`,
        `_exists_:${field}`,
        `${field}:[* TO "${scalar(random, field, values).replaceAll('"', "")}"]`,
        `NOT ${field}:"${scalar(random, field, values).replaceAll('"', "")}"`,
      ]),
      ...(random.chance(0.2) ? { lenient: true } : {}),
    },
  }),
  simple_query_string: (random, field, values) => ({
    simple_query_string: {
      query: `"${scalar(random, field, values).replaceAll('"', "")}"`,
      fields: [field],
      lenient: true,
    },
  }),
};

/** Clauses on terms and their beginnings. */
const onStrings: Readonly<Record<string, MakeFor>> = {
  "term, in any case": (random, field, values) => ({
    term: { [field]: { value: scalar(random, field, values).toUpperCase() || "A", case_insensitive: true } },
  }),
  prefix: (random, field, values) => {
    const value = String(term(random, field, values)).slice(0, random.between(1, 3));
    return {
      prefix: {
        [field]: random.chance(0.3)
          ? value
          : boosted(random, {
              value,
              ...(random.chance(0.3) ? { case_insensitive: random.chance(0.7) } : {}),
              ...(random.chance(0.2) ? { rewrite: random.pick(["constant_score", "constant_score_boolean"]) } : {}),
            }),
      },
    };
  },
  wildcard: (random, field, values) => {
    const value = plain(String(term(random, field, values)));
    const pattern = random.pick([
      `${value.slice(0, 2)}*`,
      `*${value.slice(1)}`,
      `?${value.slice(1)}`,
      `${value[0]}*${value.at(-1)}`,
      "*",
    ]);
    return {
      wildcard: {
        [field]: random.chance(0.3)
          ? pattern
          : boosted(random, {
              [random.pick(["value", "wildcard"])]: pattern,
              ...(random.chance(0.3) ? { case_insensitive: true } : {}),
            }),
      },
    };
  },
  regexp: (random, field, values) => {
    const value = plain(String(term(random, field, values))).replaceAll("?", ".");
    const pattern = random.pick([
      `${value.slice(0, 2)}.*`,
      `.*${value.slice(1)}`,
      `(${value}|tag1)`,
      `${value.slice(0, -1)}.?`,
      `[^z]${value.slice(1)}+`,
    ]);
    return {
      regexp: {
        [field]: random.chance(0.3)
          ? pattern
          : boosted(random, {
              value: pattern,
              ...(random.chance(0.3) ? { flags: random.pick(["ALL", "NONE", "INTERSECTION|COMPLEMENT"]) } : {}),
              ...(random.chance(0.3) ? { case_insensitive: true } : {}),
            }),
      },
    };
  },
  fuzzy: (random, field, values) => {
    const value = String(term(random, field, values));
    const at = random.below(value.length);
    const typo = random.pick([
      value,
      value.slice(0, at) + value.slice(at + 1),
      `${value.slice(0, at)}x${value.slice(at)}`,
    ]);
    return {
      fuzzy: {
        [field]: {
          value: typo === "" ? value : typo,
          ...(random.chance(0.5) ? { fuzziness: random.pick<unknown>(["AUTO", 1, 2, "1", "AUTO:1,3"]) } : {}),
          ...(random.chance(0.2) ? { transpositions: false } : {}),
          ...(random.chance(0.2) ? { prefix_length: random.below(3) } : {}),
          ...(random.chance(0.2) ? { max_expansions: random.pick([1, 3, 50]) } : {}),
        },
      },
    };
  },
  terms_set: (random, field, values) => ({
    terms_set: {
      [field]: {
        terms: random.list(random.between(1, 5), () => term(random, field, values)),
        minimum_should_match_field: random.pick(["by", "i", "s"]),
      },
    },
  }),
};

/** Clauses on the places of terms. */
const onTexts: Readonly<Record<string, MakeFor>> = {
  match: (random, field, values) => ({
    match: {
      [field]: boosted(random, {
        query: values.phrase(random, fromOf(field), 5),
        ...(random.chance(0.3) ? { operator: random.pick(["and", "or"]) } : {}),
        ...(random.chance(0.3) ? { minimum_should_match: random.pick<unknown>([1, 2, "-1", "75%", "2<75%"]) } : {}),
        ...(random.chance(0.2) ? { fuzziness: random.pick<unknown>(["AUTO", 1]), max_expansions: 20 } : {}),
        ...(random.chance(0.1) ? { zero_terms_query: random.pick(["all", "none"]) } : {}),
      }),
    },
  }),
  match_phrase: (random, field, values) => ({
    match_phrase: {
      [field]: boosted(random, {
        query: values.phrase(random, fromOf(field), 4),
        ...(random.chance(0.3) ? { slop: random.between(0, 3) } : {}),
        ...(random.chance(0.1) ? { analyzer: "standard" } : {}),
      }),
    },
  }),
  match_phrase_prefix: (random, field, values) => {
    const phrase = values.phrase(random, fromOf(field), 3);
    return {
      match_phrase_prefix: {
        [field]: boosted(random, {
          query: phrase.slice(0, Math.max(1, phrase.length - random.below(3))),
          ...(random.chance(0.2) ? { slop: 1 } : {}),
          ...(random.chance(0.2) ? { max_expansions: random.pick([50, 60]) } : {}),
        }),
      },
    };
  },
  match_bool_prefix: (random, field, values) => {
    const phrase = values.phrase(random, fromOf(field), 3);
    return {
      match_bool_prefix: {
        [field]: boosted(random, {
          query: phrase.slice(0, Math.max(1, phrase.length - random.below(3))),
          ...(random.chance(0.2) ? { operator: "and" } : {}),
          ...(random.chance(0.2) ? { minimum_should_match: 1 } : {}),
        }),
      },
    };
  },
  "multi_match of texts": (random, field, values) => ({
    multi_match: boosted(random, {
      query: values.phrase(random, fromOf(field), 4),
      fields: random.pick([
        [field, "tn"],
        [`${field}^3`, "u^0.5"],
        [field, "o.t", "tc"],
      ]),
      type: random.pick(["best_fields", "most_fields", "phrase", "phrase_prefix", "bool_prefix"]),
      ...(random.chance(0.3) ? { tie_breaker: random.pick([0.2, 1]) } : {}),
    }),
  }),
  "query_string of words": (random, field, values) => {
    const word = (): string => plain(values.word(random, fromOf(field)));
    return {
      query_string: {
        query: random.pick([
          `${word()} ${word()}`,
          `${word()} AND ${word()}`,
          `+${word()} -${word()}`,
          `${word().slice(0, 2)}*`,
          `(${word()} OR ${word()}) AND NOT ${word()}`,
          `"${values.phrase(random, fromOf(field), 3).replaceAll('"', "")}"~2`,
          `${word()}^2 ${word()}`,
        ]),
        default_field: field,
        ...(random.chance(0.3) ? { default_operator: "AND" } : {}),
        ...(random.chance(0.2) ? { phrase_slop: 2 } : {}),
        ...(random.chance(0.2) ? { analyze_wildcard: true } : {}),
        ...(random.chance(0.2) ? { minimum_should_match: 1 } : {}),
      },
    };
  },
};

const page = (random: Random): { from: number; size: number } => ({
  from: random.chance(0.2) ? random.below(10) : 0,
  size: random.pick([10, 400]),
});

type Combination = readonly [field: string, make: MakeFor];
const combinations: readonly Combination[] = Object.entries(everyField).flatMap(([field, { kind }]) => {
  const makers = [
    ...Object.values(onAll),
    ...(kind === "keyword" || kind === "text" ? Object.values(onStrings) : []),
    ...(kind === "text" ? Object.values(onTexts) : []),
  ];
  return makers.map((make): Combination => [field, make]);
});

/** A clause of any kind on a field that takes it. */
export function clauseOnField(random: Random, values: Values): JSONObject {
  const [field, make] = random.pick(combinations);
  return make(random, field, values);
}

/** Every clause on every field that takes it, in turn. */
export function everyClause(random: Random, count: number, values: Values): Search[] {
  const first = random.below(combinations.length);
  return Array.from({ length: count }, (_, i) => {
    const [field, make] = combinations[(first + i) % combinations.length] ?? random.pick(combinations);
    return { body: { query: make(random, field, values) }, ...page(random) };
  });
}
