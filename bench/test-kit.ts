/**
 * How long a test waits for its backend: milliseconds until it serves, with a plugin in each form, and until it is closed. The first of a process
 * loads the code. Run: node bench/test-kit.ts [rounds]
 */
import { fileURLToPath } from "node:url";
import { definePlugin } from "../src/index.ts";
import { createTestBackend } from "../testing/kit/index.ts";

const rounds = Number(process.argv[2] ?? 50);
const path = fileURLToPath(new URL("../plugins/available/hello-world", import.meta.url));
const plugins = [
  definePlugin({ name: "defined" }),
  class GivenPlugin {
    init() {}
  },
  { path },
];
const imports = { mappings: { library: { books: { mappings: { properties: { title: { type: "text" } } } } } } };

interface Round {
  readonly startMs: number;
  readonly requestMs: number;
  readonly closeMs: number;
}

async function round(): Promise<Round> {
  const startedAt = performance.now();
  const backend = await createTestBackend({ plugins, imports });
  const servesAt = performance.now();
  await backend.request({ controller: "document", action: "create", index: "library", collection: "books", body: {} });
  const answeredAt = performance.now();
  await backend.close();
  return {
    startMs: servesAt - startedAt,
    requestMs: answeredAt - servesAt,
    closeMs: performance.now() - answeredAt,
  };
}

const first = await round();
const others: Round[] = [];
for (let i = 0; i < rounds; i++) others.push(await round());

const quantile = (member: keyof Round, share: number): string => {
  const sorted = others.map((one) => one[member]).sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1);
};
const rows = (["startMs", "requestMs", "closeMs"] as const).map((member) => ({
  measured: member,
  "first of the process": first[member].toFixed(1),
  p50: quantile(member, 0.5),
  p95: quantile(member, 0.95),
}));
console.table(rows);
console.log(`resident memory: ${(process.memoryUsage.rss() / 1_048_576).toFixed(0)} MiB after ${rounds + 1} backends`);
