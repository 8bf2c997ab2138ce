import assert from "node:assert/strict";
import { test } from "node:test";
import { GrowingDictionary } from "./growing-dictionary.ts";
import { GrowingPostings } from "./growing-postings.ts";
import { PostingCursor } from "./postings.ts";
import { decodeLength, encodeLength } from "./text-length.ts";

function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

test("lengths fit in one byte as Lucene writes them", () => {
  for (let length = 0; length < 40; length++) assert.equal(decodeLength(encodeLength(length)), length);
  assert.deepEqual(
    [40, 41, 42, 100, 1000, 1_000_000].map((length) => decodeLength(encodeLength(length))),
    [40, 40, 42, 96, 984, 983_064],
  );
});

test("a dictionary finds its terms again, orders them by bytes, and ranks newcomers between their neighbours", () => {
  const dictionary = new GrowingDictionary();
  const terms = Array.from({ length: 5000 }, (_, i) => `${["é", "z", "a", "😀", ""][i % 5]}${(i * 7919) % 5000}`);
  for (const [i, term] of terms.entries()) assert.equal(dictionary.add(term), i);
  assert.equal(dictionary.add(terms[77] ?? ""), 77);
  assert.equal(dictionary.find("nope"), -1);
  const expected = [...terms].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  assert.deepEqual(
    [...finish(dictionary.sorted())].map((ord) => dictionary.term(ord)),
    expected,
  );
  dictionary.add("a15x");
  dictionary.add("zz");
  const ranks = finish(dictionary.ranks());
  const all = [...terms, "a15x", "zz"];
  const byRank = all.map((_, ord) => ord).sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0));
  assert.deepEqual(
    byRank.map((ord) => all[ord]),
    all.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
  );
  const place = dictionary.rankOf("a15w", ranks);
  const before = all.filter((term) => Buffer.compare(Buffer.from(term), Buffer.from("a15w")) < 0);
  assert.ok(before.every((term) => (ranks[dictionary.find(term)] ?? 0) < place));
  assert.ok(all.filter((term) => !before.includes(term)).every((term) => (ranks[dictionary.find(term)] ?? 0) > place));
  const range = finish(dictionary.range({ low: "a1", high: "a2", excludeHigh: true }));
  assert.deepEqual(range.map((ord) => all[ord]).sort(), all.filter((term) => term >= "a1" && term < "a2").sort());
});

test("postings are read window by window, and a cursor does not see what comes later", () => {
  const postings = new GrowingPostings(2);
  const expected: number[] = [];
  for (let doc = 0; doc < 9000; doc++) {
    if (doc % 3 === 0) {
      postings.append(1, doc, doc + 7);
      expected.push(doc);
    }
    postings.append(0, doc, 0);
  }
  const cursor = new PostingCursor(postings, 1);
  for (let doc = 9000; doc < 9500; doc++) postings.append(1, doc, 0);
  const docs = new Uint32Array(4096);
  const beside = new Uint32Array(4096);
  const read: number[] = [];
  // The window from 2000 to 4000 is passed over.
  for (const [base, end] of [
    [0, 2000],
    [4000, 8000],
    [8000, 20_000],
  ] as const) {
    const taken = cursor.take(base, end, docs, beside);
    for (let i = 0; i < taken; i++) {
      read.push(docs[i] ?? -1);
      assert.equal(beside[i], (docs[i] ?? 0) + 7);
    }
  }
  assert.deepEqual(
    read,
    expected.filter((doc) => doc < 2000 || doc >= 4000),
  );
});
