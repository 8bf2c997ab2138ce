import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../kernel/index.ts";
import { parseMappings } from "../../mapping/parse-mappings.ts";
import { createCollectionIndex } from "./collection-index.ts";

/** The same searches, answered by looking at every document: slow, and too simple to be wrong in the same way. */

let state = 7;
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}
const below = (limit: number): number => Math.floor(random() * limit);
const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;

interface Doc {
  readonly number: number;
  readonly id: string;
  readonly colour?: string;
  readonly tags: readonly string[];
  readonly n: readonly number[];
  readonly price: number;
  readonly words: readonly string[];
}

const colours = ["red", "green", "blue", "Amber", "été", "zinc"];
const vocabulary = ["ash", "bay", "cedar", "elm", "fir", "oak", "pine", "yew"];
const mappings = parseMappings({
  properties: {
    colour: { type: "keyword" },
    tags: { type: "keyword" },
    n: { type: "integer" },
    price: { type: "double" },
    words: { type: "text" },
  },
});

function newDoc(number: number): Doc {
  return {
    number,
    id: `id${number}`,
    ...(random() < 0.8 ? { colour: pick(colours) } : {}),
    tags: Array.from({ length: below(4) }, () => `t${below(12)}`),
    n: Array.from({ length: random() < 0.7 ? 1 : below(4) }, () => below(50)),
    price: Math.round(random() * 1000) / 4,
    words: Array.from({ length: below(8) }, () => pick(vocabulary)),
  };
}

interface Test {
  readonly query: JSONObject;
  matches(doc: Doc): boolean;
}

const leaves: readonly (() => Test)[] = [
  () => {
    const colour = pick(colours);
    return { query: { term: { colour } }, matches: (doc) => doc.colour === colour };
  },
  () => {
    const tags = [`t${below(12)}`, `t${below(14)}`];
    return { query: { terms: { tags } }, matches: (doc) => doc.tags.some((tag) => tags.includes(tag)) };
  },
  () => {
    const [low, high] = [below(50), below(60)];
    return {
      query: { range: { n: { gte: low, lt: high } } },
      matches: (doc) => doc.n.some((n) => n >= low && n < high),
    };
  },
  () => {
    const limit = below(250);
    return { query: { range: { price: { gt: limit } } }, matches: (doc) => doc.price > limit };
  },
  () => {
    const n = below(50);
    return { query: { term: { n } }, matches: (doc) => doc.n.includes(n) };
  },
  () => {
    const field = pick(["colour", "tags", "n", "words"] as const);
    return {
      query: { exists: { field } },
      matches: (doc) =>
        field === "colour" ? doc.colour !== undefined : field === "words" ? true : doc[field].length > 0,
    };
  },
  () => {
    const [a, b] = [pick(vocabulary), pick(vocabulary)];
    return {
      query: { match: { words: `${a} ${b}` } },
      matches: (doc) => doc.words.includes(a) || doc.words.includes(b),
    };
  },
  () => {
    const [a, b] = [pick(vocabulary), pick(vocabulary)];
    return {
      query: { match_phrase: { words: `${a} ${b}` } },
      matches: (doc) => doc.words.some((word, i) => word === a && doc.words[i + 1] === b),
    };
  },
  () => {
    const prefix = pick(["t1", "t", "t11"]);
    return { query: { prefix: { tags: prefix } }, matches: (doc) => doc.tags.some((tag) => tag.startsWith(prefix)) };
  },
  () => ({ query: { wildcard: { colour: "*e*" } }, matches: (doc) => doc.colour?.includes("e") === true }),
  () => {
    const wanted = [`id${below(6000)}`, `id${below(6000)}`];
    return { query: { ids: { values: wanted } }, matches: (doc) => wanted.includes(doc.id) };
  },
];

function newTest(depth: number): Test {
  if (depth === 0 || random() < 0.3) return pick(leaves)();
  const list = (count: number): Test[] => Array.from({ length: count }, () => newTest(depth - 1));
  const [must, filter, should, mustNot] = [list(below(2)), list(below(2)), list(below(4)), list(below(2))];
  const needed =
    should.length > 0 && random() < 0.5
      ? 1 + below(should.length)
      : must.length + filter.length > 0 || should.length === 0
        ? 0
        : 1;
  const query = {
    bool: {
      must: must.map((one) => one.query),
      filter: filter.map((one) => one.query),
      should: should.map((one) => one.query),
      must_not: mustNot.map((one) => one.query),
      minimum_should_match: needed,
    },
  };
  const atLeast = must.length + filter.length === 0 && should.length > 0 ? Math.max(1, needed) : needed;
  return {
    query,
    matches: (doc) =>
      [...must, ...filter].every((one) => one.matches(doc)) &&
      !mustNot.some((one) => one.matches(doc)) &&
      should.filter((one) => one.matches(doc)).length >= atLeast,
  };
}

