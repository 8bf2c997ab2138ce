import type { JSONObject } from "../../../src/kernel/index.ts";
import * as plain from "./collection.ts";
import { newQuery } from "./queries.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";

/** Stored queries of every kind, and documents that they are asked about. */

export const { settings } = plain;
export const mappings = {
  ...plain.mappings,
  properties: { ...plain.mappings.properties, q: { type: "percolator" } },
} as const;

/** Whoever stores queries may say something beside them. */
export const newDocument = (random: Random, number: number): JSONObject => ({
  uid: `u${String(number).padStart(4, "0")}`,
  t: plain.newDocument(random, number).t ?? "",
  ...(random.chance(0.95) ? { q: newQuery(random, random.below(3)) } : {}),
});

/** The first of several values: of those that a document repeats the reference engine counts each, where it is percolated alone. */
const single = (value: unknown): unknown => {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first !== "object" || first === null) return first;
  return Object.fromEntries(Object.entries(first).map(([name, inner]) => [name, single(inner)]));
};

const percolated = (random: Random): JSONObject => {
  const { uid: _uid, unmapped: _unmapped, off: _off, ...document } = plain.newDocument(random, 0);
  return document;
};

const flat = (random: Random): JSONObject =>
  Object.fromEntries(Object.entries(percolated(random)).map(([name, value]) => [name, single(value)]));

const several = (random: Random): JSONObject[] => random.list(random.between(2, 6), () => percolated(random));

const byUid = { sort: ["uid"] };
const search = (random: Random, query: JSONObject, more: JSONObject = {}): Search => ({
  body: { query, ...more },
  from: 0,
  size: random.pick([10, 300]),
});
const percolate = (more: JSONObject): JSONObject => ({ percolate: { field: "q", ...more } });

export const kinds: Readonly<Record<string, (random: Random) => Search>> = {
  percolateScored: (random) => search(random, percolate({ document: flat(random) })),
  percolateOne: (random) => search(random, percolate({ document: percolated(random) }), byUid),
  percolateSeveral: (random) => search(random, percolate({ documents: several(random) }), byUid),
  percolateSeveralScored: (random) => search(random, percolate({ documents: several(random) })),
  percolateBeside: (random) =>
    search(
      random,
      {
        bool: {
          must: [percolate({ document: flat(random), name: "one" })],
          filter: { match: { t: random.list(3, () => random.pick(plain.words)).join(" ") } },
          should: [percolate({ documents: several(random), name: "other" })],
        },
      },
      random.pick([{}, byUid, { aggs: { n: { value_count: { field: "uid" } } } }]),
    ),
  percolateMarked: (random) =>
    search(random, percolate(random.chance(0.5) ? { document: flat(random) } : { documents: several(random) }), {
      ...byUid,
      highlight: { fields: { t: { number_of_fragments: 0 } } },
    }),
  percolateFilter: (random) => {
    const filter = percolate({ document: percolated(random) });
    return search(
      random,
      random.pick<JSONObject>([
        { constant_score: { filter, boost: 2 } },
        { bool: { filter } },
        { bool: { must_not: filter } },
      ]),
    );
  },
};
