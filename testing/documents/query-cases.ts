import assert from "node:assert/strict";
import type { DocumentStore, Mappings, SearchPage } from "../../src/stores/documents/index.ts";
import { books, create, idsOf, write } from "./fixture.ts";

type Case = (store: DocumentStore) => Promise<void>;
type Body = Record<string, unknown>;

const mappings: Mappings = {
  dynamic: "false",
  properties: {
    title: { type: "text", fields: { raw: { type: "keyword" } } },
    lang: { type: "keyword" },
    pages: { type: "integer" },
    price: { type: "double" },
    sold: { type: "boolean" },
    at: { type: "date" },
    place: { type: "geo_point" },
    author: { properties: { name: { type: "keyword" } } },
    reviews: { type: "nested", properties: { by: { type: "keyword" }, stars: { type: "integer" } } },
  },
};

/** Six books: small enough to see by eye what each search should find. */
const shelf: readonly { readonly id: string; readonly book: Body }[] = [
  {
    id: "dune",
    book: {
      ...{
        title: "Dune",
        lang: "en",
        pages: 412,
        price: 9.5,
        sold: true,
        at: "1965-08-01",
        author: { name: "Herbert" },
      },
      ...{
        place: { lat: 45.5, lon: -122.7 },
        reviews: [
          { by: "ada", stars: 5 },
          { by: "bob", stars: 2 },
        ],
      },
    },
  },
  {
    id: "hand",
    book: {
      ...{ title: "The left hand of darkness", lang: "en", pages: 286, price: 7, sold: false, at: "1969-03-01" },
      ...{ author: { name: "Le Guin" }, place: "45.52,-122.68", reviews: [{ by: "ada", stars: 4 }] },
    },
  },
  {
    id: "gate",
    book: {
      ...{ title: "The gate of darkness", lang: "en", pages: 190, price: 4.25, sold: true, at: "1969-11-20" },
      ...{ author: { name: "Norton" } },
    },
  },
  {
    id: "peste",
    book: {
      ...{
        title: "La peste",
        lang: "fr",
        pages: 336,
        price: 12,
        sold: true,
        at: "1947-06-10",
        author: { name: "Camus" },
      },
      ...{ place: [2.35, 48.85], reviews: [{ by: "bob", stars: 5 }] },
    },
  },
  { id: "momo", book: { title: "Momo", lang: ["de", "it"], pages: 304, sold: false, at: "1973-01-01T12:00:00Z" } },
  { id: "blank", book: { pages: null, unmapped: "darkness" } },
];

async function openShelf(store: DocumentStore): Promise<void> {
  await store.createCollection(books, "public", mappings, {});
  await write(
    store,
    shelf.map(({ id, book }) => create(book, id)),
  );
}

/** A body, and the size of the page, which is a matter of the request. */
type Asked = Body & { readonly size?: number };

const search = (store: DocumentStore, { size = 10, ...body }: Asked): Promise<SearchPage> =>
  store.search({ targets: [books], body, size });

