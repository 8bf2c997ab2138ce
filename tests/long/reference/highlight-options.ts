import type { JSONObject } from "../../../src/kernel/index.ts";
import { text, words } from "./highlights.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";

/** Highlights of every sort of query, with every option, over fields of several sorts. */

export const settings: JSONObject = {
  analysis: {
    analyzer: {
      stemmed: { type: "english" },
      folding: { type: "custom", tokenizer: "standard", filter: ["lowercase", "asciifolding"] },
    },
  },
};

export const mappings = {
  dynamic: "false",
  properties: {
    uid: { type: "keyword" },
    t: { type: "text", fields: { en: { type: "text", analyzer: "stemmed" }, raw: { type: "keyword" } } },
    u: { type: "text", index_options: "offsets" },
    v: { type: "text", term_vector: "with_positions_offsets" },
    k: { type: "keyword" },
    o: { properties: { t: { type: "text" }, k: { type: "keyword" } } },
    n: { type: "nested", properties: { t: { type: "text" } } },
    i: { type: "integer" },
  },
} as const;

const marks = ["", "", "", " <b>bold</b> & more", ' "said" <i>it</i>'];
const value = (random: Random): string => `${text(random)}${random.pick(marks)}`;
const values = (random: Random): unknown =>
  random.chance(0.2) ? random.list(random.between(2, 3), () => value(random)) : value(random);

export function newDocument(random: Random, number: number): JSONObject {
  const document: JSONObject = {
    uid: `u${String(number).padStart(4, "0")}`,
    t: values(random),
    u: value(random),
    v: values(random),
    k: random.chance(0.3) ? random.list(2, () => random.pick(words)) : random.pick(words),
    i: random.below(100),
  };
  if (random.chance(0.7))
    document.o = random.chance(0.3)
      ? [{ t: value(random) }, { t: value(random) }]
      : { t: value(random), k: random.pick(words) };
  if (random.chance(0.5)) document.n = random.list(random.between(1, 2), () => ({ t: value(random) }));
  return document;
}

const maybe = (random: Random, share: number, make: () => JSONObject): JSONObject =>
  random.chance(share) ? make() : {};
const some = (random: Random, most = 3): string =>
  random.list(random.between(1, most), () => random.pick(words)).join(" ");
const slip = (word: string): string => `${word.slice(0, 2)}${word.slice(3)}`;
const texts = ["t", "t", "u", "v", "t.en", "o.t"];

/** One clause on one field. */
const leaf = (random: Random, field = random.pick(texts)): JSONObject =>
  random.pick<() => JSONObject>([
    () => ({ match: { [field]: some(random) } }),
    () => ({ match: { [field]: { query: some(random), operator: "and" } } }),
    () => ({ match: { [field]: { query: slip(random.pick(words)), fuzziness: random.pick(["AUTO", 1]) } } }),
    () => ({ match_phrase: { [field]: `${random.pick(words)} ${random.pick(words)}` } }),
    () => ({
      match_phrase: { [field]: { query: `${random.pick(words)} ${some(random, 2)}`, slop: random.between(1, 4) } },
    }),
    () => ({
      match_phrase_prefix: {
        [field]: { query: `${random.pick(words)} ${random.pick(words).slice(0, 2)}`, slop: random.pick([0, 0, 1, 3]) },
      },
    }),
    () => ({ match_bool_prefix: { [field]: `${random.pick(words)} ${random.pick(words).slice(0, 2)}` } }),
    () => ({ term: { [field]: random.pick(words) } }),
    () => ({ terms: { [field]: [random.pick(words), random.pick(words)] } }),
    () => ({ prefix: { [field]: random.pick(words).slice(0, 2) } }),
    () => ({ wildcard: { [field]: `${random.pick(words).slice(0, 2)}*${random.pick(["e", "r", ""])}` } }),
    () => ({ regexp: { [field]: `${random.pick(words).slice(0, 2)}.*` } }),
    () => ({ fuzzy: { [field]: slip(random.pick(words)) } }),
    () => ({ term: { k: random.pick(words) } }),
    () => ({ prefix: { k: random.pick(words).slice(0, 1) } }),
  ])();

const several = (random: Random): JSONObject =>
  random.pick<() => JSONObject>([
    () => ({
      multi_match: { query: some(random), fields: random.pick([["t", "u"], ["t*"], ["o.t", "v"], ["t", "k"]]) },
    }),
    () => ({
      multi_match: {
        query: some(random, 2),
        fields: ["t", "u"],
        type: random.pick(["phrase", "most_fields", "cross_fields"]),
      },
    }),
    () => ({
      query_string: {
        query: `${some(random)} ${random.pick(["AND", "OR"])} ${random.pick(words)}`,
        default_field: random.pick(["t", "u"]),
      },
    }),
    () => ({ query_string: { query: `t:${random.pick(words)} OR u:${random.pick(words).slice(0, 3)}*` } }),
    () => ({ simple_query_string: { query: `${random.pick(words)} | ${random.pick(words)}`, fields: ["t", "v"] } }),
  ])();

