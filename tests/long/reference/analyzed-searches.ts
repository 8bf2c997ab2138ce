import type { JSONObject } from "../../../src/kernel/index.ts";
import type { Mappings } from "../../../src/stores/documents/index.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";

const rules = [
  "quick, fast, speedy",
  "wi fi, wifi, wireless network",
  "united states of america, usa",
  "sea biscuit => seabiscuit",
  "dns => domain name system",
];

/** Analyzers whose tokens share positions, span several, or leave gaps. */
export const analyzedSettings: JSONObject = {
  analysis: {
    filter: {
      synonyms: { type: "synonym", synonyms: rules },
      synonymGraph: { type: "synonym_graph", synonyms: rules },
      parts: { type: "word_delimiter_graph", catenate_all: true, preserve_original: true },
      pairs: { type: "shingle" },
      starts: { type: "edge_ngram", min_gram: 2, max_gram: 8 },
    },
    char_filter: { plainAmpersand: { type: "mapping", mappings: ["& => and", "é => e"] } },
    analyzer: {
      synonyms: { tokenizer: "standard", filter: ["lowercase", "synonyms"] },
      synonymGraph: { tokenizer: "standard", filter: ["lowercase", "synonymGraph"] },
      parts: { tokenizer: "whitespace", filter: ["parts", "lowercase"] },
      pairs: { tokenizer: "standard", filter: ["lowercase", "stop", "pairs"] },
      starts: { tokenizer: "standard", filter: ["lowercase", "starts"], position_increment_gap: 3 },
      markup: { tokenizer: "standard", char_filter: ["html_strip", "plainAmpersand"], filter: ["lowercase", "stop"] },
      stopped: { type: "standard", stopwords: "_english_" },
      default_search: { type: "standard", stopwords: ["over"] },
    },
  },
};

const textFields: Readonly<Record<string, JSONObject>> = {
  plain: { type: "text" },
  english: { type: "text", analyzer: "english" },
  englishSearch: { type: "text", analyzer: "english", search_analyzer: "english", search_quote_analyzer: "simple" },
  french: { type: "text", analyzer: "french", search_analyzer: "french" },
  german: { type: "text", analyzer: "german", search_analyzer: "german" },
  indexed: { type: "text", analyzer: "synonyms", search_analyzer: "standard" },
  both: { type: "text", analyzer: "synonyms", search_analyzer: "synonyms" },
  searched: { type: "text", analyzer: "standard", search_analyzer: "synonyms" },
  graph: { type: "text", analyzer: "standard", search_analyzer: "synonymGraph" },
  parts: { type: "text", analyzer: "parts", search_analyzer: "parts" },
  pairs: { type: "text", analyzer: "pairs", search_analyzer: "pairs" },
  starts: { type: "text", analyzer: "starts", search_analyzer: "standard" },
  markup: { type: "text", analyzer: "markup", search_analyzer: "markup" },
  stopped: { type: "text", analyzer: "stopped", search_analyzer: "stopped" },
  flat: { type: "text", index_options: "docs" },
  counted: { type: "text", index_options: "freqs", norms: false },
  phrased: { type: "text", analyzer: "standard", search_analyzer: "standard", index_phrases: true },
  typed: { type: "search_as_you_type", analyzer: "standard", search_analyzer: "standard" },
  typed2: { type: "search_as_you_type", max_shingle_size: 2, analyzer: "stopped", search_analyzer: "stopped" },
};

const sources = Object.keys(textFields);
/** Without positions there are no phrases. */
const phraseFields = sources.filter((name) => name !== "flat" && name !== "counted");
const highlighted = [
  "plain",
  "english",
  "french",
  "german",
  "indexed",
  "searched",
  "graph",
  "markup",
  "stopped",
  "starts",
];

export const analyzedMappings: Mappings = {
  properties: {
    all: { type: "text", copy_to: sources },
    ...textFields,
    words: { type: "token_count", analyzer: "stopped" },
    places: { type: "token_count", analyzer: "stopped", enable_position_increments: false, null_value: 7 },
  } as Mappings["properties"] & object,
};

const vocabulary =
  "the of over quick fast speedy wifi wi fi wireless network usa united states of america sea biscuit seabiscuit dns domain name system fox foxes running runs runner wi-fi Wi-Fi2000 PowerShot jumps jumping lazy dog dogs maison maisons chevaux cheval Häuser Haus libraries library été &amp; <b>bold</b> R&D".split(
    " ",
  );

