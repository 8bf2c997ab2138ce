/** The long form of tests/durability/crash.test.ts: `npm run test:crash`; see docs/durability.md. */
import { test } from "node:test";
import { runCrashes } from "../../durability/churn/crash-runs.ts";

/** `CRASH_SEED=7 CRASH_KILLS=40 npm run test:crash` repeats one run. */
const first = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000);
const runs = process.env.CRASH_SEED === undefined ? 6 : 1;
const kills = Number(process.env.CRASH_KILLS ?? 50);

for (let run = 0; run < runs; run++) {
  const seed = first + run;
  test(`seed ${seed}: ${kills} kills over one store lose nothing that was acknowledged, and leave nothing half`, async () => {
    const { frozen, merged, ...result } = await runCrashes({ seed, kills, maxWork: 300, report: console.log });
    console.log(`seed ${seed}:`, result, Object.fromEntries(frozen), Object.fromEntries(merged));
  });
}
