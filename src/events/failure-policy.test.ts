import assert from "node:assert/strict";
import { test } from "node:test";
import { BadRequestError, type KuzzleError, type Logger, silentLogger } from "../kernel/index.ts";
import { Events } from "./event-bus.ts";
import type { OnFailure } from "./listener-owner.ts";
import type { PipeListener } from "./listeners.ts";

interface Line {
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

function make(onFailure: OnFailure): { events: Events; log: Line[]; time: { now: number } } {
  const log: Line[] = [];
  const time = { now: 0 };
  const record = (event: string, fields = {}): void => void log.push({ event, fields });
  const logger: Logger = { ...silentLogger, warn: record, error: record };
  const limits = { maxConcurrent: 50, bufferSize: 50 };
  const events = new Events({ log: logger, limits, monotonic: () => time.now });
  events.admit("mine", { onFailure, slowMs: 100 });
  return { events, log, time };
}

const pipe = (run: PipeListener["run"], options: Partial<PipeListener> = {}): PipeListener => ({
  ...{ owner: "mine", event: "a:b", order: 0, warnMs: 100, deadlineMs: 0, run },
  ...options,
});

const broken = (): never => {
  throw new TypeError("broken");
};

const ask = async (events: Events, payload: unknown = "same"): Promise<unknown> => events.pipe("a:b", payload);

test("a failure fails the request unless a rule says otherwise, and says out of which plugin it came", async () => {
  const { events } = make("fail");
  events.registerPipe(pipe(broken));
  await assert.rejects(ask(events), (error: KuzzleError) => {
    assert.deepEqual(error.source, { plugin: "mine", event: "a:b" });
    assert.equal("source" in error.toJSON(), false, "it does not travel");
    return error.id === "plugin.runtime.unexpected_error";
  });
  const { pipes } = events.owner("mine");
  assert.deepEqual([pipes.calls, pipes.errors, pipes.refused], [1, 1, 0]);
});

test("skip passes the payload on over exceptions, rejections and missed deadlines, logs and counts; refusals still refuse", async () => {
  const { events, log } = make("skip");
  const refuse = (): never => {
    throw new BadRequestError("on purpose");
  };
  const remove = [
    events.registerPipe(pipe(broken)),
    events.registerPipe(pipe(() => Promise.reject(new Error("later")))),
    events.registerPipe(pipe(() => new Promise(() => {}), { deadlineMs: 5 })),
    events.registerPipe(pipe(([payload]) => `${payload}, changed`, { order: 1 })),
  ];
  assert.equal(await ask(events), "same, changed");
  assert.deepEqual(
    log.map(({ event, fields }) => [event, fields.plugin, fields.event]),
    Array.from({ length: 3 }, () => ["plugin.pipe_skipped", "mine", "a:b"]),
  );
  assert.equal(events.owner("mine").skipped, 3);
  assert.equal(events.owner("mine").pipes.errors, 3);
  for (const unregister of remove) unregister();
  events.registerPipe(pipe(refuse));
  await assert.rejects(ask(events), { message: "on purpose" });
  assert.equal(events.owner("mine").pipes.refused, 1);
});

test("disableAfter counts failures of one pipe in a row; then nothing of the plugin is called, and one line says so", async () => {
  const { events, log } = make({ disableAfter: 3 });
  let isBroken = true;
  let hooked = 0;
  events.registerPipe(pipe(([payload]) => (isBroken ? broken() : payload)));
  events.registerPipe(pipe(([payload]) => `${payload}, seen`, { owner: "other", order: 1 }));
  events.registerHook({ owner: "mine", event: "a:b", order: 0, run: () => void hooked++ });
  await assert.rejects(ask(events));
  await assert.rejects(ask(events));
  isBroken = false;
  assert.equal(await ask(events), "same, seen");
  assert.equal(hooked, 1);
  isBroken = true;
  for (let i = 0; i < 3; i++) await assert.rejects(ask(events));
  assert.equal(await ask(events), "same, seen", "other plugins are called");
  assert.equal(hooked, 1);
  const lines = log.filter(({ event }) => event === "plugin.disabled");
  assert.equal(lines.length, 1);
  assert.deepEqual([lines[0]?.fields.plugin, lines[0]?.fields.failures], ["mine", 3]);
  isBroken = false;
  events.admit("mine", { onFailure: "fail", slowMs: 0 });
  await ask(events);
  assert.equal(hooked, 2, "admitted again, it is called again");
});

test("refusals and another pipe's failures do not count towards the end; those of hooks do", async () => {
  const { events } = make({ disableAfter: 2 });
  events.registerPipe(
    pipe(() => {
      throw new BadRequestError("no");
    }),
  );
  for (let i = 0; i < 5; i++) await assert.rejects(ask(events), { message: "no" });
  assert.equal(events.owner("mine").disabled, undefined);
  events.registerHook({ owner: "mine", event: "c:d", order: 0, run: () => Promise.reject(new Error("hook broke")) });
  for (let i = 0; i < 2; i++) events.hook("c:d");
  await new Promise(setImmediate);
  assert.deepEqual(events.owner("mine").disabled, { because: 'hook on "c:d"', failures: 2 });
});

test("figures hold times and slow calls; of many slow ones one line is written in ten seconds, with the count of the others", async () => {
  const { events, log, time } = make("fail");
  events.registerPipe(
    pipe(async ([payload]) => {
      time.now += 200;
      return payload;
    }),
  );
  const slow = (): Line[] => log.filter(({ event }) => event === "plugin.slow_pipe");
  for (let i = 0; i < 40; i++) await ask(events);
  assert.equal(slow().length, 1);
  time.now += 10_000;
  await ask(events);
  assert.equal(slow().length, 2);
  assert.deepEqual(slow()[1]?.fields, { plugin: "mine", event: "a:b", durationMs: 200, keptBack: 39 });
  const { pipes } = events.owner("mine");
  assert.deepEqual([pipes.calls, pipes.slow, pipes.meanMs, pipes.running], [41, 41, 200, 0]);
  assert.ok(pipes.percentileMs(0.99) >= 200 && pipes.percentileMs(0.99) < 400);
});

test("of the calls of a hook the first thousand are timed, then one of sixteen; all are counted", () => {
  const { events } = make("fail");
  events.registerHook({ owner: "mine", event: "a:b", order: 0, run: () => {} });
  for (let i = 0; i < 2_600; i++) events.hook("a:b");
  const { hooks } = events.owner("mine");
  assert.equal(hooks.calls, 2_600);
  assert.equal(hooks.timed, 1_100);
  assert.equal(hooks.cumulated().at(-1)?.calls, 1_100);
});
