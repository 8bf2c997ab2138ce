import assert from "node:assert/strict";
import { test } from "node:test";
import { Budget } from "../../budget.ts";
import { finish } from "../../people-fixture.ts";
import { SortedDictionary } from "../../segment/sorted-dictionary.ts";
import { TermBytes } from "../../segment/term-bytes.ts";
import { CloseTerms } from "./close-terms.ts";

let state = 3;
function below(limit: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

const letters = ["a", "b", "c", "é", "語", "𝄞"];
const word = (most: number): string =>
  Array.from({ length: below(most + 1) }, () => letters[below(letters.length)]).join("");

/** The whole table, one row after the other. */
function distance(a: readonly string[], b: readonly string[], exchanges: boolean): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    b.concat("").map((_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.NaN;
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1), at(i - 1, j) + 1, at(i, j - 1) + 1);
      const isExchange = exchanges && i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isExchange) cost = Math.min(cost, at(i - 2, j - 2) + 1);
      (rows[i] as number[])[j] = cost;
    }
  return at(a.length, b.length);
}

function dictionaryOf(words: readonly string[]): SortedDictionary {
  const encoded = words.map((one) => Buffer.from(one)).sort(Buffer.compare);
  const terms = new TermBytes();
  for (const [ord, bytes] of encoded.entries()) terms.append(ord, bytes, 0, bytes.length);
  return new SortedDictionary(terms, encoded.length);
}

test("terms near a word are those that the whole table of distances finds, with as many edits", () => {
  const words = [...new Set(Array.from({ length: 3_000 }, () => word(9)))];
  const dictionary = dictionaryOf(words);
  let near = 0;
  for (let i = 0; i < 60; i++) {
    const wanted = [...word(8)];
    const limit = below(3);
    const exchanges = below(2) === 0;
    const prefix = wanted.slice(0, below(2)).join("");
    const close = new CloseTerms(wanted, limit, exchanges);
    const found = new Map<string, number>();
    finish(close.of(dictionary, prefix, new Budget(), (ord, edits) => found.set(dictionary.term(ord), edits)));
    const expected = new Map<string, number>();
    for (const one of words) {
      const edits = distance([...one], wanted, exchanges);
      assert.equal(close.isNear(one), edits <= limit, `${one} ${wanted.join("")}`);
      if (edits <= limit && one.startsWith(prefix)) expected.set(one, edits);
    }
    assert.deepEqual(new Map([...found].sort()), new Map([...expected].sort()), `${wanted.join("")} ${limit}`);
    near += found.size;
  }
  assert.ok(near > 500, String(near));
});

test("a word of any length can be looked for", () => {
  const long = "ab".repeat(10_000);
  const close = new CloseTerms([...long], 2, true);
  assert.equal(close.isNear(`${long}b`), true);
  assert.equal(close.isNear(`x${long}xx`), false);
});
