import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../kernel/index.ts";
import { parseMappings } from "../../mapping/parse-mappings.ts";
import { createCollectionIndex, searchMany } from "./collection-index.ts";
import { filled, finish, indexOf, mappings, people, run } from "./people-fixture.ts";

test("hits are sorted by several keys, with missing values last unless asked otherwise", () => {
  const order = (sort: unknown) => run({ sort }).hits.map((hit) => hit.id);
  assert.deepEqual(order([{ age: "desc" }]), ["d1", "d2", "d0", "d3"]);
  assert.deepEqual(order([{ age: { order: "asc", missing: "_first" } }]), ["d3", "d0", "d2", "d1"]);
  assert.deepEqual(order([{ age: { order: "asc", missing: 40 } }]), ["d0", "d3", "d2", "d1"]);
  assert.deepEqual(order(["name"]), ["d0", "d2", "d1", "d3"]);
  assert.deepEqual(order([{ tags: "asc" }, { name: "desc" }]), ["d1", "d0", "d2", "d3"]);
  assert.deepEqual(order([{ nope: { unmapped_type: "long" } }, { born: "asc" }]), ["d0", "d1", "d2", "d3"]);
  assert.deepEqual(order([{ _geo_distance: { at: "40,-74", unit: "km" } }]), ["d1", "d2", "d0", "d3"]);
  assert.deepEqual(order([{ _geoDistance: { at: "40,-74" } }]), order([{ _geo_distance: { at: "40,-74" } }]));
  const [first] = run({ sort: [{ born: "desc" }, "_score"] }).hits;
  assert.deepEqual([first?.id, first?.score, first?.sort], ["d2", 1, [Date.parse("1912-06-23"), 1]]);
  assert.equal(run({ sort: ["age"] }).hits[0]?.score, null);
});

test("pages follow each other by from and size, or by search_after", () => {
  const page = (body: JSONObject, from: number) => run({ sort: ["name"], ...body }, { from, size: 2 });
  assert.deepEqual(
    page({}, 0).hits.map((hit) => hit.id),
    ["d0", "d2"],
  );
  assert.deepEqual(
    page({}, 2).hits.map((hit) => hit.id),
    ["d1", "d3"],
  );
  assert.deepEqual(
    page({ search_after: ["alan"] }, 0).hits.map((hit) => hit.id),
    ["d1", "d3"],
  );
  assert.deepEqual(
    page({ search_after: ["b"] }, 0).hits.map((hit) => hit.id),
    ["d1", "d3"],
  );
  assert.equal(page({ search_after: ["zzz"] }, 0).total, 4);
});

test("post_filter narrows hits but not aggregations, min_score both", () => {
  const filtered = run({ post_filter: { term: { name: "ada" } }, aggs: { n: { value_count: { field: "name" } } } });
  assert.deepEqual([filtered.total, filtered.aggregations], [1, { n: { value: 4 } }]);
  const scored = run({
    query: { term: { name: { value: "ada", boost: 5 } } },
    min_score: 100,
    aggs: { n: { value_count: { field: "name" } } },
  });
  assert.deepEqual([scored.total, scored.aggregations], [0, { n: { value: 0 } }]);
});

test("collapse answers the best of each group, and its members as inner hits", () => {
  const documents = [{ g: "a", n: 1 }, { g: "b", n: 5 }, { g: "a", n: 9 }, { n: 7 }];
  const groups = indexOf(documents, parseMappings({ properties: { g: { type: "keyword" }, n: { type: "long" } } }));
  const body = { sort: [{ n: "desc" }], collapse: { field: "g", inner_hits: { name: "all", sort: [{ n: "asc" }] } } };
  const { hits, total } = finish(
    groups.search({ body, from: 0, size: 10, now: 0, fetch: (_, number) => documents[(number - 1) / 3] }),
  );
  assert.equal(total, 4);
  assert.deepEqual(
    hits.map((hit) => [hit.id, hit.innerHits?.all?.map((one) => one.source)]),
    [
      [
        "d2",
        [
          { g: "a", n: 1 },
          { g: "a", n: 9 },
        ],
      ],
      ["d3", [{ n: 7 }]],
      ["d1", [{ g: "b", n: 5 }]],
    ],
  );
  for (const part of [{ size: -1 }, { size: 0.5 }, { from: -1 }]) {
    const wrong = { collapse: { field: "g", inner_hits: { name: "all", ...part } } };
    const asked = groups.search({ body: wrong, from: 0, size: 10, now: 0 });
    assert.throws(() => finish(asked), /collapse\.inner_hits\.(size|from)\] must be a whole number, 0 or more/);
  }
});

