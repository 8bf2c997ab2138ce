import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../kernel/index.ts";
import { parseMappings } from "../../mapping/parse-mappings.ts";
import { type CollectionIndex, createCollectionIndex } from "./collection-index.ts";
import { finish } from "./people-fixture.ts";
import type { KeywordField } from "./segment/keyword-field.ts";
import { NumberField } from "./segment/number-field.ts";
import { PackedPostings } from "./segment/packed-postings.ts";
import type { TextField } from "./segment/text-field.ts";

// What is known of frequent terms and of the order of numbers is made for frozen segments of some thousand documents only.

let state = 7;
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;

const words = ["san", "la", "new", "port", "hill", "lake", "rare", "odd"];
const groups = ["a", "b", "c", "d", "e", "f"];
const mappings = parseMappings({
  properties: {
    text: { type: "text" },
    bare: { type: "text", norms: false },
    group: { type: "keyword" },
    owner: { type: "keyword" },
    price: { type: "double" },
    stars: { type: "integer" },
    sold: { type: "boolean" },
  },
});

function document(): JSONObject {
  const text = Array.from({ length: 1 + Math.floor(random() * 9) }, () => words[Math.floor(random() ** 3 * 8)]);
  return {
    text: text.join(" "),
    bare: text.slice(0, 3).join(" "),
    group: pick(groups),
    ...(random() < 0.9 ? { owner: `owner${Math.floor(random() * 400)}` } : {}),
    ...(random() < 0.95 ? { price: Math.round((random() - 0.3) * 1e4) / 100 } : {}),
    stars: Math.floor(random() * 6),
    sold: random() < 0.3,
  };
}

/** Those that are not removed, by number. */
const sources = new Map<number, JSONObject>();

/** The same documents in a growing segment and in two large frozen ones with a growing one behind them. */
function indexes(): readonly [growing: CollectionIndex, frozen: CollectionIndex] {
  const far = { headDocuments: 1_000_000, mergedAtOnce: 8, maxDocuments: 1_000_000 };
  const growing = createCollectionIndex(mappings, {}, far);
  const frozen = createCollectionIndex(mappings, {}, { ...far, headDocuments: 9_000 });
  for (let n = 1; n <= 18_500; n++) {
    const source = document();
    sources.set(n, source);
    for (const index of [growing, frozen]) index.add(n, `d${n}`, source);
    if (frozen.isDue) finish(frozen.maintain());
  }
  while (finish(frozen.maintain()) !== undefined) {}
  assert.equal(frozen.frozen().length, 2);
  for (let n = 3; n < 18_000; n += 17) {
    sources.delete(n);
    for (const index of [growing, frozen]) index.remove(n);
  }
  return [growing, frozen];
}

const [growing, frozen] = indexes();

function assertSame(body: JSONObject, size: number, hasHits = true): void {
  const [one, other] = [growing, frozen].map((index) => finish(index.search({ body, from: 0, size, now: 0 })));
  assert.deepEqual(other, one, JSON.stringify(body));
  if (hasHits) assert.ok((one?.total ?? 0) > 0, JSON.stringify(body));
}

const postingsOf = (path: string): PackedPostings => {
  const field = frozen.frozen()[0]?.root.fields.get(path) as KeywordField | TextField;
  assert.ok(field.postings instanceof PackedPostings);
  return field.postings;
};

test("words that many documents have find and score the same in large segments", () => {
  for (let i = 0; i < 120; i++) {
    const text = Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(words)).join(" ");
    const field = pick(["text", "text", "bare"]);
    const match = { match: { [field]: { query: text, operator: pick(["or", "or", "and"]) } } };
    const query = pick([
      match,
      match,
      { match: { [field]: { query: text, minimum_should_match: 2 } } },
      { bool: { should: [match, { term: { group: { value: pick(groups), boost: 0.1 } } }] } },
      { bool: { must: [match], should: [{ match: { bare: pick(words) } }], filter: [{ term: { sold: true } }] } },
      { bool: { must: [match], must_not: [{ term: { group: pick(groups) } }], boost: 2 } },
      { multi_match: { query: text, fields: ["text^2", "bare"], tie_breaker: 0.3 } },
      { constant_score: { filter: match, boost: 3 } },
    ]);
    const postFilter = random() < 0.2 ? { post_filter: { term: { stars: 3 } } } : {};
    const minScore = random() < 0.1 ? { min_score: 0.8 } : {};
    assertSame({ query, ...postFilter, ...minScore }, pick([1, 10, 100]), !("min_score" in minScore));
  }
  const postings = postingsOf("text");
  assert.ok(postings.memory > postings.arena.byteLength + postings.starts.byteLength, "no term was taken for frequent");
});

