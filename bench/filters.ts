/**
 * What live filters cost: matching a document against 5 000 mixed ones, keeping 100 000.
 *
 * Run: `node --expose-gc bench/filters.ts`. Design figure: 60 us for a whole publish against 5 000 mixed filters.
 */
import { type Filter, FilterSet, filterId, matches, parseFilter, type RegExpEngine } from "../src/filters/index.ts";

const options: { maxConditions: number; regExpEngine: RegExpEngine } = { maxConditions: 100, regExpEngine: "re2" };
const cities = ["paris", "rome", "berlin", "madrid", "lisbon", "vienna", "prague", "dublin", "oslo", "athens"];
const states = ["new", "open", "done", "lost"];

/** Park-Miller: the same filters and documents in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const random = randomNumbers(20_260_101);
const upTo = (limit: number): number => Math.floor(random() * limit);
const pick = <T>(list: readonly T[]): T => list[upTo(list.length)] as T; // within bounds

const clauses: readonly (() => object)[] = [
  () => ({ equals: { userId: `user-${upTo(20_000)}` } }),
  () => ({ equals: { city: pick(cities) } }),
  () => ({ in: { "owner.team": [`team-${upTo(500)}`, `team-${upTo(500)}`, `team-${upTo(500)}`] } }),
  () => rangeFrom(upTo(10_000)),
  () => ({ range: { age: { gte: 60 + upTo(40) } } }),
  () => ({ exists: `tags["tag-${upTo(1_000)}"]` }),
  () => ({ regexp: { name: `^item-${upTo(10_000)}` } }),
  () => ({ regexp: { name: { value: `item-${upTo(100)}[0-9]+-x$` } } }),
  () => ({ geoDistance: { position: [upTo(120) - 60, upTo(300) - 150], distance: `${1 + upTo(200)} km` } }),
  () => ({ match: { owner: { name: `name-${upTo(500)}` }, state: pick(states) } }),
  () => ({ ids: { values: [`doc-${upTo(100_000)}`] } }),
];

function rangeFrom(price: number): object {
  return { range: { price: { gte: price, lt: price + 50 } } };
}

function makeFilter(): object {
  const shape = random();
  if (shape < 0.45) return pick(clauses)();
  if (shape < 0.8) return { and: [{ equals: { state: pick(states) } }, pick(clauses)(), pick(clauses)()] };
  if (shape < 0.95) return { or: [pick(clauses)(), { and: [pick(clauses)(), pick(clauses)()] }] };
  return { and: [{ equals: { city: pick(cities) } }, { not: pick(clauses)() }, { missing: "deletedAt" }] };
}

function makeDocument(): { [key: string]: unknown } {
  return {
    userId: `user-${upTo(20_000)}`,
    city: pick(cities),
    state: pick(states),
    owner: { team: `team-${upTo(500)}`, name: `name-${upTo(500)}` },
    price: upTo(10_000),
    age: upTo(80),
    tags: [`tag-${upTo(1_000)}`, `tag-${upTo(1_000)}`],
    name: `item-${upTo(10_000)}-x`,
    position: { lat: upTo(120) - 60, lon: upTo(300) - 150 },
    text: "a description of about the usual length, which no filter reads",
  };
}

function fill(count: number, keep: (id: string, filter: Filter) => void): FilterSet {
  const set = new FilterSet();
  while (set.size < count) {
    const filter = parseFilter(makeFilter(), options);
    const id = filterId(filter, "bench", "filters");
    if (set.add(id, filter)) keep(id, filter);
  }
  return set;
}

/** Nanoseconds per call: the median of several rounds. */
function measure(rounds: number, calls: number, run: (call: number) => void): number {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const from = process.hrtime.bigint();
    for (let call = 0; call < calls; call++) run(call);
    times.push(Number(process.hrtime.bigint() - from) / calls);
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] as number; // there are rounds
}

function usedBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const rows: { what: string; figure: string }[] = [];
const report = (what: string, value: number, unit: string): void => {
  rows.push({ what, figure: `${value.toFixed(value < 100 ? 1 : 0)} ${unit}` });
};

const documents = Array.from({ length: 256 }, makeDocument);

const parsed: Filter[] = [];
const small = fill(5_000, (_id, filter) => parsed.push(filter));
let found = 0;
measure(5, 2_048, (call) => small.match(documents[call % 256] ?? {}, "doc-1"));
const matchNs = measure(9, 2_048, (call) => {
  found += small.match(documents[call % 256] ?? {}, "doc-1").length;
});
const naiveNs = measure(5, 32, (call) => {
  for (const filter of parsed) matches(filter, documents[call % 256] ?? {}, "doc-1");
});
report("match, 5 000 mixed filters", matchNs / 1_000, "us");
report("the same, one filter after the other", naiveNs / 1_000, "us");
report("times quicker", naiveNs / matchNs, "x");
report("filters matching a document, average", found / (9 * 2_048), "");

const parseNs = measure(3, 2_000, () => parseFilter(makeFilter(), options));
report("parse, making the filter included", parseNs / 1_000, "us");
report("filterId", measure(3, 2_000, (call) => filterId(parsed[call] as Filter, "bench", "filters")) / 1_000, "us");

const before = usedBytes();
const big = fill(100_000, () => {});
if (globalThis.gc !== undefined) report("heap for each of 100 000 filters", (usedBytes() - before) / 100_000, "bytes");
measure(2, 64, (call) => big.match(documents[call % 256] ?? {}, "doc-1"));
report(
  "match, 100 000 mixed filters",
  measure(5, 64, (call) => big.match(documents[call % 256] ?? {}, "doc-1")) / 1_000,
  "us",
);
const fresh = new Map<string, Filter>();
fill(20_000, (id, filter) => fresh.set(id, filter));
for (const id of fresh.keys()) big.remove(id);
const churn = [...fresh];
const addNs = measure(1, 1, () => {
  for (const [id, filter] of churn) big.add(id, filter);
});
report("add to 100 000 filters", addNs / churn.length / 1_000, "us");
const removeNs = measure(1, 1, () => {
  for (const [id] of churn) big.remove(id);
});
report("remove from them", removeNs / churn.length / 1_000, "us");

console.table(rows);