const sentence = (random: Random, most: number): string =>
  random.list(random.between(1, most), () => random.pick(vocabulary)).join(random.chance(0.1) ? ", " : " ");

export function newAnalyzedDocument(random: Random): JSONObject {
  const all = random.chance(0.15) ? [sentence(random, 6), sentence(random, 6)] : sentence(random, 12);
  const values = Object.fromEntries(highlighted.map((name) => [name, all]));
  const rest = Object.fromEntries(sources.filter((name) => !highlighted.includes(name)).map((name) => [name, all]));
  return { ...values, ...rest, words: all, places: random.chance(0.1) ? null : all };
}

function newMatch(random: Random): JSONObject {
  const query = sentence(random, 4);
  const field = random.pick(sources);
  const phrase = random.pick(phraseFields);
  const boost = random.chance(0.2) ? { boost: 2.5 } : {};
  switch (random.below(9)) {
    case 0:
    case 1:
      return { match: { [field]: { query, ...boost } } };
    case 2:
      return { match: { [field]: { query, operator: "and", ...boost } } };
    case 3:
      return {
        match: {
          [phrase]: { query, minimum_should_match: 2, auto_generate_synonyms_phrase_query: random.chance(0.5) },
        },
      };
    case 4:
      return { match: { [phrase]: { query, fuzziness: 1 } } };
    case 5:
      return { match_phrase: { [phrase]: { query, ...boost } } };
    case 6:
      return { match_phrase: { [phrase]: { query, slop: random.pick([0, 1, 2]) } } };
    case 7:
      return {
        match_bool_prefix: { [random.pick(phraseFields)]: { query: query.slice(0, Math.max(1, query.length - 2)) } },
      };
    default:
      return {
        multi_match: {
          query,
          fields: random.some(sources.slice(1), 0.2).concat("plain"),
          type: random.pick(["best_fields", "most_fields"]),
        },
      };
  }
}

const page = { from: 0, size: 400 };

export const byAnalyzedMatch = (random: Random, count: number): Search[] =>
  random.list(count, () => ({ body: { query: newMatch(random) }, ...page }));

export const whileTyping = (random: Random, count: number): Search[] =>
  random.list(count, () => {
    const whole = sentence(random, 4);
    const query = whole.slice(0, Math.max(1, whole.length - random.below(4)));
    const name = random.pick(["typed", "typed2"]);
    const fields = name === "typed" ? ["typed", "typed._2gram", "typed._3gram"] : ["typed2", "typed2._2gram"];
    const clause = random.pick<JSONObject>([
      { multi_match: { query, type: "bool_prefix", fields } },
      { multi_match: { query, type: "bool_prefix", fields, operator: "and" } },
      { match_bool_prefix: { [name]: query } },
      { match: { [random.pick(fields)]: query } },
      { match_phrase: { [random.pick(fields)]: query } },
      { prefix: { [random.pick(fields)]: query.toLowerCase() } },
      {
        match_phrase_prefix: {
          [name]: query
            .split(" ")
            .filter((one) => /^[a-z]+$/i.test(one))
            .slice(0, name === "typed" ? 3 : 2)
            .join(" "),
        },
      },
    ]);
    return { body: { query: clause }, ...page };
  });

export const countedWords = (random: Random, count: number): Search[] =>
  random.list(count, () => {
    const field = random.pick(["words", "places"]);
    const query = random.chance(0.5)
      ? { term: { [field]: random.between(1, 12) } }
      : { range: { [field]: { gte: random.between(0, 8), lt: random.between(4, 14) } } };
    return {
      body: {
        query,
        sort: [{ words: "asc" }, { places: "desc" }, { _id: "asc" }],
        aggs: { all: { stats: { field } } },
      },
      ...page,
    };
  });

export const analyzedHighlights = (random: Random, count: number): Search[] =>
  random.list(count, () => {
    const field = random.pick(highlighted);
    const query = sentence(random, 3);
    const clause = random.chance(0.7) ? { match: { [field]: query } } : { match_phrase: { [field]: query } };
    return { body: { query: clause, highlight: { fields: { [field]: { number_of_fragments: 0 } } } }, ...page };
  });