test("nested objects match for themselves, score by mode, and come back as inner hits", () => {
  const documents = [
    {
      items: [
        { sku: "x", n: 1 },
        { sku: "y", n: 2 },
      ],
    },
    { items: { sku: "x", n: 2 } },
    { items: [] },
    {
      items: [
        { sku: "z", n: 3 },
        { sku: "x", n: 8 },
      ],
    },
  ];
  const nested = indexOf(
    documents,
    parseMappings({
      properties: { items: { type: "nested", properties: { sku: { type: "keyword" }, n: { type: "long" } } } },
    }),
  );
  const search = (body: JSONObject) =>
    finish(nested.search({ body, from: 0, size: 10, now: 0, fetch: (_, number) => documents[(number - 1) / 3] }));
  const both = { bool: { filter: [{ term: { "items.sku": "x" } }, { term: { "items.n": 2 } }] } };
  assert.deepEqual(
    search({ query: { nested: { path: "items", query: both } } }).hits.map((hit) => hit.id),
    ["d1"],
  );
  assert.equal(search({ query: { term: { "items.sku": "x" } } }).total, 0);
  const sum = search({
    query: {
      nested: {
        path: "items",
        query: { range: { "items.n": { gt: 1 } } },
        score_mode: "sum",
        inner_hits: { sort: [{ "items.n": "desc" }] },
      },
    },
  });
  assert.deepEqual(
    sum.hits.map((hit) => [hit.id, hit.score, hit.innerHits?.items?.map((one) => one.source?.n)]),
    [
      ["d3", 2, [8, 3]],
      ["d0", 1, [2]],
      ["d1", 1, [2]],
    ],
  );
  const sorted = search({
    sort: [{ "items.n": { order: "desc", nested: { path: "items", filter: { term: { "items.sku": "x" } } } } }],
  });
  assert.deepEqual(
    sorted.hits.map((hit) => hit.id),
    ["d3", "d1", "d0", "d2"],
  );
  const { aggregations } = search({
    aggs: {
      i: {
        nested: { path: "items" },
        aggs: { s: { terms: { field: "items.sku" }, aggs: { docs: { reverse_nested: {} } } } },
      },
    },
  });
  assert.deepEqual(aggregations, {
    i: {
      doc_count: 5,
      s: {
        doc_count_error_upper_bound: 0,
        sum_other_doc_count: 0,
        buckets: [
          { key: "x", doc_count: 3, docs: { doc_count: 3 } },
          { key: "y", doc_count: 1, docs: { doc_count: 1 } },
          { key: "z", doc_count: 1, docs: { doc_count: 1 } },
        ],
      },
    },
  });
});

test("highlights mark the words that were found, and nothing else", () => {
  const highlighted = (body: JSONObject) =>
    run(body, { fetch: (_, number) => people[(number - 1) / 3] as JSONObject }).hits.map((hit) => hit.highlight);
  const match = { match: { bio: "compilers code" } };
  assert.deepEqual(
    highlighted({
      query: { bool: { must: match, filter: { term: { name: "grace" } } } },
      highlight: { fields: { bio: {} } },
    }),
    [{ bio: ["Programmer of <em>compilers</em>; <em>compilers</em> and <em>code</em>"] }],
  );
  assert.deepEqual(
    highlighted({
      query: { match_phrase: { bio: "broke code" } },
      highlight: { pre_tags: ["["], post_tags: ["]"], fields: { "b*": {} } },
    }),
    [{ bio: ["Mathematician who [broke] [code]"] }],
  );
  assert.deepEqual(highlighted({ query: { term: { name: "ada" } }, highlight: { fields: { bio: {} } } }), [undefined]);
});

