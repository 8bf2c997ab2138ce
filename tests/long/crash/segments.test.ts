/** The long form of tests/durability/segment-fuzz.test.ts: `npm run test:crash`; see docs/durability.md. */
import { test } from "node:test";
import { fuzzSegments } from "../../durability/damage/damaged-segments.ts";

const seed = Number(process.env.DAMAGE_SEED ?? Date.now() % 1_000_000);

test(`seed ${seed}: a hundred damages of each kind change no answer`, (t) => fuzzSegments(t, seed, 100));