/** What each query of an application's every day finds, whatever the order. */
const queries: Readonly<Record<string, readonly [query: Body, found: string]>> = {
  "match_all finds everything": [{ match_all: {} }, "blank dune gate hand momo peste"],
  "match_none finds nothing": [{ match_none: {} }, ""],
  "match finds any of its words, whatever their case": [{ match: { title: "DUNE momo" } }, "dune momo"],
  "match with the operator and finds all of them": [
    { match: { title: { query: "hand darkness", operator: "and" } } },
    "hand",
  ],
  "match finds words that are written nearly so": [
    { match: { title: { query: "darknes", fuzziness: "AUTO" } } },
    "gate hand",
  ],
  "match_phrase finds words in their order": [{ match_phrase: { title: "of darkness" } }, "gate hand"],
  "match_phrase_prefix finds the beginning of the last one": [{ match_phrase_prefix: { title: "left ha" } }, "hand"],
  "multi_match looks into several fields": [
    { multi_match: { query: "Camus", fields: ["title", "author.name"] } },
    "peste",
  ],
  "term finds a keyword as it is": [{ term: { lang: "fr" } }, "peste"],
  "term finds one of several values": [{ term: { lang: "it" } }, "momo"],
  "term finds no part of a keyword": [{ term: { "author.name": "Le" } }, ""],
  "term finds a sub-field": [{ term: { "title.raw": "La peste" } }, "peste"],
  "term finds numbers and booleans": [
    { bool: { filter: [{ term: { pages: 412 } }, { term: { sold: true } }] } },
    "dune",
  ],
  "terms finds any of its values": [{ terms: { lang: ["fr", "de"] } }, "momo peste"],
  "ids finds documents by their ids": [{ ids: { values: ["momo", "gone"] } }, "momo"],
  "exists finds documents with a value, and null is none": [
    { exists: { field: "pages" } },
    "dune gate hand momo peste",
  ],
  "exists does not know fields that are not mapped": [{ exists: { field: "unmapped" } }, ""],
  "prefix finds the beginning of a keyword": [{ prefix: { "author.name": "Le" } }, "hand"],
  "wildcard finds patterns": [{ wildcard: { "author.name": "*er*" } }, "dune"],
  "regexp finds whole keywords": [{ regexp: { "author.name": "N.*n|C.*" } }, "gate peste"],
  "fuzzy finds neighbours of a keyword": [{ fuzzy: { "author.name": "Herbart" } }, "dune"],
  "range of numbers": [{ range: { pages: { gte: 286, lt: 336 } } }, "hand momo"],
  "range of dates": [{ range: { at: { gt: "1965-08-01", lte: "1969-12-31" } } }, "gate hand"],
  "range of dates rounds as it is told": [
    { range: { at: { gte: "1969-06-01||/y", lt: "1969-06-01||+1y/y" } } },
    "gate hand",
  ],
  "range of keywords": [{ range: { "author.name": { gte: "H", lt: "M" } } }, "dune hand"],
  "bool with must, must_not and filter": [
    {
      bool: {
        must: { match: { title: "darkness" } },
        must_not: { term: { sold: true } },
        filter: { exists: { field: "at" } },
      },
    },
    "hand",
  ],
  "bool with should alone needs one of them": [
    { bool: { should: [{ term: { lang: "fr" } }, { term: { lang: "de" } }] } },
    "momo peste",
  ],
  "bool with minimum_should_match needs so many": [
    {
      bool: {
        should: [{ term: { lang: "en" } }, { term: { sold: true } }, { range: { pages: { gt: 400 } } }],
        minimum_should_match: 2,
      },
    },
    "dune gate",
  ],
  "constant_score finds what its filter finds": [{ constant_score: { filter: { term: { lang: "fr" } } } }, "peste"],
  "query_string reads operators and fields": [{ query_string: { query: "lang:en AND NOT sold:true" } }, "hand"],
  "simple_query_string never fails": [
    { simple_query_string: { query: '"left hand" | momo (', fields: ["title"] } },
    "hand momo",
  ],
  "nested looks at one nested document at a time": [
    {
      nested: {
        path: "reviews",
        query: { bool: { must: [{ term: { "reviews.by": "bob" } }, { range: { "reviews.stars": { gt: 3 } } }] } },
      },
    },
    "peste",
  ],
  "geo_distance finds what is near": [
    { geo_distance: { distance: "10km", place: { lat: 45.5, lon: -122.7 } } },
    "dune hand",
  ],
  "geo_bounding_box finds what lies inside": [
    { geo_bounding_box: { place: { top_left: { lat: 50, lon: 0 }, bottom_right: { lat: 45, lon: 5 } } } },
    "peste",
  ],
};

const queryCases = Object.fromEntries(
  Object.entries(queries).map(([name, [query, found]]): [string, Case] => [
    `query: ${name}`,
    async (store) => {
      await openShelf(store);
      const page = await search(store, { query });
      assert.equal(idsOf(page).sort().join(" "), found);
      assert.equal(page.total, page.hits.length);
      assert.equal(await store.count(books, query), page.total);
    },
  ]),
);