/** By bytes of UTF-8. */
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Documents in order, those without key last; ties by age. */
function sorted(docs: readonly Doc[], key: (doc: Doc) => number | string | undefined, descending: boolean): string[] {
  return docs
    .map((doc) => ({ doc, key: key(doc) }))
    .sort((a, b) => {
      if (a.key === undefined || b.key === undefined)
        return Number(a.key === undefined) - Number(b.key === undefined) || a.doc.number - b.doc.number;
      const compared = typeof a.key === "string" ? byBytes(a.key, String(b.key)) : a.key - Number(b.key);
      return (descending ? -compared : compared) || a.doc.number - b.doc.number;
    })
    .map(({ doc }) => doc.id);
}

const keys: readonly { readonly field: string; key(doc: Doc, descending: boolean): number | string | undefined }[] = [
  { field: "price", key: (doc) => doc.price },
  {
    field: "n",
    key: (doc, descending) => (doc.n.length === 0 ? undefined : descending ? Math.max(...doc.n) : Math.min(...doc.n)),
  },
  { field: "colour", key: (doc) => doc.colour },
  { field: "tags", key: (doc, descending) => [...doc.tags].sort(byBytes).at(descending ? -1 : 0) },
];

test("random queries, sorts and aggregations answer what looking at every document answers", () => {
  const index = createCollectionIndex(mappings);
  churn(index, { rounds: 4, added: 1300, searches: 30 });
});

test("they answer the same over many segments, which are frozen and merged while documents come and go", () => {
  const index = createCollectionIndex(mappings, {}, { headDocuments: 60, mergedAtOnce: 3, maxDocuments: 3_000 });
  let work: Generator<void, unknown> | undefined;
  let done = 0;
  churn(index, {
    rounds: 8,
    added: 500,
    searches: 15,
    between: () => {
      work ??= index.maintain();
      const step = work.next();
      if (step.done !== true) return;
      work = undefined;
      if (step.value) done++;
    },
  });
  assert.ok(done >= 40, `only ${done} segments were made`);
});

interface Churn {
  readonly rounds: number;
  /** Documents that come in each round. */
  readonly added: number;
  readonly searches: number;
  /** Called after every change. */
  readonly between?: () => void;
}

function churn(index: ReturnType<typeof createCollectionIndex>, { rounds, added, searches, between }: Churn): void {
  let live: Doc[] = [];
  let number = 0;
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < added; i++) {
      const doc = newDoc(number++);
      const { words, n, ...rest } = doc;
      index.add(doc.number, doc.id, { ...rest, words: words.join(" "), n: n.length === 1 ? n[0] : [...n, null] });
      live.push(doc);
      between?.();
    }
    live = live.filter((doc) => {
      if (random() > 0.15) return true;
      index.remove(doc.number);
      between?.();
      return false;
    });
    assert.equal(index.documents, live.length);
    for (let i = 0; i < searches; i++) compare(index, live);
  }
}

function compare(index: ReturnType<typeof createCollectionIndex>, live: readonly Doc[]): void {
  const { query, matches } = newTest(3);
  const expected = live.filter(matches);
  const { field, key } = pick(keys);
  const descending = random() < 0.5;
  const [from, size] = [below(5), 1 + below(30)];
  const aggs = {
    colours: { terms: { field: "colour" }, aggs: { price: { sum: { field: "price" } } } },
    n: { histogram: { field: "n", interval: 10 } },
  };
  const search = index.search({
    body: { query, sort: [{ [field]: descending ? "desc" : "asc" }], aggs },
    from,
    size,
    now: 0,
  });
  let step = search.next();
  while (step.done !== true) step = search.next();
  const place = JSON.stringify(query);
  assert.equal(step.value.total, expected.length, place);
  const order = sorted(expected, (doc) => key(doc, descending), descending).slice(from, from + size);
  assert.deepEqual(
    step.value.hits.map((hit) => hit.id),
    order,
    `${place} by ${field}`,
  );
  assert.deepEqual(step.value.aggregations, { colours: colourBuckets(expected), n: histogram(expected) }, place);
}

function colourBuckets(docs: readonly Doc[]): JSONObject {
  const buckets = colours
    .map((colour) => docs.filter((doc) => doc.colour === colour))
    .filter((own) => own.length > 0)
    .map((own) => ({
      key: own[0]?.colour ?? "",
      doc_count: own.length,
      price: { value: own.reduce((sum, doc) => sum + doc.price, 0) },
    }))
    .sort((a, b) => b.doc_count - a.doc_count || byBytes(a.key, b.key));
  return { doc_count_error_upper_bound: 0, sum_other_doc_count: 0, buckets };
}

function histogram(docs: readonly Doc[]): JSONObject {
  const counts = [0, 10, 20, 30, 40].map((start) => ({
    key: start,
    doc_count: docs.filter((doc) => doc.n.some((n) => n >= start && n < start + 10)).length,
  }));
  const filled = counts.filter(({ doc_count: count }) => count > 0).map(({ key }) => key);
  return { buckets: counts.filter(({ key }) => key >= Math.min(...filled) && key <= Math.max(...filled)) };
}
