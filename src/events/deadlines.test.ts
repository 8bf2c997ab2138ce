import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { Deadlines } from "./deadlines.ts";

const late = (): Error => new Error("too late");
const after = <T>(ms: number, value: T): Promise<T> => new Promise((resolve) => setTimeout(resolve, ms, value));
const never = new Promise<never>(() => {});

test("answers in time are passed on, values and errors alike", async () => {
  const deadlines = new Deadlines();
  assert.equal(await deadlines.within(1_000, after(5, "value"), late), "value");
  await assert.rejects(deadlines.within(1_000, Promise.reject(new Error("refused")), late), /refused/);
});

test("what does not answer fails at its own deadline, whatever others with the same one do", async () => {
  const deadlines = new Deadlines();
  const startedAt = performance.now();
  const failed: [string, number][] = [];
  const waits = ["a", "b", "c", "d"].map(async (name, i) => {
    await after(i * 20, undefined);
    const begunAt = performance.now();
    const answer = name === "b" ? after(5, name) : never;
    await deadlines.within(60, answer, late).catch(() => failed.push([name, performance.now() - begunAt]));
  });
  await Promise.all(waits);
  assert.deepEqual(
    failed.map(([name]) => name),
    ["a", "c", "d"],
  );
  for (const [name, ms] of failed) assert.ok(ms > 55 && ms < 2_000, `${name} failed after ${ms} ms`);
  assert.ok(performance.now() - startedAt < 5_000);
});

test("an answer that comes later is dropped, and thousands that are over leave nothing behind", async () => {
  const deadlines = new Deadlines();
  await assert.rejects(deadlines.within(10, after(30, "late"), late), /too late/);
  for (let i = 0; i < 5_000; i++) assert.equal(await deadlines.within(50, Promise.resolve(i), late), i);
  await assert.rejects(deadlines.within(50, never, late), /too late/);
});

test("a deadline for nobody does not keep the process", async () => {
  const file = new URL("./deadlines.ts", import.meta.url).href;
  const code = `const { Deadlines } = await import(${JSON.stringify(file)}); await new Deadlines().within(60_000, Promise.resolve(1), Error);`;
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", code], { timeout: 20_000 });
});
