import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { test } from "node:test";
import { MessageClient } from "../../testing/protocols/message-client.ts";
import { RawClient } from "../../testing/protocols/raw-client.ts";
import { TableEntryPoint } from "../../testing/protocols/table-entry-point.ts";
import { startTestServer } from "../../testing/protocols/test-server.ts";

const hugeBytes = 16 * 1024 * 1024;
const slow = { controller: "test", action: "slow" };

function serve(): ReturnType<typeof startTestServer> {
  const actions = {
    "test:slow": () => {
      process.send?.("started");
      return new Promise((resolve) => setTimeout(resolve, 150, "done"));
    },
    "test:huge": () => "x".repeat(hugeBytes),
  };
  const routes = [
    { verb: "GET", path: "/_slow", controller: "test", action: "slow" },
    { verb: "GET", path: "/_huge", controller: "test", action: "huge" },
  ] as const;
  return startTestServer({ entryPoint: new TableEntryPoint(actions, routes) });
}

if (process.argv[2] === "serve") {
  const server = await serve();
  process.once("message", () => {
    void server.stop().then(() => process.disconnect?.());
  });
  process.send?.(server.port);
} else {
  test("a stop answers what runs, closes the rest, and the process ends by itself", { timeout: 60_000 }, async () => {
    const child = fork(new URL(import.meta.url), ["serve"]);
    const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
    const port = await new Promise<number>((resolve) => child.once("message", (message) => resolve(message as number)));
    const bothStarted = new Promise<void>((resolve) => {
      let started = 0;
      child.on("message", () => {
        started++;
        if (started === 2) resolve();
      });
    });
    const running = fetch(`http://127.0.0.1:${port}/_slow`);
    const [asking, idle] = await Promise.all([MessageClient.open(port), MessageClient.open(port)]);
    const half = new RawClient(port);
    half.send("GET /_slow HTT");
    const answer = asking.ask(slow);
    await bothStarted;
    child.send("stop");
    const response = await running;
    assert.equal(response.headers.get("connection"), "close");
    assert.equal(((await response.json()) as { result: unknown }).result, "done");
    assert.equal((await answer).result, "done");
    assert.deepEqual(await Promise.all([asking.closed(), idle.closed()]), [1001, 1001]);
    assert.equal(await exited, 0);
    await half.closed();
    await assert.rejects(fetch(`http://127.0.0.1:${port}/_slow`));
  });

  test("a stop lets a slow reader have the whole of its answer", async () => {
    const server = await serve();
    const client = new RawClient(server.port);
    client.send("GET /_huge HTTP/1.1\r\nHost: x\r\n\r\n");
    await client.until(({ received }) => received.includes("\r\n\r\n"));
    client.socket.pause();
    const stopped = server.stop();
    await new Promise((resolve) => setTimeout(resolve, 50));
    client.socket.resume();
    await client.closed();
    assert.ok(client.received.length > hugeBytes);
    await stopped;
  });

  test("protocols stop one after the other, in any order, and twice", async () => {
    for (const first of ["http", "webSocket"] as const) {
      const server = await serve();
      const client = await MessageClient.open(server.port);
      await server[first].stop();
      await server.stop();
      await server.stop();
      assert.equal(await client.closed(), 1001);
    }
  });

  test("a client that does not answer the close frame does not hold the stop up", { timeout: 60_000 }, async () => {
    const server = await serve();
    const client = await MessageClient.open(server.port);
    client.webSocket.pause();
    await server.stop();
    client.close();
  });
}
