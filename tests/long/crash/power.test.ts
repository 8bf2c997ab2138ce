/** The long form of tests/durability/power.test.ts: `npm run test:crash`; see docs/durability.md. */
import { test } from "node:test";
import { missingStrace, runPowerLosses } from "../../durability/power/power-losses.ts";

/** `POWER_SEED=7 npm run test:crash` repeats one run: the same process, about, and the same kinds of losses. */
const first = Number(process.env.POWER_SEED ?? Date.now() % 1_000_000);
const runs = process.env.POWER_SEED === undefined ? 5 : 1;
const losses = Number(process.env.POWER_LOSSES ?? 150);
const skip = missingStrace() ?? false;

for (let run = 0; run < runs; run++) {
  const seed = first + run;
  test(`seed ${seed}: ${losses} losses of power leave all that was acknowledged`, { skip }, async () => {
    console.log(`seed ${seed}:`, await runPowerLosses({ seed, lifeMs: 6_000, losses, report: console.log }));
  });
}
