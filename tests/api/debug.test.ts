/** The controller `debug` on a whole server (contract/api/debug.yaml). */
import assert from "node:assert/strict";
import { test } from "node:test";
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
