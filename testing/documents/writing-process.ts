/**
 * A process to be killed: writes to the store in `argv[2]` as fast as it can and notes in the file `argv[3]` what was acknowledged,
 * one line each: `pair <n>` when both documents `a<n>` and `b<n>` of one call were, `counter <n>` when the document `counter` had reached n.
 */
import { openSync, writeSync } from "node:fs";
import { silentLogger, systemClock } from "../../src/kernel/index.ts";
import { createEmbeddedStore } from "../../src/stores/documents/index.ts";
import { books, createBooks } from "./fixture.ts";

const [, , directory = "", acknowledged = ""] = process.argv;
const log = openSync(acknowledged, "a");
const store = await createEmbeddedStore({ directory, log: silentLogger, clock: systemClock });
await createBooks(store);
await store.write(books, [{ kind: "index", id: "counter", source: '{"pages":0}' }]);

let next = 0;
const pad = "x".repeat(500);

async function writePairs(): Promise<never> {
  for (;;) {
    const n = next++;
    const source = JSON.stringify({ pages: n, pad, end: n });
    await store.write(books, [
      { kind: "create", id: `a${n}`, source },
      { kind: "create", id: `b${n}`, source },
    ]);
    writeSync(log, `pair ${n}\n`);
  }
}

async function count(): Promise<never> {
  for (let n = 1; ; n++) {
    await store.write(books, [{ kind: "update", id: "counter", partial: `{"pages":${n}}` }]);
    writeSync(log, `counter ${n}\n`);
  }
}

await Promise.all([count(), ...Array.from({ length: 32 }, writePairs)]);
