import assert from "node:assert/strict";
import { test } from "node:test";
import { createAnalysis } from "./analysis.ts";
import { analyzeText } from "./analyze-text.ts";

const words = (analyzer: string, text: string, settings = {}) => {
  const tokens = createAnalysis(settings).analyzer(analyzer)?.tokens(text);
  assert.ok(tokens !== undefined, analyzer);
  return tokens.terms.slice(0, tokens.count);
};

test("the standard analyzer finds words as Unicode defines them", () => {
  assert.deepEqual(words("standard", "The QUICK brown-fox, can't 3.14 1,000 foo_bar!"), [
    "the",
    "quick",
    "brown",
    "fox",
    "can't",
    "3.14",
    "1,000",
    "foo_bar",
  ]);
  assert.deepEqual(words("standard", "Éléonore naïve Straße"), ["éléonore", "naïve", "straße"]);
  assert.deepEqual(words("standard", "東京 カタカナ 안녕 привет"), ["東", "京", "カタカナ", "안녕", "привет"]);
  assert.deepEqual(words("standard", "a.b. x' -- ... ___"), ["a.b", "x"]);
  assert.deepEqual(
    words("standard", "x".repeat(300)).map((word) => word.length),
    [255, 45],
  );
});

test("the other analyzers cut as their names say", () => {
  assert.deepEqual(words("whitespace", "The QUICK-fox 2"), ["The", "QUICK-fox", "2"]);
  assert.deepEqual(words("simple", "The QUICK-fox 2"), ["the", "quick", "fox"]);
  assert.deepEqual(words("keyword", "The QUICK"), ["The QUICK"]);
  assert.deepEqual(words("stop", "The QUICK and the dead"), ["quick", "dead"]);
});

test("removed stop words leave a gap in the positions", () => {
  const tokens = createAnalysis().analyzer("stop")?.tokens("quick and dead");
  assert.deepEqual(tokens?.positions.slice(0, tokens.count), [0, 2]);
});

test("analyzers of the settings combine tokenizers and filters", () => {
  const analysis = {
    analyzer: { start: { tokenizer: "standard", filter: ["lowercase", "asciifolding", "edges"] } },
    filter: { edges: { type: "edge_ngram", min_gram: 2, max_gram: 3 } },
    normalizer: { plain: { type: "custom", filter: ["lowercase", "asciifolding"] } },
  };
  assert.deepEqual(words("start", "Écoles", { analysis }), ["ec", "eco"]);
  assert.equal(createAnalysis({ index: { analysis } }).normalizer("plain")?.("ÉCOLE"), "ecole");
  assert.throws(() => createAnalysis({ analysis: { analyzer: { a: { tokenizer: "nope" } } } }), {
    id: "services.storage.wrong_mapping_property",
  });
});

test("a text can be shown as its terms, by an analyzer or a normalizer of the settings", () => {
  assert.deepEqual(analyzeText("Où est-il?", "standard"), [
    { token: "où", position: 0, startOffset: 0, endOffset: 2, type: "<ALPHANUM>", positionLength: 1 },
    { token: "est", position: 1, startOffset: 3, endOffset: 6, type: "<ALPHANUM>", positionLength: 1 },
    { token: "il", position: 2, startOffset: 7, endOffset: 9, type: "<ALPHANUM>", positionLength: 1 },
  ]);
  const settings = { analysis: { normalizer: { plain: { type: "custom", filter: ["asciifolding"] } } } };
  assert.deepEqual(
    analyzeText("Où", "plain", settings).map(({ token }) => token),
    ["Ou"],
  );
  const cut = { type: "mapping", mappings: ["www. => "] };
  const parts = { char_filter: { cut }, normalizer: { cut: { type: "custom", char_filter: ["cut"] } } };
  assert.deepEqual(analyzeText("www.a", "cut", { analysis: parts }), [
    { token: "a", position: 0, startOffset: 4, endOffset: 5, type: "word", positionLength: 1 },
  ]);
  assert.throws(() => analyzeText("a", "nothing"), { id: "services.storage.wrong_mapping_property" });
});

