import assert from "node:assert/strict";
import { test } from "node:test";
import { sentenceStarts } from "./sentences.ts";

/** The sentences that java.text.BreakIterator finds, which the reference engine cuts texts with. */
const sentences: readonly (readonly string[])[] = [
  ["One two. three four. ", "Five"],
  ["One two. ", '"said" it. ', '"Said" it'],
  ["One two. ", "<b>bold</b>"],
  ["One.Two. ", "Three.four"],
  ["Wait... ", "What?? ", "no!! ", "Yes"],
  ['He said "no." ', "Then left. ", 'He said "no." then left'],
  ["Mr. ", "Smith met Dr. jones. ", "U.S. ", "Army"],
  ["東京。", "日本語。", "かな"],
  ["line one\nline two\n\nline three"],
  ["tab.\t", "Next. \n ", "Next"],
  ["para\u2029", "Next"],
  ["3.14 is. 2.0. 7"],
  ["[One.] ", "[two.] ", "“Six.” ", "“seven.”"],
  ["One.  ", "Two.   ", "three"],
  ["One. - two. – Three. * four"],
  ["?", "no. !", "yes"],
  ["a.\u00a0", "B. c"],
];

test("a text is cut into sentences as the platform of the reference engine cuts it", () => {
  for (const parts of sentences) {
    const text = parts.join("");
    const starts = [...sentenceStarts(text), text.length];
    assert.deepEqual(
      starts.slice(0, -1).map((start, i) => text.slice(start, starts[i + 1])),
      parts,
    );
  }
});

test("a long run of full stops, quotes and signs is read once", () => {
  const started = performance.now();
  for (const piece of [".", '."', ". ", ".(", "?."]) sentenceStarts(piece.repeat(100_000));
  assert.ok(performance.now() - started < 2_000);
});
