import type { JSONObject } from "../../../src/kernel/index.ts";
import { words } from "./collection.ts";
import type { Random } from "./random.ts";

const filtered = (filter: unknown, tokenizer: unknown = "standard"): JSONObject => ({
  type: "custom",
  tokenizer,
  filter,
});

/** Settings with every tokenizer, token filter and normalizer that the embedded engine has. */
export const analysisSettings: JSONObject = {
  analysis: {
    analyzer: {
      folding: filtered(["lowercase", "asciifolding"]),
      upper: filtered(["uppercase"], "whitespace"),
      reversed: filtered(["reverse"], "letter"),
      trimmed: filtered(["trim", "lowercase"], "keyword"),
      short: filtered(["short"]),
      cut: filtered(["cut"]),
      once: filtered(["lowercase", "unique"]),
      stopped: filtered(["lowercase", "stop"]),
      ownStops: { type: "standard", stopwords: ["the", "été"] },
      englishStops: { type: "stop", stopwords: "_english_" },
      grams: filtered(["grams"], "whitespace"),
      starts: filtered(["starts"], "whitespace"),
      gramTokens: filtered([], "gramTokens"),
      startTokens: filtered(["lowercase"], "startTokens"),
    },
    filter: {
      short: { type: "length", min: 2, max: 5 },
      cut: { type: "truncate", length: 4 },
      grams: { type: "ngram", min_gram: 2, max_gram: 3 },
      starts: { type: "edge_ngram", min_gram: 1, max_gram: 3 },
    },
    tokenizer: {
      gramTokens: { type: "ngram", min_gram: 2, max_gram: 3, token_chars: ["letter", "digit"] },
      startTokens: { type: "edge_ngram", min_gram: 1, max_gram: 4, token_chars: ["letter"] },
    },
    normalizer: {
      folded: { type: "custom", filter: ["lowercase", "asciifolding"] },
      upperCase: { type: "custom", filter: ["uppercase"] },
    },
  },
};

const sections = analysisSettings.analysis as Readonly<Record<string, JSONObject>>;
export const analyzers = [
  "standard",
  "simple",
  "whitespace",
  "keyword",
  "stop",
  ...Object.keys(sections.analyzer ?? {}),
];
export const normalizers = ["lowercase", ...Object.keys(sections.normalizer ?? {})];

const pieces = [
  ...words,
  ..."can't l'été O’Brien 1,234.56 3.14.15 a.b.c www.example.com user@example.com C++ C# .NET AT&T #tag @name _x_ a_b 10€ £5 50% 2021-05-06T10:00 ½ ² Ⅷ x² H₂O".split(
    " ",
  ),
  ..."ΑΒΓ Σίσυφος Привет мир שלום ד״ר مرحبا हिन्दी ภาษาไทย 한국어 ひらがな カタカナ ｶﾀｶﾅ 漢字 ℃ ﬁ Ǆ ß İstanbul ıı Ⓐ ａｂｃ １２３ é ñ".split(
    " ",
  ),
  ..."👍 👍🏽 👨‍👩‍👧 🇫🇷 ❤️ 1️⃣ 🎉🎉 😀a b😀".split(" "),
  "\u00a0",
  "\u200b",
  "\u00ad",
  "soft\u00adhyphen",
  "tab\there",
  "line\nbreak",
  "—",
  "…",
  "«quoted»",
  "“double”",
  "a:b",
  "1:2",
  "1;2",
  "a;b",
  "x".repeat(300),
];

/** Texts of many scripts, with all sorts of characters between the words. */
export function newText(random: Random): string {
  const between = [" ", " ", " ", "  ", "", "-", ", ", "/", "'", ".", "_", ":"];
  let text = "";
  for (let i = random.between(0, 7); i > 0; i--) text += random.pick(pieces) + random.pick(between);
  return text;
}
