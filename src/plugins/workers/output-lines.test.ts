import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { type TestContext, test } from "node:test";
import { OutputLines } from "./output-lines.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function read(t: TestContext) {
  const stream = new PassThrough();
  const lines: string[] = [];
  let throttled = 0;
  const output = new OutputLines(
    stream,
    (line) => lines.push(line),
    () => throttled++,
  );
  t.after(() => output.close());
  return { stream, lines, throttled: () => throttled };
}

test("lines are put together from chunks, empty ones left out, and the last needs no end", async (t) => {
  const { stream, lines } = read(t);
  stream.write("on");
  stream.write("e\n\ntwo\nth");
  await turn();
  assert.deepEqual(lines, ["one", "two"]);
  stream.end("ree");
  await turn();
  await turn();
  assert.deepEqual(lines, ["one", "two", "three"]);
});

test("a line without end is cut", async (t) => {
  const { stream, lines } = read(t);
  stream.write("x".repeat(20_000));
  await turn();
  assert.deepEqual(
    lines.map(({ length }) => length),
    [8_192, 8_192],
  );
});

test("a flood is left unread until the next second, and nothing of it is lost", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let now = 0;
  t.mock.method(performance, "now", () => now);
  const { stream, lines, throttled } = read(t);
  stream.write("line\n".repeat(1_500));
  await turn();
  assert.equal(lines.length, 1_000);
  assert.equal(throttled(), 1);
  assert.equal(stream.isPaused(), true);
  now += 1_000;
  t.mock.timers.tick(1_000);
  assert.equal(lines.length, 1_500);
  assert.equal(stream.isPaused(), false);
});
