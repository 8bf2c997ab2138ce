import assert from "node:assert/strict";
import { test } from "node:test";
import { createAnalysis } from "./analysis.ts";
import { analyzeText } from "./analyze-text.ts";

const settings = {
  analysis: {
    filter: {
      s: {
        type: "synonym",
        synonyms: ["quick, fast", "wi fi, wifi", "sea biscuit => seabiscuit", "dns => domain name system"],
      },
      g: {
        type: "synonym_graph",
        synonyms: ["quick, fast", "wi fi, wifi", "sea biscuit => seabiscuit", "dns => domain name system"],
      },
      sh: {
        type: "shingle",
        output_unigrams: false,
      },
      w: {
        type: "word_delimiter_graph",
        catenate_all: true,
        preserve_original: true,
      },
      m: {
        type: "multiplexer",
        filters: ["porter_stem", "uppercase"],
      },
      mk: {
        type: "keyword_marker",
        keywords: ["running"],
      },
    },
    char_filter: {
      m: {
        type: "mapping",
        mappings: ["& => and", "ph => f"],
      },
      p: {
        type: "pattern_replace",
        pattern: "(\\d+)-(?:\\d+)",
        replacement: "$1",
      },
    },
    tokenizer: {
      path: {
        type: "path_hierarchy",
      },
      cg: {
        type: "char_group",
        tokenize_on_chars: ["-", "whitespace"],
      },
      pt: {
        type: "pattern",
        pattern: ",",
      },
    },
    analyzer: {
      synonyms: {
        tokenizer: "standard",
        filter: ["lowercase", "s"],
      },
      graph: {
        tokenizer: "standard",
        filter: ["lowercase", "g"],
      },
      shingled: {
        tokenizer: "standard",
        filter: ["lowercase", "stop", "sh"],
      },
      parts: {
        tokenizer: "whitespace",
        filter: ["w"],
      },
      ways: {
        tokenizer: "whitespace",
        filter: ["m"],
      },
      marked: {
        tokenizer: "standard",
        filter: ["mk", "porter_stem"],
      },
      html: {
        tokenizer: "standard",
        char_filter: ["html_strip", "m"],
      },
      numbers: {
        tokenizer: "standard",
        char_filter: ["p"],
      },
      paths: {
        tokenizer: "path",
      },
      groups: {
        tokenizer: "cg",
      },
      commas: {
        tokenizer: "pt",
      },
    },
  },
};

/** What the reference engine makes of texts: each token with its position, its two offsets and how many positions it stands for. */
const answers: readonly (readonly [analyzer: string, text: string, tokens: readonly string[]])[] = [
  [
    "synonyms",
    "a fast wi fi dns",
    [
      "a 0 0 1 1",
      "fast 1 2 6 1",
      "quick 1 2 6 1",
      "wi 2 7 9 1",
      "wifi 2 7 12 2",
      "fi 3 10 12 1",
      "domain 4 13 16 1",
      "name 5 13 16 1",
      "system 6 13 16 1",
    ],
  ],
  [
    "graph",
    "wi fi dns",
    ["wifi 0 0 5 2", "wi 0 0 2 1", "fi 1 3 5 1", "domain 2 6 9 1", "name 3 6 9 1", "system 4 6 9 1"],
  ],
  ["graph", "sea biscuit ran", ["seabiscuit 0 0 11 1", "ran 1 12 15 1"]],
  ["shingled", "the quick fox of old", ["_ quick 0 4 9 1", "quick fox 1 4 13 1", "fox _ 2 10 17 1", "_ old 3 17 20 1"]],
  [
    "parts",
    "Wi-Fi2000 plain",
    ["Wi-Fi2000 0 0 9 3", "WiFi2000 0 0 9 3", "Wi 0 0 2 1", "Fi 1 3 5 1", "2000 2 5 9 1", "plain 3 10 15 1"],
  ],
  ["ways", "running", ["running 0 0 7 1", "run 0 0 7 1", "RUNNING 0 0 7 1"]],
  ["marked", "running runs", ["running 0 0 7 1", "run 1 8 12 1"]],
  ["html", "<p>Al<b>ph</b>a &amp; b&eacute;</p>", ["Alfa 0 3 15 1", "and 1 16 21 1", "bé 2 22 31 1"]],
  ["numbers", "12-34 x", ["12 0 0 5 1", "x 1 6 7 1"]],
  ["paths", "/a/b", ["/a 0 0 2 1", "/a/b 0 0 4 1"]],
  ["groups", "a-b c", ["a 0 0 1 1", "b 1 2 3 1", "c 2 4 5 1"]],
  ["commas", "a b,c", ["a b 0 0 3 1", "c 1 4 5 1"]],
  ["english", "The runner's libraries", ["runner 1 4 12 1", "librari 2 13 22 1"]],
  ["french", "L'avion des généralisations", ["avion 0 0 7 1", "general 2 12 27 1"]],
  ["german", "Die schönsten Häuser", ["schon 1 4 13 1", "haus 2 14 20 1"]],
  ["spanish", "las ciudades", ["ciudad 1 4 12 1"]],
  ["italian", "dell'università", ["universit 0 0 15 1"]],
  ["portuguese", "os corações", ["coraca 1 3 11 1"]],
  ["dutch", "de mooie huizen", ["mooi 1 3 8 1", "huiz 2 9 15 1"]],
  ["swedish", "flickorna", ["flick 0 0 9 1"]],
  ["russian", "красивые книги", ["красив 0 0 8 1", "книг 1 9 14 1"]],
  ["cjk", "東京タワー abc", ["東京 0 0 2 1", "京タ 1 1 3 1", "タワ 2 2 4 1", "ワー 3 3 5 1", "abc 4 6 9 1"]],
  ["arabic", "والكتاب", ["كتاب 0 0 7 1"]],
  ["fingerprint", "Zoo été zoo Ant", ["ant ete zoo 0 0 15 1"]],
];