const inner = (random: Random): JSONObject => (random.chance(0.7) ? leaf(random) : several(random));

const hasPhrase = (query: JSONObject): boolean => /phrase|span|interval|\\"/.test(JSON.stringify(query));

const compound = (random: Random): JSONObject =>
  random.pick<() => JSONObject>([
    () => ({ bool: { must: inner(random), must_not: leaf(random) } }),
    () => ({ bool: { should: [inner(random), inner(random), inner(random)] } }),
    () => ({ bool: { filter: inner(random), should: [leaf(random)] } }),
    () => ({ constant_score: { filter: inner(random) } }),
    () => ({ dis_max: { queries: [inner(random), inner(random)] } }),
    () => ({ boosting: { positive: inner(random), negative: leaf(random), negative_boost: 0.5 } }),
    () => {
      const query = inner(random);
      // The reference marks the words of a phrase one by one then, and in nested objects.
      return hasPhrase(query) ? query : { function_score: { query, weight: 2 } };
    },
    () => {
      const inside = leaf(random, "n.t");
      return {
        bool: { should: [hasPhrase(inside) ? inside : { nested: { path: "n", query: inside } }, leaf(random)] },
      };
    },
  ])();

const query = (random: Random): JSONObject =>
  random.pick([() => leaf(random), () => several(random), () => compound(random)])();

const ownOptions = (random: Random): JSONObject => ({
  ...maybe(random, 0.3, () => ({ fragment_size: random.pick([10, 40, 100, 300]) })),
  ...maybe(random, 0.3, () => ({ number_of_fragments: random.pick([0, 1, 2, 10]) })),
  ...maybe(random, 0.2, () => ({ no_match_size: random.pick([10, 60, 500]) })),
  ...maybe(random, 0.2, () => ({ pre_tags: ["<b>"], post_tags: ["</b>"] })),
  ...maybe(random, 0.2, () => ({ order: random.pick(["score", "none"]) })),
  ...maybe(random, 0.2, () => ({ require_field_match: random.chance(0.5) })),
  ...maybe(random, 0.15, () => {
    const own = query(random);
    // The reference marks nothing for a phrase beside nested objects.
    return hasPhrase(own) && "bool" in own ? {} : { highlight_query: own };
  }),
  ...maybe(random, 0.15, () => ({ boundary_scanner: random.pick(["word", "sentence"]) })),
});

const namesOf = ["t", "u", "v", "t.en", "t.raw", "k", "o.t", "o.k", "n.t", "t*", "*", "o.*", "nothing"];

function fields(random: Random, names: readonly string[], make: () => JSONObject): unknown {
  const chosen = [...new Set(random.list(random.between(1, 3), () => random.pick(names)))];
  const list = chosen.map((name) => ({ [name]: make() }));
  return random.chance(0.2) ? list : Object.assign({}, ...list);
}

const search = (highlight: JSONObject, query: JSONObject): Search => ({
  body: { query, sort: ["uid"], _source: false, highlight },
  from: 0,
  size: 30,
});

/** Of type `unified`: the same to the last character. */
export function unified(random: Random): Search {
  const highlight = {
    fields: fields(random, namesOf, () => (random.chance(0.5) ? {} : ownOptions(random))),
    ...ownOptions(random),
    ...maybe(random, 0.2, () => ({ encoder: random.pick(["html", "default"]) })),
    ...maybe(random, 0.1, () => ({ tags_schema: "styled" })),
    ...maybe(random, 0.1, () => ({ type: "unified" })),
  };
  return search(highlight, query(random));
}

/** Patterns of keywords mark some words of texts only, in type `fvh`, when fields need not match; the words of a phrase may be one mark or several there. */
function ofTexts(random: Random): JSONObject {
  for (;;) {
    const query = leaf(random, "v");
    if (!/\{"k":|"slop":/.test(JSON.stringify(query))) return query;
  }
}

/** The words of a phrase may be one mark or several in these types, where they may stand apart. */
function withoutSlop(random: Random): JSONObject {
  for (;;) {
    const one = query(random);
    if (!JSON.stringify(one).includes('"slop":')) return one;
  }
}

/** Whole texts of the other types, whose fragments are cut otherwise: docs/search-differences.md. */
export function wholeTexts(random: Random): Search {
  const type = random.pick(["plain", "fvh"]);
  const highlight = {
    type,
    number_of_fragments: 0,
    fields: fields(random, type === "fvh" ? ["v"] : ["t", "u", "v", "t.en", "o.t", "k"], () =>
      maybe(random, 0.3, () => ({ pre_tags: ["<b>"], post_tags: ["</b>"] })),
    ),
    ...maybe(random, 0.3, () => ({ require_field_match: random.chance(0.5) })),
    ...maybe(random, 0.2, () => ({ encoder: "html" })),
    ...maybe(random, 0.2, () => ({ highlight_query: ofTexts(random) })),
  };
  return search(highlight, type === "fvh" ? ofTexts(random) : withoutSlop(random));
}

export const kinds: Readonly<Record<string, (random: Random) => Search>> = { unified, wholeTexts };
