import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JSONObject } from "../../../../../kernel/index.ts";
import { createCollectionIndex, type IndexHit } from "../collection-index.ts";
import { TwinIndex } from "../twin-index.ts";
import { filled, idsOf, mappings, percolate, search, stored } from "./percolate-fixture.ts";

const given: readonly JSONObject[] = [
  {},
  { title: "a new bonsai tree in the office" },
  { title: "bonsai", city: "Rome", age: 7 },
  { title: ["tree", "bonsai"], weighed: "tree", city: ["Oslo", "Rome"], age: 40, isOpen: true },
  { at: "2020-01-02T03:04:05Z", ip: "10.1.2.3", place: { lat: 41.01, lon: 3 }, free: { a: "x" } },
  {
    visits: [
      { city: "Rome", nights: 1 },
      { city: "Bern", nights: 5 },
    ],
  },
  { visits: [{ city: "Rome", nights: 3 }], isOpen: false, age: "12" },
  { fresh: "field", title: "Bonsai" },
];

const slotsOf = (hits: readonly IndexHit[]): JSONObject =>
  Object.fromEntries(hits.map(({ id, fields }) => [id, fields?._percolator_document_slot]));

/** The stored queries that find a document in a collection of its own. */
function findersOf(document: JSONObject): string[] {
  const alone = createCollectionIndex(mappings);
  alone.add(1, "_temp_id", document);
  return Object.keys(stored).filter((id) => search(alone, { query: stored[id] }).length > 0);
}

describe("percolate", () => {
  test("finds the stored queries that find a document, in segments of every kind", () => {
    const index = filled();
    for (const document of given)
      assert.deepEqual(
        idsOf(search(index, { query: percolate({ document }) })),
        findersOf(document).sort(),
        JSON.stringify(document),
      );
    assert.equal(findersOf(given[1] ?? {}).length, 14);
  });

  test("says which of several documents each query matched", () => {
    const slots = slotsOf(search(filled(), { query: percolate({ documents: given }) }));
    const wanted = Object.fromEntries(
      Object.keys(stored).flatMap((id) => {
        const own = given.flatMap((document, slot) => (findersOf(document).includes(id) ? [slot] : []));
        return own.length === 0 ? [] : [[id, own]];
      }),
    );
    assert.deepEqual(slots, wanted);
  });

  test("scores as the reference engine does, by the given documents alone and without its factor", () => {
    const scores = (query: JSONObject): JSONObject =>
      Object.fromEntries(search(filled(), { query }).map(({ id, score }) => [id, Number(score?.toFixed(6))]));
    const alone = scores(percolate({ document: { title: "a new bonsai tree in the office", weighed: "x" } }));
    assert.deepEqual([alone.words, alone.phrase, alone.everything, alone.elsewhere], [0.261529, 0.261529, 1, 0]);
    const documents = [
      { title: "a new bonsai tree in the office" },
      { title: "bonsai" },
      { title: "tree tree", visits: [{ city: "Rome", nights: 1 }] },
      { visits: [{ city: "Rome", nights: 3 }] },
    ];
    const several = scores(percolate({ documents, boost: 7 }));
    assert.deepEqual([several.words, several.phrase], [0.330988, 0.294673]);
    const constant = scores({ constant_score: { filter: percolate({ document: { city: "Rome" } }), boost: 4 } });
    assert.deepEqual(new Set(Object.values(constant)), new Set([4]));
    assert.equal(scores({ bool: { filter: percolate({ document: { city: "Rome" } }) } }).city, 0);
  });

  test("is told from others by its name, and marks what the queries found", () => {
    const query = {
      bool: {
        should: [
          percolate({ document: { title: "bonsai" }, name: "a" }),
          percolate({ documents: [{ title: "tree" }, { city: "Rome" }] }),
        ],
      },
    };
    const hits = new Map(search(filled(), { query, highlight: { fields: { title: {} } } }).map((hit) => [hit.id, hit]));
    assert.deepEqual(hits.get("words")?.fields, {
      _percolator_document_slot_a: [0],
      _percolator_document_slot_query: [0],
    });
    assert.deepEqual(hits.get("words")?.highlight, { a_title: ["<em>bonsai</em>"], query_0_title: ["<em>tree</em>"] });
    assert.deepEqual(hits.get("city")?.fields, { _percolator_document_slot_query: [1] });
    assert.equal(hits.get("city")?.highlight, undefined);
    const single = {
      query: { bool: { must: [percolate({ document: { title: "a bonsai" } }), { match: { title: "saved" } }] } },
    };
    const [hit] = search(filled(), { ...single, highlight: { fields: { title: {} } }, min_score: 0.1 }).filter(
      ({ id }) => id === "words",
    );
    assert.deepEqual(hit?.highlight, { title: ["a <em>bonsai</em>"] });
  });

  test("takes removed and replaced queries for gone", () => {
    const index = filled();
    const number = (id: string): number => Object.keys(stored).indexOf(id) + 1;
    const document = { city: "Rome" };
    index.remove(number("city"));
    index.remove(number("pattern"));
    index.add(100, "pattern", { query: { term: { city: "Oslo" } } });
    const found = idsOf(search(index, { query: percolate({ document }) }));
    assert.deepEqual(
      found,
      findersOf(document)
        .filter((id) => id !== "city" && id !== "pattern")
        .sort(),
    );
    assert.ok(idsOf(search(index, { query: percolate({ document: { city: "Oslo" } }) })).includes("pattern"));
  });

  test("asks each field for its own queries, and those of objects", () => {
    const index = new TwinIndex(mappings);
    index.add(1, "a", { query: { term: { city: "Rome" } } });
    index.add(2, "b", { saved: { query: { term: { city: "Rome" } } } });
    index.add(3, "c", { saved: { query: { term: { city: "Oslo" } } }, query: { term: { city: "Rome" } } });
    const ask = (field: string) =>
      idsOf(search(index, { query: { percolate: { field, document: { city: "Rome" } } } }));
    assert.deepEqual([ask("query"), ask("saved.query")], [["a", "c"], ["b"]]);
    assert.deepEqual(idsOf(search(index, { query: { exists: { field: "saved.query" } } })), ["b", "c"]);
    assert.deepEqual(idsOf(search(index, { query: { exists: { field: "saved" } } })), ["b", "c"]);
  });

  test("lets others have their turn, and runs a query once for all who have stored it", () => {
    const index = createCollectionIndex(mappings);
    const matching = (i: number): JSONObject => ({ bool: { must_not: { term: { city: `c${i % 6_000}` } } } });
    for (let i = 0; i < 9_000; i++) index.add(i + 1, `q${i}`, { query: matching(i) });
    const work = index.search({ body: { query: percolate({ document: { city: "c7" } }) }, from: 0, size: 1, now: 0 });
    let steps = 0;
    let step = work.next();
    for (; step.done !== true; step = work.next()) steps++;
    assert.equal(step.value.total, 9_000 - 2);
    assert.ok(steps >= 2, `${steps} steps`);
  });

  test("takes queries of any length", () => {
    const index = new TwinIndex(mappings);
    const long = { terms: { city: Array.from({ length: 20_000 }, (_, i) => `city number ${i}`) } };
    index.add(1, "long", { query: long });
    index.add(2, "short", { query: { term: { city: "Rome" } } });
    index.add(3, "again", { query: long });
    const ask = (city: string) => idsOf(search(index, { query: percolate({ document: { city } }) }));
    assert.deepEqual([ask("city number 19999"), ask("Rome")], [["again", "long"], ["short"]]);
  });
});
