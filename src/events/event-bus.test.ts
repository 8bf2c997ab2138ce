import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { test } from "node:test";
import { BadRequestError, type KuzzleError, type Logger, silentLogger } from "../kernel/index.ts";
import { Events } from "./event-bus.ts";
import type { PipeListener } from "./listeners.ts";

interface Warning {
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

function make(limits = { maxConcurrent: 50, bufferSize: 50_000 }): { events: Events; log: Warning[] } {
  const log: Warning[] = [];
  const record = (event: string, fields = {}): void => void log.push({ event, fields });
  const logger: Logger = { ...silentLogger, warn: record, error: record };
  return { events: new Events({ log: logger, limits }), log };
}

const pipe = (event: string, run: PipeListener["run"], options: Partial<PipeListener> = {}): PipeListener => ({
  owner: "mine",
  event,
  order: 0,
  warnMs: 0,
  deadlineMs: 0,
  run,
  ...options,
});

test("an event without listeners answers its payload, and no promise", () => {
  const payload = {};
  assert.equal(make().events.pipe("document:beforeGet", payload), payload);
});

test("pipes run one after another, and each gets the payload of the one before", async () => {
  const { events } = make();
  events.registerPipe(pipe("a:b", async ([text, more]) => `${text}${more}1`));
  events.registerPipe(pipe("a:b", ([text, more]) => `${text}${more}2`));
  assert.equal(await events.pipe("a:b", "x", "-"), "x-1-2");
});

test("exact names come before phases, phases before the whole scope; then the load order decides", async () => {
  const { events } = make();
  const append =
    (name: string) =>
    ([text]: readonly unknown[]) =>
      `${text} ${name}`;
  events.registerPipe(pipe("document:*", append("all")));
  events.registerPipe(pipe("document:before*", append("before")));
  events.registerPipe(pipe("document:beforeCreate", append("second"), { order: 2 }));
  events.registerPipe(pipe("document:beforeCreate", append("first"), { order: 1 }));
  assert.equal(await events.pipe("document:beforeCreate", ""), " first second before all");
  assert.equal(await events.pipe("document:afterCreate", ""), " all");
  assert.equal(await events.pipe("other:beforeCreate", "untouched"), "untouched");
});

test("a pipe that refuses ends the chain with its own error, another exception is hidden", async () => {
  const { events } = make();
  const refusal = new BadRequestError("no such words here");
  let reached = false;
  const remove = events.registerPipe(pipe("a:b", () => Promise.reject(refusal)));
  events.registerPipe(
    pipe("a:b", ([payload]) => {
      reached = true;
      return payload;
    }),
  );
  await assert.rejects(async () => events.pipe("a:b", 1), refusal);
  assert.equal(reached, false);
  remove();
  events.registerPipe(
    pipe("a:b", () => {
      throw new TypeError("broken");
    }),
  );
  await assert.rejects(
    async () => events.pipe("a:b", 1),
    (error: KuzzleError) => error.id === "plugin.runtime.unexpected_error",
  );
});

test("a pipe with a deadline fails the chain with 504 and names its plugin", async () => {
  const { events } = make();
  events.registerPipe(pipe("a:b", () => new Promise(() => {}), { owner: "slow-one", deadlineMs: 5 }));
  await assert.rejects(
    async () => events.pipe("a:b", 1),
    (error: KuzzleError) => error.status === 504 && error.message.includes("slow-one"),
  );
});

test("a slow pipe is warned about by name", async () => {
  const { events, log } = make();
  events.registerPipe(
    pipe("a:b", ([payload]) => new Promise((done) => setTimeout(done, 15, payload)), { owner: "slow-one", warnMs: 1 }),
  );
  await events.pipe("a:b", 1);
  assert.equal(log[0]?.event, "plugin.slow_pipe");
  assert.equal(log[0]?.fields.plugin, "slow-one");
});

test("hooks see the final payload, and can neither slow nor fail the event", async () => {
  const { events, log } = make();
  const seen: unknown[] = [];
  const failures: unknown[] = [];
  events.registerPipe(pipe("a:b", () => "changed"));
  events.registerHook({
    owner: "watcher",
    event: "a:*",
    order: 0,
    run: ([payload], event) => void seen.push(payload, event),
  });
  events.registerHook({
    owner: "thrower",
    event: "a:b",
    order: 0,
    run: () => {
      throw new Error("hook broke");
    },
  });
  events.registerHook({
    owner: "rejecter",
    event: "a:b",
    order: 0,
    run: () => Promise.reject(new Error("hook broke later")),
  });
  events.registerHook({
    owner: "watcher",
    event: "hook:onError",
    order: 0,
    run: ([failure]) => void failures.push(failure),
  });
  assert.equal(await events.pipe("a:b", "original"), "changed");
  await new Promise(setImmediate);
  assert.deepEqual(seen, ["changed", "a:*"]);
  assert.deepEqual(
    log.map(({ fields }) => fields.plugin),
    ["thrower", "rejecter"],
  );
  assert.equal(failures.length, 2);
});

test("a hook on the failure of hooks that fails itself does not fire itself for ever", () => {
  const { events, log } = make();
  const broken = (): never => {
    throw new Error("again");
  };
  events.registerHook({ owner: "p", event: "a:b", order: 0, run: broken });
  events.registerHook({ owner: "p", event: "hook:onError", order: 0, run: broken });
  events.registerHook({ owner: "p", event: "plugin:hook:loop-error", order: 0, run: broken });
  events.hook("a:b", 1);
  assert.equal(log.length, 3);
});

test("chains beyond the limit wait their turn, and beyond the buffer are refused", async () => {
  const { events } = make({ maxConcurrent: 1, bufferSize: 1 });
  const releases: (() => void)[] = [];
  events.registerPipe(pipe("a:b", ([payload]) => new Promise((done) => releases.push(() => done(payload)))));
  const first = events.pipe("a:b", 1);
  const second = events.pipe("a:b", 2);
  await assert.rejects(
    async () => events.pipe("a:b", 3),
    (error: KuzzleError) => error.id === "plugin.runtime.too_many_pipes",
  );
  releases[0]?.();
  assert.equal(await first, 1);
  await new Promise(setImmediate);
  releases[1]?.();
  assert.equal(await second, 2);
});

test("a chain for which a pipe waits runs at once, though all slots are held by such pipes; without bound it is not", async () => {
  const nested = new AsyncLocalStorage<true>();
  const limits = { maxConcurrent: 2, bufferSize: 4 };
  const events = new Events({ log: silentLogger, limits, isNested: () => nested.getStore() === true });
  const releases: (() => void)[] = [];
  events.registerPipe(
    pipe("a:b", ([payload]) =>
      nested.run(true, async () => {
        await new Promise(setImmediate);
        return events.pipe("c:d", payload);
      }),
    ),
  );
  let isHeld = false;
  events.registerPipe(
    pipe("c:d", ([payload]) => (isHeld ? new Promise((done) => releases.push(() => done(payload))) : payload)),
  );
  assert.deepEqual(await Promise.all([1, 2, 3, 4].map((payload) => events.pipe("a:b", payload))), [1, 2, 3, 4]);
  assert.deepEqual(events.chains, { running: 0, waiting: 0 });
  isHeld = true;
  const held = Array.from({ length: 6 }, (_, i) => nested.run(true, () => events.pipe("c:d", i)));
  await assert.rejects(
    nested.run(true, async () => events.pipe("c:d", 6)),
    { id: "plugin.runtime.too_many_pipes" },
  );
  for (const release of releases) release();
  assert.deepEqual(await Promise.all(held), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(events.chains, { running: 0, waiting: 0 });
});

test("what was unregistered is not called any more", async () => {
  const { events } = make();
  const remove = events.registerPipe(pipe("a:b", () => "changed"));
  assert.equal(await events.pipe("a:b", "same"), "changed");
  remove();
  assert.equal(events.pipe("a:b", "same"), "same");
  assert.equal(events.hasListeners("a:b"), false);
});

test("a listener with a rule of its own hears what the rule says, after those that name the event, until it is unregistered", async () => {
  const { events } = make();
  const asked: string[] = [];
  const matches = (event: string): boolean => {
    asked.push(event);
    return event.endsWith(":b");
  };
  const remove = events.registerPipe(pipe("*:b", ([text]) => `${text} rule`, { matches, order: -1 }));
  events.registerPipe(pipe("a:b", ([text]) => `${text} name`));
  assert.equal(await events.pipe("a:b", "x"), "x name rule");
  assert.equal(await events.pipe("c:b", "x"), "x rule");
  assert.equal(events.pipe("c:d", "x"), "x");
  assert.equal(await events.pipe("c:b", "x"), "x rule");
  assert.deepEqual(asked, ["a:b", "c:b", "c:d"], "asked once for each event");
  remove();
  assert.equal(events.hasListeners("c:b"), false);
});