test("several collections answer as one: hits merged by their values, aggregations over all", () => {
  const sizes = { headDocuments: 1, mergedAtOnce: 2, maxDocuments: 10 };
  const first = filled(createCollectionIndex(mappings), people);
  const other = filled(createCollectionIndex(mappings, {}, sizes), [
    { name: "zed", age: 50, tags: ["code"] },
    { name: "abe", age: 1 },
  ]);
  const search = (body: JSONObject) => finish(searchMany([first, other], { body, from: 0, size: 4, now: 0 }));
  const answer = search({
    sort: ["name"],
    aggs: { tags: { terms: { field: "tags", size: 1 } }, names: { cardinality: { field: "name" } } },
  });
  assert.deepEqual(
    answer.hits.map((hit) => [hit.index, hit.id]),
    [
      [1, "d1"],
      [0, "d0"],
      [0, "d2"],
      [0, "d1"],
    ],
  );
  assert.equal(answer.total, 6);
  assert.deepEqual(answer.aggregations, {
    tags: { doc_count_error_upper_bound: 0, sum_other_doc_count: 3, buckets: [{ key: "code", doc_count: 3 }] },
    names: { value: 6 },
  });
});

test("aggregations count, nest, and compute from each other", () => {
  const aggs = {
    tags: {
      terms: { field: "tags", order: { age: "desc" } },
      aggs: {
        age: { avg: { field: "age" } },
        oldest: { top_hits: { size: 1, sort: [{ age: "desc" }], _source: "name" } },
      },
    },
    best: { max_bucket: { buckets_path: "tags>age" } },
    ages: { range: { field: "age", ranges: [{ to: 40 }, { from: 40, key: "old" }] } },
    stats: { stats: { field: "age" } },
    years: { date_histogram: { field: "born", calendar_interval: "year", min_doc_count: 1, format: "yyyy" } },
    none: { missing: { field: "age" } },
    filtered: { filter: { term: { name: "ada" } }, aggs: { n: { value_count: { field: "tags" } } } },
    middle: { percentiles: { field: "age", percents: [50] } },
    pages: { composite: { size: 2, sources: [{ tag: { terms: { field: "tags" } } }], after: { tag: "code" } } },
  };
  const fetch = (_: number, number: number) => people[(number - 1) / 3] as JSONObject;
  const bucket = (key: string, count: number, age: number, id: string, name: string) => ({
    key,
    doc_count: count,
    age: { value: age },
    oldest: {
      hits: {
        total: { value: count, relation: "eq" },
        max_score: null,
        hits: [{ _id: id, _score: null, _source: { name }, sort: [name === "grace" ? 85 : 41] }],
      },
    },
  });
  assert.deepEqual(run({ aggs }, { size: 0, fetch }).aggregations, {
    tags: {
      doc_count_error_upper_bound: 0,
      sum_other_doc_count: 0,
      buckets: [
        bucket("code", 2, 60.5, "d1", "grace"),
        bucket("crypto", 1, 41, "d2", "alan"),
        bucket("math", 2, 38.5, "d2", "alan"),
      ],
    },
    best: { value: 60.5, keys: ["code"] },
    ages: {
      buckets: [
        { key: "*-40.0", to: 40, doc_count: 1 },
        { key: "old", from: 40, doc_count: 2 },
      ],
    },
    stats: { count: 3, min: 36, max: 85, avg: 54, sum: 162 },
    years: {
      buckets: [1815, 1906, 1912].map((year) => ({
        key_as_string: String(year),
        key: Date.UTC(year, 0, 1),
        doc_count: 1,
      })),
    },
    none: { doc_count: 1 },
    filtered: { doc_count: 1, n: { value: 2 } },
    middle: { values: { "50.0": 41 } },
    pages: {
      after_key: { tag: "math" },
      buckets: [
        { key: { tag: "crypto" }, doc_count: 1 },
        { key: { tag: "math" }, doc_count: 2 },
      ],
    },
  });
});

test("only the terms that are answered are sorted, and the others are counted", () => {
  const many = createCollectionIndex(parseMappings({ properties: { k: { type: "keyword" } } }));
  for (let i = 0; i < 20_000; i++) many.add(i, `d${i}`, { k: `k${String(i % 15_000).padStart(5, "0")}` });
  const search = (size: number) =>
    finish(many.search({ body: { aggs: { k: { terms: { field: "k", size } } } }, from: 0, size: 0, now: 0 }))
      .aggregations?.k as JSONObject;
  assert.deepEqual(search(2), {
    doc_count_error_upper_bound: 0,
    sum_other_doc_count: 19_996,
    buckets: [
      { key: "k00000", doc_count: 2 },
      { key: "k00001", doc_count: 2 },
    ],
  });
  const all = search(6000).buckets as readonly JSONObject[];
  assert.deepEqual(all[5999], { key: "k05999", doc_count: 1 });
});

