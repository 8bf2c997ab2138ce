/** The controller `debug` on a whole server (contract/api/debug.yaml). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer } from "../../testing/index.ts";
import { http, Line } from "./wire.ts";

const data = ":memory:";
const allowed = { "security.debug.native_debug_protocol": true };

test("without the switch only the version of Node.js is told", async () => {
  await using server = await startServer({ data });
  assert.equal((await http<unknown>(server, "GET", "/debug/_nodeVersion")).result, process.version);
  await using line = await Line.open(server);
  for (const action of ["enable", "disable", "post", "addListener", "removeListener"]) {
    assert.deepEqual(
      await line.refusal({ controller: "debug", action }),
      { id: "core.debugger.native_debug_protocol_usage_denied", status: 412 },
      action,
    );
  }
});

test("a method of the debugger runs, and its events come to who listens, until they stop", async () => {
  await using server = await startServer({ data, config: allowed });
  await using line = await Line.open(server);
  const ask = (action: string, body?: JSONObject) => line.ask({ controller: "debug", action, body });
  assert.equal((await ask("enable")).status, 200);
  assert.equal((await ask("enable")).status, 200);
  const evaluated = await ask("post", { method: "Runtime.evaluate", params: { expression: "6 * 7" } });
  assert.equal((evaluated.result.result as JSONObject).value, 42);
  const failed = await ask("post", { method: "Teapot.brew" });
  assert.equal(failed.status, 200);
  assert.equal(typeof failed.result.error, "string");

  await ask("addListener", { event: "Runtime.consoleAPICalled" });
  await ask("addListener", { event: "*" });
  await ask("post", { method: "HeapProfiler.collectGarbage", params: { reportProgress: true } });
  const [first] = await line.take(1);
  assert.deepEqual(first, {
    room: "kuzzle-debugger-event",
    event: "HeapProfiler.reportHeapSnapshotProgress",
    result: {
      method: "HeapProfiler.reportHeapSnapshotProgress",
      params: { done: 0, total: 0, finished: true },
    },
  });
  await ask("removeListener", { event: "*" });
  await ask("post", { method: "HeapProfiler.collectGarbage", params: { reportProgress: true } });
  assert.deepEqual(line.notifications, []);

  assert.equal((await ask("disable")).status, 200);
  assert.equal((await ask("post", { method: "Runtime.enable" })).error?.id, "core.debugger.not_enabled");
});

test("what is missing or of the wrong kind is refused in the contract's order", async () => {
  await using server = await startServer({ data, config: allowed });
  const overHttp = await http(server, "POST", "/_query", { controller: "debug", action: "addListener" });
  assert.deepEqual([overHttp.status, overHttp.error?.id], [500, "api.assert.unsupported_protocol"]);
  await using line = await Line.open(server);
  const refusal = async (action: string, body?: unknown) =>
    (await line.refusal({ controller: "debug", action, body })).id;
  assert.equal(await refusal("addListener"), "api.assert.body_required");
  assert.equal(await refusal("addListener", {}), "api.assert.missing_argument");
  assert.equal(await refusal("addListener", { event: 3 }), "api.assert.invalid_type");
  assert.equal(await refusal("addListener", { event: "*" }), "core.debugger.not_enabled");
  assert.equal(await refusal("post"), "api.assert.body_required");
  assert.equal(await refusal("post", { method: "A.b", params: 3 }), "api.assert.invalid_type");
  assert.equal(await refusal("post", { method: "A.b" }), "core.debugger.not_enabled");
});

test("who debugs a server gets through however busy it is", async (t) => {
  const held = Promise.withResolvers<void>();
  t.after(() => held.resolve());
  const order: string[] = [];
  await using server = await startServer({
    data,
    config: {
      ...allowed,
      "limits.concurrentRequests": 1,
      "limits.requestsBufferSize": 2,
      "limits.requestsBufferWarningThreshold": 2,
    },
    prepare: (backend) => {
      backend.controller.register("slow", { actions: { wait: { handler: () => held.promise.then(() => "done") } } });
      for (const action of ["Now", "Metrics"])
        backend.hook.register(`server:before${action}`, () => order.push(action));
    },
  });
  await using debugging = await Line.open(server);
  await debugging.result({ controller: "debug", action: "enable" });
  await debugging.result({ controller: "debug", action: "addListener", body: { event: "Runtime.consoleAPICalled" } });
  await using line = await Line.open(server);
  const running = line.ask({ controller: "slow", action: "wait" });
  const waiting = [1, 2].map(() => line.ask({ controller: "server", action: "now" }));
  assert.equal((await line.refusal({ controller: "server", action: "now" })).id, "api.process.overloaded");
  const urgent = debugging.ask({ controller: "server", action: "metrics" });
  await sleep(50); // its message comes on a socket of its own
  held.resolve();
  await Promise.all([running, urgent, ...waiting]);
  assert.deepEqual(order, ["Metrics", "Now", "Now"]);
});
