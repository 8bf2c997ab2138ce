import type { JSONObject } from "../../../src/kernel/index.ts";
import { keywords, words } from "./collection.ts";
import { compareValues, type OwnAnswer, findDifference as ofAnswers } from "./compare.ts";
import type { Random } from "./random.ts";
import type { ReferenceAnswer } from "./reference-engine.ts";
import type { Search } from "./searches.ts";

/** Options of searches that are asked for rarely: orders over objects in objects, numbers in a format. */

const query = (random: Random): JSONObject =>
  random.chance(0.6) ? { match_all: {} } : { match: { t: random.pick(words) } };

const filter = (random: Random, make: () => JSONObject): JSONObject => (random.chance(0.6) ? { filter: make() } : {});

const nestedSort = (random: Random): Search => {
  const inner = {
    path: "n.m",
    ...filter(random, () => ({ term: { "n.m.k": random.pick(keywords.slice(0, 4)) } })),
  };
  const nested = {
    path: "n",
    ...filter(random, () =>
      random.pick<JSONObject>([
        { term: { "n.k": random.pick(keywords.slice(0, 6)) } },
        { range: { "n.i": { gte: random.below(12) } } },
      ]),
    ),
    nested: inner,
  };
  const order = random.pick(["asc", "desc"]);
  const key = random.pick<JSONObject>([
    { "n.m.i": { order, mode: random.pick(["min", "max", "sum"]), nested } },
    { "n.m.i": { order, missing: random.pick(["_first", "_last"]), nested } },
    { "n.m.k": { order, nested } },
  ]);
  return { body: { query: query(random), sort: [key, "uid"] }, from: 0, size: random.pick([10, 300]) };
};

const patterns = ["0.00", "#,##0.0", "000", "#.##", "$0", "0%", "0.###E0", "0.00;(0.00)"];

const docValues = (random: Random): Search => ({
  body: {
    query: query(random),
    sort: ["uid"],
    _source: false,
    docvalue_fields: ["i", "d", "f", "sf", "by"].map((field) => ({ field, format: random.pick(patterns) })),
  },
  from: 0,
  size: random.pick([10, 300]),
});

export const kinds: Readonly<Record<string, (random: Random) => Search>> = { nestedSort, docValues };

/** What differs between two answers, the columns of their hits included. */
export function findDifference(own: OwnAnswer, theirs: ReferenceAnswer): string | undefined {
  const difference = ofAnswers(own, theirs);
  if (difference !== undefined || "error" in own || theirs.status >= 400) return difference;
  for (const [i, hit] of own.page.hits.entries()) {
    const other = compareValues(hit.fields, theirs.body.hits.hits[i]?.fields, `hits[${i}].fields`);
    if (other !== undefined) return other;
  }
  return undefined;
}

/** Whether anything was found. */
export const isFilled = (theirs: ReferenceAnswer): boolean => theirs.body.hits.total.value > 0;