for (const [analyzer, text, expected] of answers) {
  test(`"${text}" has the tokens of the reference engine in the analyzer ${analyzer}`, () => {
    const found = analyzeText(text, analyzer, settings).map(
      ({ token, position, startOffset, endOffset, positionLength }) =>
        `${token} ${position} ${startOffset} ${endOffset} ${positionLength}`,
    );
    assert.deepEqual(found, expected);
  });
}

const refused: Readonly<Record<string, object>> = {
  "a section that does not exist": { analyzers: {} },
  "a type of filter that does not exist": { filter: { a: { type: "no_such" } } },
  "a member that a filter does not have": { filter: { a: { type: "stop", stopword: ["a"] } } },
  "a member that an analyzer does not have": { analyzer: { a: { tokenizer: "standard", filters: [] } } },
  "a file of words": { filter: { a: { type: "stop", stopwords_path: "words.txt" } } },
  "a script": { filter: { a: { type: "condition", filter: ["lowercase"], script: { source: "true" } } } },
  "look-around in a pattern": { tokenizer: { a: { type: "pattern", pattern: "(?<=a)b" } } },
  "grams that are too far apart": { tokenizer: { a: { type: "ngram", min_gram: 1, max_gram: 5 } } },
  "a filter that a normalizer cannot have": { normalizer: { a: { type: "custom", filter: ["stop"] } } },
  "a multiplexer that holds itself": { filter: { a: { type: "multiplexer", filters: ["a, a", "a"] } } },
  "a name of the language itself": { analyzer: { a: { tokenizer: "__proto__", filter: ["constructor"] } } },
  "a language without a stemmer": { filter: { a: { type: "stemmer", language: "klingon" } } },
  "synonyms behind a filter that makes several tokens": {
    filter: { s: { type: "synonym", synonyms: ["a, b"] } },
    analyzer: { a: { tokenizer: "standard", filter: ["shingle", "s"] } },
  },
  "a synonym of which no word is left": {
    filter: { s: { type: "synonym", synonyms: ["the, b"] } },
    analyzer: { a: { tokenizer: "standard", filter: ["stop", "s"] } },
  },
};

for (const [name, analysis] of Object.entries(refused)) {
  test(`settings with ${name} are refused`, () => {
    assert.throws(() => createAnalysis({ analysis }), { id: "services.storage.wrong_mapping_property" });
  });
}

test("an error names the member that is wrong", () => {
  const analysis = { filter: { short: { type: "length", min: "many" } } };
  assert.throws(() => createAnalysis({ analysis }), /analysis\.filter\.short\.min/);
});

test("a word that a stop filter takes off the end leaves its gap before the next value", () => {
  const analyzer = createAnalysis().analyzer("english");
  assert.equal(analyzer?.tokens("cats and the").next, 3);
});

test("hostile texts are cut in time that grows with them", () => {
  const analyzer = { html: settings.analysis.analyzer.html, old: { tokenizer: "classic" } };
  const analysis = createAnalysis({ analysis: { ...settings.analysis, analyzer } });
  const begin = performance.now();
  for (const piece of ["<", "<a ", "&", "<!--", "<script>", "&#"])
    analysis.analyzer("html")?.tokens(piece.repeat(20_000));
  for (const piece of ["a-", "a.", "a1-", "a@"]) analysis.analyzer("old")?.tokens(piece.repeat(20_000));
  assert.ok(performance.now() - begin < 10_000);
});

test("Hebrew letters keep the marks of abbreviations, and half a character swallows nothing", () => {
  const found = (text: string) => analyzeText(text, "standard").map(({ token, type }) => [token, type]);
  assert.deepEqual(found("aא' ב'2 צה\"ל a\"b"), [
    ["aא'", "<ALPHANUM>"],
    ["ב'2", "<ALPHANUM>"],
    ['צה"ל', "<ALPHANUM>"],
    ["a", "<ALPHANUM>"],
    ["b", "<ALPHANUM>"],
  ]);
  assert.deepEqual(found("\ud83dmuseum _25"), [
    ["museum", "<ALPHANUM>"],
    ["_25", "<NUM>"],
  ]);
});
