import assert from "node:assert/strict";
import test from "node:test";
import { compileGlob } from "./glob.ts";

const cases: readonly (readonly [pattern: string, text: string, matches: boolean])[] = [
  ["", "", true],
  ["", "a", false],
  ["*", "", true],
  ["*", "anything/at all", true],
  ["a", "a", true],
  ["a", "A", false],
  ["h?llo", "hello", true],
  ["h?llo", "hllo", false],
  ["h*llo", "heeeello", true],
  ["h[ae]llo", "hillo", false],
  ["h[ae]llo", "hallo", true],
  ["h[^e]llo", "hello", false],
  ["h[^e]llo", "hallo", true],
  ["h[a-b]llo", "hbllo", true],
  ["h[b-a]llo", "hallo", true],
  ["[a-", "-", true],
  ["[ab", "b", true],
  ["[]", "]", false],
  ["[\\]]", "]", true],
  ["\\*", "*", true],
  ["\\*", "a", false],
  ["a\\", "a\\", true],
  ["a*b*c", "a1b2c", true],
  ["a*b*c", "acb", false],
  ["*ab*ab*", "ab", false],
  ["*ab*ab*", "xabyabz", true],
  ["a**b", "ab", true],
  ["a*a", "a", false],
  ["{a,b}", "a", false],
  ["{a,b}", "{a,b}", true],
  ["!a", "!a", true],
  ["a/*", "a/b/c", true],
  ["?", "é", false],
  ["??", "é", true],
  ["é*", "été", true],
  ["*\ud83d\ude00", "x😀", true],
  ["*.txt", "a.txt.txt", true],
];

test("patterns match byte by byte as the contract says", () => {
  for (const [pattern, text, matches] of cases) {
    assert.equal(compileGlob(pattern)(text), matches, JSON.stringify([pattern, text]));
  }
});

test("patterns agree with regular expressions on random texts", () => {
  const letters = ["a", "b", "*", "?", "[ab]", "[^a]"];
  const translations = ["a", "b", ".*", ".", "[ab]", "[^a]"];
  for (let round = 0; round < 3000; round++) {
    let pattern = "";
    let source = "";
    for (let i = Math.floor(Math.random() * 7); i >= 0; i--) {
      const pick = Math.floor(Math.random() * letters.length);
      pattern += letters[pick];
      source += translations[pick];
    }
    const matches = compileGlob(pattern);
    const expected = new RegExp(`^${source}$`, "s");
    for (let i = 0; i < 5; i++) {
      const text = Math.floor(Math.random() * 512)
        .toString(3)
        .replace(/\d/g, (digit) => "abc"[Number(digit)] ?? "");
      assert.equal(matches(text), expected.test(text), JSON.stringify([pattern, text]));
    }
  }
});

test("a long segment between stars is found across word borders", () => {
  const long = "abcdefghij".repeat(10);
  const matches = compileGlob(`*${long}*end`);
  assert.equal(matches(`xx${long}yyend`), true);
  assert.equal(matches(`xx${long.slice(1)}yyend`), false);
  assert.equal(matches(`xx${long}yyen`), false);
});

test("hostile patterns take linear time", { timeout: 60_000 }, () => {
  assert.equal(compileGlob(`${"*a".repeat(400)}*b`)("a".repeat(100_000)), false);
  assert.equal(compileGlob(`*${"a".repeat(1000)}b*`)("a".repeat(100_000)), false);
  assert.equal(compileGlob(`${"*".repeat(1000)}x`)("a".repeat(100_000)), false);
  assert.throws(() => compileGlob("*".repeat(1025)), /pattern is too long/);
  assert.equal(compileGlob("k".repeat(5000))("k".repeat(5000)), true);
});
