import assert from "node:assert/strict";
import { test } from "node:test";
import { utc } from "../../../mapping/dates/time-zone.ts";
import type { AggregationRun } from "./aggregator.ts";
import { type StatName, StatsAggregator } from "./stats.ts";

const options = { field: "n", missing: undefined, format: undefined, zone: utc, valueType: undefined };
const run = {} as AggregationRun;
const names: readonly StatName[] = ["min", "max", "avg", "sum", "stats", "extended_stats"];

function expected(values: readonly number[]) {
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + value * value, 0);
  const [count, min, max, avg] = [values.length, Math.min(...values), Math.max(...values), sum / values.length];
  return { count, min, max, avg, sum, squares };
}

const orders: Readonly<Record<string, (i: number) => number>> = {
  "one after the other": (i) => Math.floor(i / 90),
  "in any order": (i) => (i * 7) % 11,
  "one of them only": () => 3,
};

for (const [order, ownerOf] of Object.entries(orders)) {
  test(`numbers of owners that come ${order} are put together by owner, over several blocks`, () => {
    for (const name of names) {
      const stats = new StatsAggregator(run, name, options, 2);
      const byOwner = new Map<number, number[]>();
      for (let block = 0; block < 4; block++) {
        const size = block === 0 ? 1 : 250;
        const owners = Uint32Array.from({ length: size }, (_, i) => ownerOf(block * 250 + i));
        const values = Float64Array.from({ length: size }, (_, i) => ((i * 37 + block) % 101) - 50);
        stats.addBlock(owners, values, size);
        for (const [i, owner] of owners.entries())
          byOwner.set(owner, [...(byOwner.get(owner) ?? []), values[i] as number]);
      }
      for (const [owner, values] of byOwner) {
        const { count, min, max, avg, sum, squares } = expected(values);
        const result = stats.result(owner);
        if (name === "stats") assert.deepEqual(result, { count, min, max, avg, sum });
        else if (name === "extended_stats") assert.equal(result.sum_of_squares, squares);
        else assert.deepEqual(result, { value: { min, max, avg, sum }[name] });
      }
    }
  });
}