test("case, folding and spaces are those of the reference engine", () => {
  const settings = {
    analysis: {
      analyzer: {
        upper: { type: "custom", tokenizer: "whitespace", filter: ["uppercase"] },
        trimmed: { type: "custom", tokenizer: "keyword", filter: ["trim"] },
        folded: { type: "custom", tokenizer: "whitespace", filter: ["asciifolding"] },
        once: { type: "custom", tokenizer: "whitespace", filter: ["unique"] },
        grams: { type: "custom", tokenizer: "whitespace", filter: [{ type: "ngram", min_gram: 2, max_gram: 2 }] },
      },
    },
  };
  assert.deepEqual(words("simple", "İstanbul ΟΔΟΣ"), ["istanbul", "οδοσ"]);
  assert.deepEqual(words("upper", "straße\u00a0fine", settings), ["STRAßE\u00a0FINE"]);
  assert.deepEqual(words("trimmed", " \u00a0a ", settings), ["\u00a0a"]);
  assert.deepEqual(words("folded", "Ǆ ﬁn Ⓐ x² « Ⅷ 1️⃣ हिन्दी", settings), [
    "DZ",
    "fin",
    "A",
    "x2",
    '"',
    "Ⅷ",
    "1️⃣",
    "हिन्दी",
  ]);
  assert.deepEqual(words("grams", "a👍b", settings), ["a👍", "👍b"]);
  assert.deepEqual(
    words("whitespace", "x".repeat(300)).map((word) => word.length),
    [255, 45],
  );
  assert.deepEqual(
    analyzeText("a b a c", "once", settings).map(({ token, position }) => [token, position]),
    [
      ["a", 0],
      ["b", 1],
      ["c", 2],
    ],
  );
});

test("a sign is a word with a keycap around it", () => {
  assert.deepEqual(words("standard", "# dial *️⃣21#️⃣ a#️⃣ #\u20e3 *"), ["dial", "*️⃣", "21", "#️⃣", "a", "#️⃣", "#\u20e3"]);
});

test("an emoji keeps its colour, a flag its two letters, a family its members", () => {
  assert.deepEqual(words("standard", "👍🏽 🇫🇷🇩🇪 👨‍👩‍👧❤️ 🎉🎉"), ["👍🏽", "🇫🇷", "🇩🇪", "👨‍👩‍👧", "❤️", "🎉", "🎉"]);
  assert.deepEqual(words("standard", "שלום' a_\u200b"), ["שלום'", "a_"]);
});

test("parts without members do what they do in the reference engine", () => {
  const wordsOf = (tokenizer: unknown, filter: readonly unknown[], text: string): unknown[] =>
    analyzeText(text, "a", { analysis: { analyzer: { a: { tokenizer, filter } } } }).map(({ token }) => token);
  assert.deepEqual(wordsOf("simple_pattern_split", [], "one two"), ["one two"]);
  assert.deepEqual(wordsOf("simple_pattern_split", [], ""), []);
  assert.deepEqual(wordsOf("standard", ["elision"], "l'été L\u2019AVION Qu'elle"), ["été", "AVION", "elle"]);
  assert.deepEqual(wordsOf("standard", ["decimal_digit"], "\u{1d7d8}\u{1d7d9} \u{1d7ff} ١٢"), ["01", "9", "12"]);
  const [, , bar] = analyzeText("タワー", "a", { analysis: { analyzer: { a: { tokenizer: "classic" } } } });
  assert.deepEqual([bar?.token, bar?.type], ["ー", "<CJ>"]);
});

test("patterns have the classes that Java names in its own way", () => {
  const matched = (pattern: string, text: string): unknown[] =>
    analyzeText(text, "a", {
      analysis: { tokenizer: { t: { type: "pattern", pattern, group: 0 } }, analyzer: { a: { tokenizer: "t" } } },
    }).map(({ token }) => token);
  assert.deepEqual(matched("\\p{Punct}+", "a.b-, é¿"), [".", "-,"]);
  assert.deepEqual(matched("[^\\p{Punct}\\s]+", "a.b- é¿"), ["a", "b", "é¿"]);
  assert.deepEqual(matched("\\P{Alpha}+", "ab12é"), ["12é"]);
  assert.deepEqual(matched("[\\[\\]]\\p{Digit}", "[1 ]2 3"), ["[1", "]2"]);
  assert.deepEqual(matched("[]\\p{Digit}]+", "1]a2"), ["1]", "2"]);
  assert.deepEqual(matched("\\p{IsHan}+", "漢字かな"), ["漢字"]);
  assert.deepEqual(matched("[\\p{script=Greek}\\p{IsLu}]+", "αβAb"), ["αβA"]);
  assert.deepEqual(matched("\\h+", "a \u00a0\tb\nc"), [" \u00a0\t"]);
  assert.deepEqual(matched("\\R", "a\r\nb\u2028c"), ["\r\n", "\u2028"]);
  assert.deepEqual(matched("\\Q[\\p{Punct}\\E", "a[\\p{Punct}"), ["[\\p{Punct}"]);
  assert.throws(() => matched("[a-c[x]]", "a"), /a class within a class/);
});

test("a class of characters with && is refused, which would match other characters here", () => {
  const settings = { analysis: { tokenizer: { t: { type: "pattern", pattern: "[a-z&&[^aeiou]]+", group: 0 } } } };
  assert.throws(() => createAnalysis(settings), /analysis\.tokenizer\.t\.pattern \("&&" in a class/);
  const plain = { analysis: { tokenizer: { t: { type: "pattern", pattern: "[a-z]+&&[\\]&]" } } } };
  assert.doesNotThrow(() => createAnalysis(plain));
});