/** The order of a search: `[body, ids]`. */
const orders: Readonly<Record<string, readonly [body: Asked, order: string]>> = {
  "the better match comes first": [{ query: { match: { title: "the left hand" } } }, "hand gate"],
  "a boost changes which match is better": [
    { query: { bool: { should: [{ term: { lang: { value: "fr", boost: 9 } } }, { match: { title: "dune" } }] } } },
    "peste dune",
  ],
  "by several fields, each with its direction": [
    { sort: [{ sold: "desc" }, { pages: "asc" }] },
    "gate peste dune hand momo blank",
  ],
  "documents without the field are last, or first when asked": [
    { sort: [{ price: { order: "asc", missing: "_first" } }, "pages"], size: 3 },
    "momo blank gate",
  ],
  "by the smallest or largest of several values": [
    { sort: [{ lang: { order: "desc", mode: "max" } }], size: 2 },
    "momo peste",
  ],
  "by distance": [
    {
      query: { exists: { field: "place" } },
      sort: [{ _geo_distance: { place: "48.85,2.35", order: "asc", unit: "km" } }],
      size: 1,
    },
    "peste",
  ],
  "only those that score enough": [
    {
      query: { bool: { should: [{ term: { lang: { value: "fr", boost: 9 } } }, { exists: { field: "pages" } }] } },
      min_score: 5,
    },
    "peste",
  ],
  "one of each group": [
    { sort: [{ pages: "desc" }], query: { exists: { field: "sold" } }, collapse: { field: "sold" } },
    "dune momo",
  ],
  "a post filter changes the hits": [{ sort: ["pages"], post_filter: { term: { lang: "en" } } }, "gate hand dune"],
};

const orderCases = Object.fromEntries(
  Object.entries(orders).map(([name, [body, order]]): [string, Case] => [
    `order: ${name}`,
    async (store) => {
      await openShelf(store);
      assert.equal(idsOf(await search(store, body)).join(" "), order);
    },
  ]),
);

/** Aggregations by what is asked for, and what they answer at least. */
const aggregations: Readonly<Record<string, readonly [aggregation: Body, answer: unknown]>> = {
  "terms, the most frequent first, with figures of each": [
    { terms: { field: "lang" }, aggs: { longest: { max: { field: "pages" } } } },
    {
      sum_other_doc_count: 0,
      buckets: [
        { key: "en", doc_count: 3, longest: { value: 412 } },
        { key: "de", doc_count: 1, longest: { value: 304 } },
        { key: "fr", doc_count: 1 },
        { key: "it", doc_count: 1 },
      ],
    },
  ],
  stats: [{ stats: { field: "pages" } }, { count: 5, min: 190, max: 412, avg: 305.6, sum: 1528 }],
  "value_count, which takes all values": [{ value_count: { field: "lang" } }, { value: 6 }],
  cardinality: [{ cardinality: { field: "lang" } }, { value: 4 }],
  "range, with open ends": [
    { range: { field: "pages", ranges: [{ to: 300 }, { from: 300 }] } },
    {
      buckets: [
        { key: "*-300.0", to: 300, doc_count: 2 },
        { key: "300.0-*", from: 300, doc_count: 3 },
      ],
    },
  ],
  "histogram, empty buckets included": [
    { histogram: { field: "price", interval: 4 } },
    {
      buckets: [
        { key: 4, doc_count: 2 },
        { key: 8, doc_count: 1 },
        { key: 12, doc_count: 1 },
      ],
    },
  ],
  "date_histogram by the calendar": [
    { date_histogram: { field: "at", calendar_interval: "year", min_doc_count: 1, format: "yyyy" } },
    {
      buckets: [
        { key_as_string: "1947" },
        { key_as_string: "1965" },
        { key_as_string: "1969", doc_count: 2 },
        { key_as_string: "1973" },
      ],
    },
  ],
  "filters, by name": [
    { filters: { filters: { french: { term: { lang: "fr" } }, sold: { term: { sold: true } } } } },
    { buckets: { french: { doc_count: 1 }, sold: { doc_count: 3 } } },
  ],
  missing: [{ missing: { field: "lang" } }, { doc_count: 1 }],
  "nested, over the nested documents": [
    { nested: { path: "reviews" }, aggs: { best: { avg: { field: "reviews.stars" } } } },
    { doc_count: 4, best: { value: 4 } },
  ],
  "top_hits, each with its content": [
    { top_hits: { size: 1, sort: [{ pages: "desc" }], _source: ["pages"] } },
    { hits: { hits: [{ _id: "dune", _source: { pages: 412 } }] } },
  ],
};

const aggregationCases = Object.fromEntries(
  Object.entries(aggregations).map(([name, [aggregation, answer]]): [string, Case] => [
    `aggregation: ${name}`,
    async (store) => {
      await openShelf(store);
      const page = await search(store, { size: 0, aggs: { it: aggregation } });
      assert.deepEqual([page.total, page.hits.length], [6, 0]);
      assert.partialDeepStrictEqual(page.aggregations?.it, answer as object);
    },
  ]),
);

/** Searches of an application's every day, each over the same six books (contract/search.md, section 8). */
export const everydayCases: Readonly<Record<string, Case>> = { ...queryCases, ...orderCases, ...aggregationCases };
