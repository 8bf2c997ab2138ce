import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { captureLog } from "../../../testing/kit/captured-log.ts";
import { plainStrategy } from "../../../testing/security/test-security.ts";
import { isStrategyFault, runningStrategy, runStrategy, withFaultsFound } from "./strategy-faults.ts";

/** An error whose stack names these places, the innermost first. */
const errorFrom = (...places: readonly string[]): Error =>
  Object.assign(new Error("no"), {
    stack: ["Error: no", ...places.map((place) => `    at run (${place}:1:2)`)].join("\n"),
  });

const own = import.meta.url;
const plugin = "/srv/app/plugins/enabled/mine/index.js";
const node = "node:internal/timers";

test("an exception is a strategy's when it runs, and its stack is not all the server's own", async () => {
  const strategy = plainStrategy();
  for (const [error, isTheirs] of [
    [errorFrom(plugin, node), true],
    [errorFrom(own, plugin, node), true], // what it called of the server refuses it
    [errorFrom(node), true], // a socket of its own
    ["a text", true],
    [undefined, true],
    [errorFrom(own, node), false], // a timer of the server that it has started
    [errorFrom(own), false],
  ] as const) {
    const { log, captured } = captureLog();
    const failures: unknown[] = [];
    const answers = runStrategy(
      strategy,
      (failure) => failures.push(failure),
      () => [isStrategyFault(error, log), isStrategyFault(error, log)],
    );
    assert.deepEqual(answers, [isTheirs, isTheirs], String(error));
    const { name, plugin } = strategy;
    const line = {
      level: "error",
      event: "process.strategy_failed",
      part: "",
      fields: { plugin, strategy: name, err: error },
    };
    assert.deepEqual(captured.lines, isTheirs ? [line] : [], "told once");
    assert.equal(failures.length, captured.lines.length);
    assert.equal(isStrategyFault(error, log), false, "nothing runs");
  }
});

test("whoever has called a method of a strategy is answered when it throws later", async () => {
  const { methods, ...rest } = plainStrategy();
  const seen: unknown[] = [];
  const { log } = captureLog();
  const never = (): Promise<never> =>
    new Promise(() => {
      setTimeout(() => seen.push(runningStrategy(), isStrategyFault("too late", log)), 1);
    });
  const strategy = withFaultsFound({
    ...rest,
    methods: { ...methods, create: never, verify: (_a, _b, _c) => never() },
  });
  await assert.rejects(
    async () => strategy.methods.create({} as never, {}, "ada", "plain"),
    (error) => error === "too late",
  );
  assert.deepEqual(seen, [{ plugin: "plain-plugin", strategy: "plain" }, true]);
  assert.equal(strategy.methods.verify.length, 3, "Passport's strategies count");
  assert.equal(strategy.methods.exists({} as never, "ada", "plain"), false, "what answers at once goes on doing so");
  // Within a login, verify is a part of it: the login fails.
  const failed = new Promise((resolve) => {
    runStrategy(strategy, resolve, () => void strategy.methods.verify(1, 2, 3));
  });
  assert.equal(await failed, "too late");
  await sleep(0);
  assert.equal(runningStrategy(), undefined);
});