test("phrases, and words of few documents, find and score the same in large segments", () => {
  for (let i = 0; i < 120; i++) {
    const field = pick(["text", "text", "bare"]);
    const phrase = Array.from({ length: 2 + Math.floor(random() * 2) }, () => pick(words.slice(0, 5))).join(" ");
    const owner = `owner${Math.floor(random() * 400)}`;
    const query = pick([
      { match_phrase: { [field]: phrase } },
      { match_phrase: { [field]: { query: phrase, slop: 1 + Math.floor(random() * 3) } } },
      { bool: { must: [{ match_phrase: { text: phrase } }], must_not: [{ term: { sold: true } }] } },
      { fuzzy: { owner: { value: `${owner}x`, fuzziness: pick([1, 2]) } } },
      { bool: { should: [{ term: { owner } }, { fuzzy: { owner: { value: owner, boost: 2 } } }] } },
      { match: { [field]: { query: `odd ${pick(["haxx", "lxke", "porx"])}`, fuzziness: 1 } } },
    ]);
    assertSame({ query }, pick([1, 10, 100]), false);
  }
  assertSame({ query: { match_phrase: { text: "san la" } }, explain: true }, 20);
  assertSame({ query: { fuzzy: { owner: "owner1" } } }, 20);
});

test("any of several terms are found, whether few documents have them or many", () => {
  for (let i = 0; i < 60; i++) {
    const [owners, wanted] = [1 + Math.floor(random() * 30), groups.slice(0, 1 + Math.floor(random() * 5))];
    const some = Array.from({ length: owners }, () => `owner${Math.floor(random() * 400)}`);
    const stars = Math.floor(random() * 6);
    const [clause, matches] = pick<readonly [JSONObject, (source: JSONObject) => boolean]>([
      [{ terms: { owner: some } }, ({ owner }) => some.includes(String(owner))],
      [{ terms: { group: wanted } }, ({ group }) => wanted.includes(String(group))],
      [{ prefix: { owner: "owner1" } }, ({ owner }) => String(owner).startsWith("owner1")],
      [{ wildcard: { owner: "owner?7" } }, ({ owner }) => /^owner.7$/.test(String(owner))],
      [{ range: { owner: { gte: "owner20", lt: "owner21" } } }, ({ owner }) => /^owner20/.test(String(owner))],
    ]);
    const only: JSONObject = { bool: { filter: [clause, { range: { stars: { gte: stars } } }] } };
    const others: JSONObject = {
      bool: { must: [clause, { exists: { field: "price" } }], must_not: [{ term: { stars } }] },
    };
    const all = [...sources.values()].filter(matches);
    const counts: readonly (readonly [JSONObject, number])[] = [
      [clause, all.length],
      [only, all.filter((one) => Number(one.stars) >= stars).length],
      [others, all.filter((one) => one.price !== undefined && one.stars !== stars).length],
    ];
    for (const [query, count] of counts) {
      assertSame({ query }, pick([1, 10, 100]), false);
      for (const index of [growing, frozen])
        assert.equal(finish(index.search({ body: { query }, from: 0, size: 0, now: 0 })).total, count);
    }
  }
});

test("scores are explained the same for words that many documents have", () => {
  assertSame({ query: { match: { text: "san hill odd" } }, explain: true }, 20);
});

test("sorted pages are the same where documents are walked in the order of a field", () => {
  const orders = ["asc", "desc"];
  for (let i = 0; i < 120; i++) {
    const first = pick(["price", "stars", "group", "owner", "sold"]);
    const missing = random() < 0.2 ? { missing: "_first" } : {};
    const sort: JSONObject[] = [{ [first]: { order: pick(orders), ...missing } }];
    if (random() < 0.5) sort.push({ [pick(["price", "stars"])]: pick(orders) });
    const query = pick([
      { match_all: {} },
      { match: { text: pick(words) } },
      { term: { owner: `owner${Math.floor(random() * 400)}` } },
      { bool: { filter: [{ term: { sold: true } }, { range: { price: { lt: 10 } } }] } },
    ]);
    const body: JSONObject = { query, sort };
    assertSame(body, pick([1, 10, 300]));
    const [page] = finish(growing.search({ body, from: 0, size: 40, now: 0 })).hits.slice(-1);
    assertSame({ ...body, search_after: [...(page?.sort ?? [])] }, 10, false);
  }
  const price = frozen.frozen()[0]?.root.fields.get("price");
  assert.ok(price instanceof NumberField && price.order.memory > 0, "no order was made");
});

test("pages behind one another are all documents once, also those without a value", () => {
  let after: readonly unknown[] | undefined;
  const seen = new Set<string>();
  for (;;) {
    const body = {
      sort: [{ price: "desc" }, { stars: "asc" }, { _doc: "asc" }],
      ...(after && { search_after: [...after] }),
    };
    const { hits, total } = finish(frozen.search({ body, from: 0, size: 1_000, now: 0 }));
    for (const { id } of hits) seen.add(id);
    after = hits.at(-1)?.sort;
    if (after !== undefined) continue;
    assert.equal(seen.size, total);
    return;
  }
});

test("terms below terms are those of the buckets that are answered", () => {
  const owners = { terms: { field: "owner", size: 3, order: { _key: "asc" } } };
  const best = { top_hits: { size: 2, sort: [{ price: "desc" }] } };
  for (const size of [1, 3, 10])
    for (const order of [{ _count: "desc" }, { _count: "asc" }, { _key: "desc" }])
      for (const aggs of [{ owners }, { best }, { owners: { ...owners, aggs: { best } } }])
        assertSame(
          { query: { match: { text: "hill" } }, aggs: { groups: { terms: { field: "group", size, order }, aggs } } },
          0,
        );
  const empty = { terms: { field: "group", min_doc_count: 0 }, aggs: { owners } };
  assertSame({ query: { term: { owner: "owner7" } }, aggs: { empty } }, 0);
});
