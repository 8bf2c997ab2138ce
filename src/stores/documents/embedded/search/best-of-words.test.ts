import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../kernel/index.ts";
import { parseMappings } from "../../mapping/parse-mappings.ts";
import { type CollectionIndex, createCollectionIndex } from "./collection-index.ts";
import { finish } from "./people-fixture.ts";
import { type Impacts, LeadingEntries } from "./segment/leading-entries.ts";

// A growing segment scores every match; a frozen one leaves out what cannot get among the best.

let state = 11;
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}
const below = (limit: number): number => Math.floor(random() * limit);

/** The first are in every tenth text, the last in few. */
const word = (): string => `w${Math.floor(random() ** 3 * 300)}`;
const mappings = parseMappings({
  properties: { text: { type: "text" }, bare: { type: "text", norms: false }, kind: { type: "keyword" } },
});

const far = { headDocuments: 1_000_000, mergedAtOnce: 8, maxDocuments: 1_000_000 };
const growing = createCollectionIndex(mappings, {}, far);
const frozen = createCollectionIndex(mappings, {}, { ...far, headDocuments: 15_900 });

function fill(): void {
  for (let n = 1; n <= 32_000; n++) {
    const words = Array.from({ length: 1 + below(7) }, word);
    if (random() < 0.1) words.push(words[0] as string, words[0] as string);
    const source = { text: words.join(" "), bare: words.slice(0, 4).join(" "), kind: `k${below(4)}` };
    for (const index of [growing, frozen]) index.add(n, `d${n}`, source);
    if (frozen.isDue) finish(frozen.maintain());
  }
  while (finish(frozen.maintain()) !== undefined) {}
  assert.equal(frozen.frozen().length, 2);
}

function query(): JSONObject {
  const field = random() < 0.7 ? "text" : "bare";
  const match = { match: { [field]: Array.from({ length: 1 + below(4) }, word).join(" ") } };
  const fuzzy = { fuzzy: { [field]: { value: word(), fuzziness: 1 } } };
  const both = { bool: { should: [match, { match: { bare: { query: word(), boost: 3 } } }] } };
  return [match, match, match, fuzzy, both][below(5)] as JSONObject;
}

function assertSame(index: CollectionIndex, body: JSONObject, from: number, size: number): number {
  const [one, other] = [growing, index].map((each) => finish(each.search({ body, from, size, now: 0 })));
  assert.deepEqual(other, one, JSON.stringify(body));
  return one?.total ?? 0;
}

function compareMany(): void {
  let found = 0;
  for (let i = 0; i < 300; i++) {
    const more = random() < 0.2 ? { post_filter: { term: { kind: "k1" } } } : {};
    found +=
      assertSame(frozen, { query: query(), ...more }, below(2) * 5, [1, 3, 10, 50, 0][below(5)] as number) > 20 ? 1 : 0;
  }
  assert.ok(found > 200, `${found} searches found something`);
}

test("the best of the documents with some words are the same whether all are scored or not", () => {
  fill();
  compareMany();
});

test("… and so they are where documents are removed, and by pages", () => {
  for (let n = 5; n < 32_000; n += 13) for (const index of [growing, frozen]) index.remove(n);
  compareMany();
  const body = { query: { match: { text: "w0 w40 w7" } }, sort: ["_score"], track_scores: true };
  const first = finish(frozen.search({ body, from: 0, size: 10, now: 0 }));
  const after = first.hits.at(-1)?.sort;
  assert.ok(after !== undefined);
  for (const key of [after, [2.5]]) assertSame(frozen, { ...body, search_after: key }, 0, 10);
});

test("the best entry of each span is known for whatever average length", () => {
  const spans = 40;
  const entries = Array.from({ length: 2_000 }, () => ({ frequency: 1 + below(below(6) + 1), length: below(30) }));
  const arena = new Uint32Array(entries.length * 2);
  for (const i of entries.keys()) arena.set([i, i], 2 * i);
  const starts = Uint32Array.from({ length: spans + 1 }, (_, i) => Math.floor(((entries.length - 1) * i) / spans) * 2);
  // Two spans without entries: in the middle and at the end.
  starts[7] = starts[6] as number;
  starts[spans - 1] = starts[spans] as number;
  const impactsOf = (average: number): Impacts => ({
    frequency: (extra) => entries[extra]?.frequency ?? 0,
    length: (doc) => entries[doc]?.length ?? 0,
    impact: (frequency, length) => frequency / (0.25 + (0.75 * length) / average),
  });
  const list = { arena, width: 2, from: 0, to: starts[spans] as number } as const;
  const leading = new LeadingEntries(list, starts, impactsOf(5));
  for (const average of [1, 5, 25]) {
    const impacts = impactsOf(average);
    for (let span = 0; span < spans + 2; span++) {
      const own = entries.slice((starts[span] ?? list.to) / 2, (starts[span + 1] ?? list.to) / 2);
      const best = own.reduce((most, { frequency, length }) => Math.max(most, impacts.impact(frequency, length)), 0);
      assert.equal(leading.best(span, impacts), best);
    }
  }
  assert.ok(leading.memory < arena.byteLength / 2);
});
