import type { JSONObject } from "../../../src/kernel/index.ts";
import { words } from "./collection.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";

/** Clauses of spans, by name. */

/** As the standard analyzer makes them, so that most are found. */
const terms = words.map((word) => word.toLowerCase()).filter((word) => /^[a-zé]+$/.test(word));
const common = terms.slice(0, 8);

const maybe = (random: Random, share: number, make: () => JSONObject): JSONObject =>
  random.chance(share) ? make() : {};

const term = (random: Random, field: string): JSONObject => ({
  span_term: { [field]: random.chance(0.8) ? random.pick(common) : { value: random.pick(terms), boost: 1 } },
});

const multi = (random: Random, field: string): JSONObject => ({
  span_multi: {
    match: random.pick<() => JSONObject>([
      () => ({ prefix: { [field]: random.pick(["a", "be", "w", "e", "o"]) } }),
      () => ({ wildcard: { [field]: random.pick(["a*", "?lm", "*e*", "b*h", "w?l*"]) } }),
      () => ({ regexp: { [field]: random.pick(["[a-c].*", "(elm|fir|oak)", "..."]) } }),
      () => ({ fuzzy: { [field]: { value: random.pick(["elk", "fig", "beach", "oat"]), fuzziness: 1 } } }),
      () => ({ range: { [field]: { gte: "b", lt: random.pick(["c", "f"]) } } }),
      () => ({ wildcard: { [field]: { value: "*", rewrite: `top_terms_${random.between(2, 30)}` } } }),
    ])(),
  },
});

const leaf = (random: Random, field: string): JSONObject =>
  random.chance(0.7) ? term(random, field) : multi(random, field);

/** Several words: most documents have one of them. */
const wide = (random: Random, field: string): JSONObject =>
  random.chance(0.5)
    ? multi(random, field)
    : { span_or: { clauses: random.list(random.between(3, 5), () => term(random, field)) } };

const several = (random: Random, field: string, depth: number): JSONObject[] =>
  random.list(random.between(2, 3), () => (random.chance(0.6) ? wide(random, field) : span(random, field, depth - 1)));

const near = (random: Random, field: string, depth: number): JSONObject => {
  const slop = random.pick([0, 2, 5, 12, 30, 60]);
  if (random.chance(0.1)) {
    const gap = { span_gap: { [field]: random.between(0, 3) } };
    const clauses = [wide(random, field), gap, wide(random, field)];
    return { span_near: { clauses, slop } };
  }
  const clauses = several(random, field, depth);
  return { span_near: { clauses, slop, ...maybe(random, 0.6, () => ({ in_order: random.chance(0.2) })) } };
};

const or = (random: Random, field: string, depth: number): JSONObject => ({
  span_or: { clauses: several(random, field, depth) },
});

const not = (random: Random, field: string, depth: number): JSONObject => ({
  span_not: {
    include: wide(random, field),
    exclude: span(random, field, depth - 1),
    ...random.pick<() => JSONObject>([
      () => ({}),
      () => ({ pre: random.between(-1, 3) }),
      () => ({ post: random.between(0, 3) }),
      () => ({ pre: random.between(0, 3), post: random.between(0, 3) }),
      () => ({ dist: random.between(0, 3) }),
    ])(),
  },
});

const first = (random: Random, field: string, depth: number): JSONObject => ({
  span_first: {
    match: random.chance(0.5) ? wide(random, field) : span(random, field, depth - 1),
    end: random.between(1, 8),
  },
});

const inside = (random: Random, field: string, depth: number): JSONObject => ({
  [random.pick(["span_containing", "span_within"])]: {
    big: {
      span_near: {
        clauses: random.chance(0.3) ? several(random, field, depth) : [wide(random, field), wide(random, field)],
        slop: random.between(4, 60),
        in_order: random.chance(0.2),
      },
    },
    little: random.chance(0.6) ? wide(random, field) : span(random, field, depth - 1),
  },
});

type Maker = (random: Random, field: string, depth: number) => JSONObject;

function span(random: Random, field: string, depth: number): JSONObject {
  if (depth <= 0) return leaf(random, field);
  return random.pick<Maker>([leaf, leaf, near, or, not, first, inside])(random, field, depth);
}

const search = (random: Random, make: Maker): Search => {
  const field = random.pick(["t", "t", "tn", "tc", "t.stopped", "t.folding"]);
  const [name = "", body] = Object.entries(make(random, field, random.between(1, 3)))[0] ?? [];
  const boost = name === "span_term" ? {} : maybe(random, 0.2, () => ({ boost: 2 }));
  const clause = { [name]: { ...(body as JSONObject), ...boost } };
  // Which words top_terms leaves is known to the index only; what is excluded is marked by the reference engine all the same.
  const isMarked = !/top_terms|span_not/.test(JSON.stringify(clause));
  const query = random.chance(0.8) ? clause : { bool: { must: [clause], should: [{ match: { t: "oak elm" } }] } };
  return {
    body: {
      query,
      ...maybe(random, isMarked ? 0.3 : 0, () => ({ highlight: { fields: { [field]: { number_of_fragments: 0 } } } })),
    },
    from: 0,
    size: random.pick([10, 20, 300]),
  };
};

/** Words of one field beside those of another: which both fields have in every document that has the one. */
const masked = (random: Random): JSONObject => ({
  span_near: {
    clauses: [
      wide(random, "tc"),
      { field_masking_span: { query: wide(random, random.pick(["u", "tc"])), field: "tc" } },
    ],
    slop: random.pick([0, 2, 5, 20, 200]),
    in_order: random.chance(0.2),
  },
});

export const kinds: Readonly<Record<string, (random: Random) => Search>> = {
  spanTerm: (random) => search(random, leaf),
  spanNear: (random) => search(random, near),
  spanOr: (random) => search(random, or),
  spanNot: (random) => search(random, not),
  spanFirst: (random) => search(random, first),
  spanInside: (random) => search(random, inside),
  fieldMaskingSpan: (random) => ({ body: { query: masked(random) }, from: 0, size: random.pick([10, 300]) }),
};
