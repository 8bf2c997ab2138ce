import type { TestEvent } from "node:test/reporters";

interface Timed {
  readonly name: string;
  readonly file: string;
  readonly ms: number;
}

const listed = 10;
/** Tests below this are nobody's concern. */
const minimumMs = 250;

/** A reporter that says, after the run, which tests took longest. */
export default async function* slowest(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const timed: Timed[] = [];
  for await (const event of source) {
    if (event.type !== "test:pass" && event.type !== "test:fail") continue;
    const { name, file = "", details } = event.data;
    if (details.type === "suite" || details.duration_ms < minimumMs || name.endsWith(".test.ts")) continue;
    timed.push({ name, file, ms: details.duration_ms });
  }
  timed.sort((a, b) => b.ms - a.ms);
  if (timed.length === 0) return;
  yield "\nslowest tests:\n";
  for (const { name, file, ms } of timed.slice(0, listed)) {
    yield `${(ms / 1_000).toFixed(2).padStart(7)} s  ${name} (${relative(file)})\n`;
  }
  yield "\n";
}

const relative = (file: string): string => file.replace(`${process.cwd()}/`, "");
