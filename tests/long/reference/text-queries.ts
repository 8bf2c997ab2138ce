import type { JSONObject } from "../../../src/kernel/index.ts";
import { keywords, words } from "./collection.ts";
import { boosted, keywordFields, type Make, phrase, textFields, whole } from "./query-parts.ts";
import type { Random } from "./random.ts";

/** Words and signs as people type them, in any order: most can be read, some cannot. */
const typed = (random: Random): string =>
  random
    .list(random.between(1, 4), () => {
      const word = random.pick(words);
      const signs = [
        "AND",
        "OR",
        "NOT",
        "&&",
        "||",
        "-",
        "+",
        "!",
        "t:",
        "(",
        ")",
        '"',
        "~1",
        "^2",
        "*",
        "?",
        "\\",
        "/",
      ];
      return random.pick([
        word,
        word,
        `${random.pick(["+", "-", "!", "t:", "tn:", "- ", "+ "])}${word}`,
        `${word}${random.pick(["~", "~1", "^2", "*", "~0.5", "^2~1", ":", "!", "?", ",", "-", "&&"])}`,
        `"${word} ${random.pick(words)}"${random.pick(["", "~", "~2", "^3"])}`,
        `(${word} ${random.pick(["AND", "OR", "|", "+", ""])} ${random.pick(words)})`,
        `\\u00${word.charCodeAt(0).toString(16).padStart(2, "0")}${word.slice(1)}`,
        random.pick(signs),
      ]);
    })
    .join(random.pick([" ", " ", "  "]));

/** Clauses on texts, each by name. */
export const textQueries: Readonly<Record<string, Make>> = {
  match: (random) => ({
    match: {
      [random.pick(textFields)]: boosted(random, {
        query: phrase(random, 4),
        ...(random.chance(0.3) ? { operator: random.pick(["and", "or"]) } : {}),
        ...(random.chance(0.3)
          ? { minimum_should_match: random.pick<unknown>([1, 2, "-1", "75%", "-25%", "2<75%", "30%", "1<-1 3<2"]) }
          : {}),
        ...(random.chance(0.1) ? { analyzer: random.pick(["whitespace", "keyword", "folding"]) } : {}),
        ...(random.chance(0.1) ? { zero_terms_query: random.pick(["all", "none"]) } : {}),
      }),
    },
  }),
  "match on other fields": (random) =>
    random.pick([
      () => ({ match: { [random.pick(keywordFields)]: random.pick(keywords) } }),
      () => ({ match: { i: String(whole(random)) } }),
      () => ({ match: { at: "2020-03" } }),
      () => ({ match: { bool: "true" } }),
      () => ({ match: { i: { query: "oak", lenient: true } } }),
      () => ({ match: { nothing: "oak" } }),
    ])(),
  "match, fuzzy": (random) => ({
    match: {
      t: {
        query: random.pick(["beach oak", "wilow", "cedra larhc", "mapel"]),
        fuzziness: random.pick<unknown>(["AUTO", 1, 2]),
        ...(random.chance(0.3) ? { prefix_length: 2 } : {}),
      },
    },
  }),
  match_phrase: (random) => ({
    match_phrase: {
      [random.pick(textFields)]: {
        query: phrase(random, 3),
        ...(random.chance(0.4) ? { slop: random.between(0, 4) } : {}),
      },
    },
  }),
  match_phrase_prefix: (random) => ({
    match_phrase_prefix: {
      [random.pick(["t", "tn", "u", "t.ws"])]: {
        query: `${random.chance(0.7) ? `${random.pick(words)} ` : ""}${random.pick(["a", "o", "be", "W", "pi"])}`,
        ...(random.chance(0.3) ? { slop: 1 } : {}),
      },
    },
  }),
  match_bool_prefix: (random) => ({
    match_bool_prefix: {
      [random.pick(["t", "tn", "u"])]: {
        query: `${phrase(random, 2)} ${random.pick(["a", "o", "be", "w"])}`,
        ...(random.chance(0.3) ? { operator: "and" } : {}),
      },
    },
  }),
  multi_match: (random) => ({
    multi_match: boosted(random, {
      query: phrase(random, 3),
      fields: random.pick([
        ["t", "tn^2"],
        ["t", "u", "o.t"],
        ["t", "tn", "tc"],
        ["tn^0.5", "tc"],
        ["t", "nothing"],
      ]),
      type: random.pick(["best_fields", "most_fields", "phrase", "phrase_prefix", "bool_prefix"]),
      ...(random.chance(0.3) ? { tie_breaker: 0.3 } : {}),
    }),
  }),
  "multi_match, and": (random) => ({
    multi_match: {
      query: phrase(random, 3),
      fields: random.pick([
        ["t", "tn"],
        ["t", "k"],
        ["kn", "u^2"],
      ]),
      operator: "and",
      type: random.pick(["best_fields", "most_fields"]),
    },
  }),
  query_string: (random) => ({
    query_string: {
      query: random.pick([
        "oak AND pine",
        "oak OR (pine AND NOT fir)",
        "t:oak +tn:pine",
        '"oak pine"~3',
        "i:[0 TO 10]",
        "i:>10 k:red",
        "wil* AND NOT elm",
        "_exists_:k",
        "oak^3 pine",
        "wilow~1",
        "k:(red OR blue)",
        "*:*",
        "oak -pine",
        "d:{0 TO 5.5]",
        "at:[2020-01-01 TO 2020-06-30]",
        "oak && pine || fir",
        "te?t OR o?k",
        "k:/a.*/",
        "!oak",
        "tags:tag1 tags:tag2",
      ]),
      ...(random.chance(0.5) ? { default_field: random.pick(["t", "tn"]) } : { fields: ["t", "tn^2"] }),
      ...(random.chance(0.3) ? { default_operator: "AND" } : {}),
    },
  }),
  "query_string, as typed": (random) => ({
    query_string: {
      query: typed(random),
      ...random.pick<JSONObject>([
        { fields: ["t", "tn^2"] },
        { fields: ["t"], default_operator: "AND" },
        { default_field: "tn" },
        { fields: ["t", "u"], type: random.pick(["most_fields", "cross_fields", "phrase", "bool_prefix"]) },
        { fields: ["t", "u"], tie_breaker: 0.4 },
        { fields: ["t"], escape: true },
        { fields: ["t", "k"], lenient: true, phrase_slop: 2, fuzzy_prefix_length: 1, fuzzy_transpositions: false },
      ]),
    },
  }),
  "simple_query_string, as typed": (random) => ({
    simple_query_string: {
      query: typed(random),
      fields: random.pick([["t"], ["t^2", "u"], ["tn", "k"]]),
      ...(random.chance(0.4) ? { default_operator: "and" } : {}),
      ...(random.chance(0.3)
        ? { flags: random.pick(["AND|OR|WHITESPACE", "PHRASE|NOT|WHITESPACE", "NONE", "ALL"]) }
        : {}),
    },
  }),
  simple_query_string: (random) => ({
    simple_query_string: {
      query: random.pick([
        "oak pine",
        "oak + pine",
        "oak | pine",
        "-oak",
        '"oak pine"',
        "wil*",
        "(oak | fir) + pine",
        "wilow~1",
        '"oak pine"~2',
        "oak +(",
        "oak -pine",
        'fir -"oak pine"',
      ]),
      fields: random.pick([["t"], ["t", "tn"], ["t^2", "k"]]),
      ...(random.chance(0.4) ? { default_operator: "and" } : {}),
    },
  }),
};
