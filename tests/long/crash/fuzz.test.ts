/** The long form of tests/fuzz: `npm run test:crash`; see docs/durability.md. `FUZZ_SEED=7` repeats one run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzzSearches } from "../../fuzz/fuzz-searches.ts";

const first = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000);
const runs = process.env.FUZZ_SEED === undefined ? 10 : 1;

for (let run = 0; run < runs; run++) {
  const seed = first + run;
  test(`seed ${seed}: 20 000 spoilt searches are answered or refused, each in its time`, async () => {
    const { problems, ...counts } = await fuzzSearches(seed, 20_000);
    console.log(`seed ${seed}:`, counts);
    assert.deepEqual(problems, []);
  });
}
