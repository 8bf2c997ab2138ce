import assert from "node:assert/strict";
import { test } from "node:test";
import { Scheduler, type Task } from "./scheduler.ts";

function* slices(count: number): Generator<void, string> {
  for (let i = 0; i < count; i++) {
    const end = performance.now() + 1;
    while (performance.now() < end);
    yield;
  }
  return `after ${count}`;
}

/** A task, and a promise of its end: its value, or why it failed. */
function task(steps: Generator<void, unknown>, more: Partial<Task> = {}): { task: Task; ended: Promise<unknown> } {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const base: Task = {
    steps,
    deadlineAt: Number.POSITIVE_INFINITY,
    cancelled: () => false,
    done: resolve,
    failed: (reason) => resolve({ failed: reason }),
  };
  return { task: { ...base, ...more }, ended: promise };
}

const idle = (): boolean => false;

test("a small search that comes later is answered before a big one", async () => {
  const scheduler = new Scheduler(idle, () => {});
  const order: string[] = [];
  const big = task(slices(50));
  scheduler.add(big.task);
  scheduler.run();
  const bigEnded = big.ended.then(() => order.push("big"));
  await new Promise((resolve) => setImmediate(resolve));
  const small = task(slices(2));
  scheduler.add(small.task);
  scheduler.run();
  await small.ended.then(() => order.push("small"));
  await bigEnded;
  assert.deepEqual(order, ["small", "big"]);
});

test("a cancelled search and one beyond its deadline stop within a slice", async () => {
  const scheduler = new Scheduler(idle, () => {});
  let isCancelled = false;
  let steps = 0;
  function* endless(): Generator<void, never> {
    for (;;) {
      steps++;
      yield;
    }
  }
  const cancelled = task(endless(), { cancelled: () => isCancelled });
  const late = task(endless(), { deadlineAt: performance.now() + 20 });
  scheduler.add(cancelled.task);
  scheduler.add(late.task);
  scheduler.run();
  assert.deepEqual(await late.ended, { failed: "deadline" });
  isCancelled = true;
  const before = steps;
  assert.deepEqual(await cancelled.ended, { failed: "cancelled" });
  assert.ok(steps <= before + 1);
  assert.equal(scheduler.size, 0);
});

test("a task that throws fails alone", async () => {
  const scheduler = new Scheduler(idle, () => {});
  function* failing(): Generator<void, void> {
    yield;
    throw new Error("broken");
  }
  const broken = task(failing());
  const sound = task(slices(2));
  scheduler.add(broken.task);
  scheduler.add(sound.task);
  scheduler.run();
  assert.match(String(((await broken.ended) as { failed: Error }).failed), /broken/);
  assert.equal(await sound.ended, "after 2");
});

test("a brief task makes room for small ones that follow each other, and none for one that waits for it", async () => {
  const scheduler = new Scheduler(idle, () => {});
  let slicesDone = 0;
  function* build(): Generator<void, void> {
    for (; slicesDone < 100; slicesDone++) yield;
  }
  const building = task(build(), { patience: () => "brief" });
  const asked = 30;
  for (let i = 0; i < asked; i++) {
    const small = task(slices(0));
    scheduler.add(small.task);
    if (i === 0) scheduler.add(building.task);
    scheduler.run();
    await small.ended;
    await new Promise((resolve) => setImmediate(resolve));
  }
  // With a slice in each round it would be as many as were asked at least.
  assert.ok(slicesDone < asked / 2, `${slicesDone} slices`);
  const from = slicesDone;
  let looks = 0;
  function* waiting(): Generator<void, void> {
    for (; slicesDone < 100; looks++) yield;
  }
  const late = task(waiting());
  scheduler.add(late.task);
  scheduler.run();
  await Promise.all([building.ended, late.ended]);
  // It looks once in each round: some hundred times until nothing came for two milliseconds, then once for each slice of the other one.
  assert.ok(from < 100 && looks < 10_000, `${looks} looks`);
});

test("closing ends what runs", async () => {
  const scheduler = new Scheduler(idle, () => {});
  const running = task(slices(1_000));
  scheduler.add(running.task);
  scheduler.run();
  scheduler.close();
  assert.match(String(((await running.ended) as { failed: Error }).failed), /closed/);
  const refused = task(slices(1));
  scheduler.add(refused.task);
  assert.match(String(((await refused.ended) as { failed: Error }).failed), /closed/);
});
