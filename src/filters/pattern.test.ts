import assert from "node:assert/strict";
import { test } from "node:test";
import { RE2JS } from "re2js";
import { Pattern } from "./pattern.ts";
import { findRequiredText } from "./required-text.ts";

test("plain expressions are recognised as what they are", () => {
  assert.deepEqual(findRequiredText("abc", ""), { text: "abc", exact: "anywhere" });
  assert.deepEqual(findRequiredText("^abc", ""), { text: "abc", exact: "start" });
  assert.deepEqual(findRequiredText("abc$", ""), { text: "abc", exact: "end" });
  assert.deepEqual(findRequiredText("^a\\.b$", ""), { text: "a.b", exact: "whole" });
});

test("the longest part that every match contains is found", () => {
  const parts: readonly [source: string, text: string | undefined][] = [
    ["ab.*cde[0-9]+f", "cde"],
    ["abcd?e", "abc"],
    ["abc+d", "abc"],
    ["abx{0,3}y", "ab"],
    ["(longer)?ab", "ab"],
    ["^abc", "abc"],
    ["ab|cdef", undefined],
    ["(?i)abc", undefined],
    ["\\x41bc", undefined],
    ["[a-z]+", undefined],
    ["a*", undefined],
    ["ab\\d+cde", "cde"],
    ["price \\$", "price $"],
    ["", undefined],
  ];
  for (const [source, text] of parts) assert.equal(findRequiredText(source, "")?.text, text, source);
  assert.equal(findRequiredText("abc", "i"), undefined);
  assert.deepEqual(findRequiredText("^abc", "m"), { text: "abc", exact: "none" });
});

test("taking the short cut never changes the answer", () => {
  let state = 7;
  const upTo = (limit: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
  const pieces = [
    "a",
    "b",
    "ab",
    "c",
    ".",
    "a?",
    "b*",
    "c+",
    "[ab]",
    "[^a]",
    "(ab)?",
    "(b|c)",
    "\\.",
    "a{0,2}",
    "b{2}",
    "\\w",
    "^",
    "$",
    "é",
    "😀?",
  ];
  const letters = ["a", "b", "c", ".", "é", "😀", "\n"];
  let compared = 0;
  for (let i = 0; i < 1_500; i++) {
    let source = "";
    for (let j = upTo(5); j >= 0; j--) source += pieces[upTo(pieces.length)] ?? "";
    const flags = ["", "i", "m", "s"][upTo(4)] ?? "";
    const bits = { "": 0, i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE, s: RE2JS.DOTALL }[flags] ?? 0;
    let reference: RE2JS;
    try {
      reference = RE2JS.compile(RE2JS.translateRegExp(source), bits);
    } catch {
      continue;
    }
    const pattern = new Pattern(source, flags, "re2");
    for (let k = 0; k < 6; k++) {
      let text = "";
      for (let j = upTo(7); j > 0; j--) text += letters[upTo(letters.length)] ?? "";
      assert.equal(pattern.test(text), reference.test(text), `/${source}/${flags} on ${JSON.stringify(text)}`);
      compared++;
    }
  }
  assert.ok(compared > 3_000);
});

test("an expression displaced from the compiled ones is compiled again when needed", () => {
  const first = new Pattern("x[0-9]", "", "re2");
  for (let i = 0; i < 10_001; i++) new Pattern(`[${i % 10}]`, "", "js");
  assert.ok(first.test("x1"));
  assert.equal(first.test("xy"), false);
});