test("a removed document is gone, and an updated one is found by its new content only", () => {
  const changing = indexOf(people);
  changing.remove(4);
  changing.remove(4);
  changing.remove(5);
  changing.add(20, "d0", { name: "countess" });
  changing.remove(1);
  assert.deepEqual([changing.documents, changing.removed], [3, 2]);
  const found = (query: JSONObject) => [...finish(changing.matchAll(query, 0))];
  assert.deepEqual(found({}), [7, 10, 20]);
  assert.deepEqual(found({ terms: { name: ["ada", "grace", "countess"] } }), [20]);
  assert.deepEqual(found({ ids: { values: ["d0"] } }), [20]);
});

test("a search sees the state at its first step, whatever is added and removed before its last", () => {
  const growing = createCollectionIndex(mappings);
  for (let i = 0; i < 60_000; i++) growing.add(i, `d${i}`, { name: `n${i % 10}`, age: i % 100 });
  // Age 0: gone before, and so there is a set of removed documents to look at.
  growing.remove(0);
  // As many clauses as it takes to need several steps.
  const query = {
    bool: { filter: Array.from({ length: 400 }, (_, i) => ({ range: { age: { gte: 50, lt: 200 + i } } })) },
  };
  const aggs = { names: { terms: { field: "name" } } };
  const search = growing.search({ body: { query, aggs }, from: 0, size: 3, now: 0 });
  const all = growing.matchAll(query, 0);
  let steps = 0;
  let result = search.next();
  let numbers = all.next();
  while (result.done !== true || numbers.done !== true) {
    // From the end, which no step has reached yet.
    for (let i = 0; i < 2000; i++) growing.remove(59_999 - steps * 2000 - i);
    growing.add(60_000 + steps, `late${steps}`, { name: `new${steps}`, age: 99 });
    steps++;
    if (result.done !== true) result = search.next();
    if (numbers.done !== true) numbers = all.next();
  }
  assert.ok(steps > 3, `${steps} steps`);
  assert.equal(result.value.total, 30_000);
  assert.equal(numbers.value.length, 30_000);
  const names = result.value.aggregations?.names as { buckets: { key: string }[] } | undefined;
  assert.deepEqual(names?.buckets.map(({ key }) => key).sort(), [
    "n0",
    "n1",
    "n2",
    "n3",
    "n4",
    "n5",
    "n6",
    "n7",
    "n8",
    "n9",
  ]);
});

test("new fields of a mapping are indexed from then on", () => {
  const index = createCollectionIndex(parseMappings({ properties: { a: { type: "keyword" } } }));
  index.add(1, "x", { a: "1", b: "2" });
  index.updateMappings(parseMappings({ properties: { a: { type: "keyword" }, b: { type: "keyword" } } }));
  index.add(2, "y", { a: "1", b: "2" });
  assert.deepEqual([...finish(index.matchAll({ term: { b: "2" } }, 0))], [2]);
});

test("sub-fields, aliases, normalizers, null values, copies and addresses are searched as their mapping says", () => {
  const properties = {
    t: { type: "text", copy_to: "all", fields: { raw: { type: "keyword" } } },
    same: { type: "alias", path: "t.raw" },
    k: { type: "keyword", normalizer: "lowercase", null_value: "none", copy_to: ["all"] },
    short: { type: "keyword", ignore_above: 3 },
    all: { type: "text" },
    ip: { type: "ip" },
    f: { type: "scaled_float", scaling_factor: 10 },
  };
  const index = indexOf(
    [
      { t: "Big Fox", k: "RED", short: "abcd", ip: "10.1.2.3", f: 1.26 },
      { k: null, short: "abc", ip: "::1" },
    ],
    parseMappings({ properties }),
  );
  const found = (query: JSONObject) => [...finish(index.matchAll(query, 0))];
  assert.deepEqual(found({ term: { "t.raw": "Big Fox" } }), [1]);
  assert.deepEqual(found({ term: { same: "Big Fox" } }), [1]);
  assert.deepEqual(found({ term: { k: "Red" } }), [1]);
  assert.deepEqual(found({ term: { k: "none" } }), [4]);
  assert.deepEqual(found({ exists: { field: "short" } }), [4]);
  assert.deepEqual(found({ match: { all: { query: "fox red", operator: "and" } } }), [1]);
  assert.deepEqual(found({ term: { ip: "10.1.0.0/16" } }), [1]);
  assert.deepEqual(found({ range: { ip: { lt: "10.0.0.0" } } }), [4]);
  assert.deepEqual(found({ term: { f: 1.3 } }), [1]);
});
