/** More requests than the server can run: they wait, then they are refused, and nothing is lost (contract/wire.md 6 and 7). */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Backend } from "../../src/app/index.ts";
import { startServer } from "../../testing/index.ts";
import { http, Line, until } from "./wire.ts";

/** A gate before `server:now`: requests that came to it, and what lets them through. */
function gate(backend: Backend): { readonly arrived: () => number; readonly open: () => void } {
  let arrived = 0;
  const opened = Promise.withResolvers<void>();
  backend.pipe.register("server:beforeNow", async (request) => {
    arrived++;
    await opened.promise;
    return request;
  });
  return { arrived: () => arrived, open: () => opened.resolve() };
}

const now = { controller: "server", action: "now" };

test("one request runs, two wait, the fourth is refused; _ready says so, and a hook is told", async () => {
  let held: ReturnType<typeof gate> | undefined;
  const fills: unknown[] = [];
  await using server = await startServer({
    data: ":memory:",
    config: {
      "limits.concurrentRequests": 1,
      "limits.requestsBufferSize": 2,
      "limits.requestsBufferWarningThreshold": 1,
    },
    prepare: (backend) => {
      held = gate(backend);
      backend.hook.register("core:overload", (fill: unknown) => {
        fills.push(fill);
      });
    },
  });
  await using line = await Line.open(server);
  assert.equal((await http(server, "GET", "/_ready")).status, 200);
  const running = line.ask(now);
  await until(() => held?.arrived() === 1, "the first to run");
  const waiting = [line.ask(now), line.ask(now)];
  const refused = await line.ask(now);
  assert.deepEqual([refused.status, refused.error?.id], [503, "api.process.overloaded"]);
  const overHttp = await http(server, "GET", "/_now");
  assert.deepEqual([overHttp.status, overHttp.error?.id], [503, "api.process.overloaded"]);
  assert.equal((await http(server, "GET", "/_ready")).status, 503);
  assert.equal((await http(server, "GET", "/_healthcheck")).status, 200);
  assert.equal(held?.arrived(), 1, "those that wait do not run");
  await until(() => fills.length > 0, "core:overload");
  assert.deepEqual(fills, [100]);
  held?.open();
  for (const { status } of await Promise.all([running, ...waiting])) assert.equal(status, 200);
  assert.equal((await http(server, "GET", "/_ready")).status, 200);
  assert.equal((await line.ask(now)).status, 200);
});

test("metrics count what runs and what waits", async () => {
  let held: ReturnType<typeof gate> | undefined;
  await using server = await startServer({
    data: ":memory:",
    config: {
      "limits.concurrentRequests": 2,
      "limits.requestsBufferSize": 10,
      "limits.requestsBufferWarningThreshold": 10,
    },
    prepare: (backend) => {
      held = gate(backend);
    },
  });
  await using line = await Line.open(server);
  const running = line.ask(now);
  await until(() => held?.arrived() === 1, "the first to run");
  const { result } = await line.ask<{ api: object }>({ controller: "server", action: "metrics" });
  assert.deepEqual(result.api, { concurrentRequests: 2, pendingRequests: 0 });
  held?.open();
  await running;
});

test("a shutdown answers what runs and what waits, and refuses what comes", async () => {
  let held: ReturnType<typeof gate> | undefined;
  const server = await startServer({
    data: ":memory:",
    config: {
      "limits.concurrentRequests": 1,
      "limits.requestsBufferSize": 10,
      "limits.requestsBufferWarningThreshold": 10,
    },
    prepare: (backend) => {
      held = gate(backend);
    },
  });
  const line = await Line.open(server);
  const running = line.ask(now);
  const overHttp = http(server, "GET", "/_now");
  await until(() => held?.arrived() === 1, "the first to run");
  const waiting = line.ask(now);
  await line.ask({ controller: "nothing", action: "nothing", targets: 3 }); // in order: those before have arrived
  const closed = server.close();
  const late = await line.ask(now);
  assert.deepEqual([late.status, late.error?.id], [503, "network.entrypoint.shutting_down"]);
  const lateHttp = await fetch(`${server.url}/_now`).then(
    async (response) => [response.status, ((await response.json()) as { error: { id: string } }).error.id],
    () => "refused to connect",
  );
  if (lateHttp !== "refused to connect") {
    assert.equal(lateHttp[0], 503);
    assert.match(String(lateHttp[1]), /shutting_down$/);
  }
  held?.open();
  for (const { status } of await Promise.all([running, waiting, overHttp])) assert.equal(status, 200);
  await closed;
  await until(() => !line.isOpen, "the connection to close");
  await assert.rejects(fetch(`${server.url}/_now`));
});
