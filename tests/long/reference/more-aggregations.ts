import { isPlainObject, type JSONObject } from "../../../src/kernel/index.ts";
import { buckets, composite } from "./more-buckets.ts";
import { type Make, maybe, metrics, query, search, topOnly } from "./more-metrics.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";

/** Every aggregation alone, in each other, and ordered by what lies in it. */

const nestedOnes: readonly Make[] = [
  () => ({
    terms: { field: "n.k" },
    aggs: { i: { stats: { field: "n.i" } }, back: { reverse_nested: {}, aggs: { s: { sum: { field: "s" } } } } },
  }),
  () => ({ histogram: { field: "n.i", interval: 5 }, aggs: { d: { derivative: { buckets_path: "_count" } } } }),
  () => ({ significant_terms: { field: "n.k", min_doc_count: 1, include: ["red"] } }),
  () => ({ rare_terms: { field: "n.k", max_doc_count: 30 } }),
  () => ({ auto_date_histogram: { field: "n.at", buckets: 6 }, aggs: { i: { avg: { field: "n.i" } } } }),
  () => ({
    top_hits: { size: 2, sort: [{ "n.i": "desc" }], _source: ["n.k"], docvalue_fields: ["n.i"] },
  }),
  () => ({
    nested: { path: "n.m" },
    aggs: {
      k: {
        terms: { field: "n.m.k" },
        aggs: { up: { reverse_nested: { path: "n" }, aggs: { i: { max: { field: "n.i" } } } } },
      },
    },
  }),
  () => ({
    filter: { range: { "n.i": { gte: 5 } } },
    aggs: { k: { terms: { field: "n.k", order: { i: "desc" } }, aggs: { i: { sum: { field: "n.i" } } } } },
  }),
];

/** The reference fails on matrices in each other, loses count below others of what waits for the last document, and takes wider intervals there. */
const alone: readonly string[] = ["adjacency_matrix", "rare_terms", "auto_date_histogram"];
const anywhere = Object.entries(buckets).filter(([name]) => !alone.includes(name));
const belowComposite = anywhere.filter(([name]) => !name.endsWith("sampler"));

function newAggregation(random: Random, depth: number, among = anywhere): JSONObject {
  if (depth === 0 || random.chance(0.3)) return random.pick(Object.values(metrics))(random);
  return withChildren(random, random.pick(among), depth);
}

function withChildren(random: Random, [name, make]: readonly [string, Make], depth: number): JSONObject {
  const own = make(random);
  if (name === "nested") return { ...own, aggs: { x: random.pick(nestedOnes)(random) } };
  if (!name.endsWith("sampler") && random.chance(0.35)) return own;
  const aggs = Object.fromEntries(
    random
      .list(random.between(1, 2), () => newAggregation(random, name === "auto_date_histogram" ? 0 : depth - 1))
      .map((one, i) => [`sub${i}`, name === "auto_date_histogram" ? fromTheFirst(one) : one]),
  );
  return { ...own, aggs };
}

/** Buckets that the reference puts together have lost the hits before `from` each. */
function fromTheFirst(aggregation: JSONObject): JSONObject {
  const hits = aggregation.top_hits;
  return isPlainObject(hits) ? { ...aggregation, top_hits: { ...hits, from: 0 } } : aggregation;
}

/** Each kind in turn, alone and with others in it; scores decide what samplers take, so these have no query by scores that are equal. */
export function everyAggregation(random: Random, count: number): Search[] {
  const all = [...Object.entries(metrics), ...Object.entries(topOnly), ...Object.entries(buckets)];
  return Array.from({ length: count }, (_, i) => {
    const entry = all[i % all.length] as readonly [string, Make]; // below the length
    const isMetric = entry[0] in metrics || entry[0] in topOnly;
    const isAlone = isMetric || (!entry[0].endsWith("sampler") && random.chance(0.3));
    const a = isAlone ? entry[1](random) : withChildren(random, entry, 2);
    return search({ ...query(random, entry[0] in topOnly ? 0 : 0.5), aggs: { a } });
  });
}

export function everyComposite(random: Random, count: number): Search[] {
  return random.list(count, () =>
    search({
      ...query(random, 0.3),
      aggs: {
        a: {
          ...composite(random),
          ...maybe(random, 0.4, () => ({ aggs: { x: newAggregation(random, 1, belowComposite) } })),
        },
      },
    }),
  );
}

const orderMetrics: readonly (readonly [string, JSONObject])[] = [
  ["x", { max: { field: "i" } }],
  ["x", { min: { field: "sf" } }],
  ["x.value", { avg: { field: "f" } }],
  ["x.max", { stats: { field: "i" } }],
  ["x.std_deviation", { extended_stats: { field: "i" } }],
  ["x.std_upper", { extended_stats: { field: "i" } }],
  ["x", { cardinality: { field: "tags" } }],
  ["x", { value_count: { field: "k" } }],
  ["x[count]", { stats: { field: "i" } }],
  ["x", { filter: { range: { i: { gt: 0 } } } }],
  ["x.doc_count", { missing: { field: "i" } }],
  ["x>y", { filter: { range: { i: { gt: 0 } } }, aggs: { y: { sum: { field: "i" } } } }],
  ["x>y.max", { filter: { term: { bool: true } }, aggs: { y: { stats: { field: "i" } } } }],
  ["x>y", { nested: { path: "n" }, aggs: { y: { sum: { field: "n.i" } } } }],
];

/** Buckets ordered by what lies in them. */
export function everyOrder(random: Random, count: number): Search[] {
  return random.list(count, () => {
    const [path, x] = random.pick(orderMetrics);
    const order = { [path]: random.pick(["asc", "desc"]) };
    const list = random.chance(0.5) ? order : [order, { _key: random.pick(["asc", "desc"]) }];
    const own = random.pick<JSONObject>([
      { terms: { field: random.pick(["k", "tags", "s1", "bool", "g1"]), size: random.pick([3, 100]), order: list } },
      { histogram: { field: "i", interval: 10, order: list } },
      { date_histogram: { field: "at", calendar_interval: "quarter", order: list } },
    ]);
    return search({ ...query(random, 0.4), aggs: { a: { ...own, aggs: { x } } } });
  });
}
