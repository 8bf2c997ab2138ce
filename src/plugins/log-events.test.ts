import assert from "node:assert/strict";
import { test } from "node:test";
import { Events } from "../events/index.ts";
import { type Logger, silentLogger } from "../kernel/index.ts";
import { withLogEvents } from "./log-events.ts";

function open(): {
  log: Logger;
  events: Events;
  lines: string[];
  listen: (event: string, run: (line: string) => unknown) => void;
} {
  const lines: string[] = [];
  const recording: Logger = { ...silentLogger, info: (event) => void lines.push(event), child: () => recording };
  let events: Events | undefined;
  const log = withLogEvents(recording, () => events);
  events = new Events({ log, limits: { maxConcurrent: 1, bufferSize: 1 } });
  const bus = events;
  const listen = (event: string, run: (line: string) => unknown): void => {
    bus.registerHook({ owner: "test", event, order: 0, run: ([line]) => run(line as string) as undefined });
  };
  return { log, events, lines, listen };
}

test("a line of the log is fired with its fields, its error and the name of its part", () => {
  const { log, listen, lines } = open();
  const heard: string[] = [];
  listen("log:info", (line) => heard.push(line));
  log.info("server.ready", { port: 7512 });
  log.child("store").info("opened");
  log.info("failed", { err: new Error("boom") });
  assert.deepEqual(lines, ["server.ready", "opened", "failed"]);
  assert.deepEqual(heard.slice(0, 2), ['server.ready {"port":7512}', "[store] opened"]);
  assert.match(heard[2] ?? "", /^failed Error: boom\n/);
});

test("levels have the names that plugins know", () => {
  const { log, listen } = open();
  const heard: string[] = [];
  for (const level of ["verbose", "debug", "info", "warn", "error"])
    listen(`log:${level}`, (line) => heard.push(`${level} ${line}`));
  for (const level of ["trace", "debug", "info", "warn", "error", "fatal"] as const) log[level](level);
  assert.deepEqual(heard, ["verbose trace", "debug debug", "info info", "warn warn", "error error", "error fatal"]);
});

test("a plugin that logs, or fails, while it handles a line does not call itself for ever", () => {
  const { log, listen } = open();
  let calls = 0;
  listen("log:error", (line) => {
    calls++;
    log.error(`again: ${line}`);
    throw new Error("and fails");
  });
  log.error("once");
  assert.equal(calls, 1);
});

test("fields that cannot be written do not disturb the log", () => {
  const { log, listen } = open();
  const heard: string[] = [];
  listen("log:info", (line) => heard.push(line));
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  log.info("odd", { cycle });
  assert.equal(heard.length, 1);
});
