import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { setImmediate as nextTick, setTimeout as sleep } from "node:timers/promises";
import { MessageClient } from "../../../testing/protocols/message-client.ts";
import { TableEntryPoint } from "../../../testing/protocols/table-entry-point.ts";
import { startTestServer, type TestServer } from "../../../testing/protocols/test-server.ts";

async function start(t: { after(run: () => unknown): void }, compression: boolean): Promise<TestServer> {
  const entryPoint = new TableEntryPoint({
    "test:id": (_, connection) => connection.id,
    "test:large": () => "x".repeat(8 * 1024 * 1024),
  });
  const server = await startTestServer({ entryPoint, webSocket: { compression } });
  t.after(() => server.stop());
  return server;
}

async function join(server: TestServer, channel: string): Promise<MessageClient> {
  const client = await MessageClient.open(server.port);
  server.webSocket.joinChannel(channel, (await client.ask({ controller: "test", action: "id" })).result);
  return client;
}

for (const { how, compression, stalledCount, count } of [
  { how: "without compression", compression: false, stalledCount: 20, count: 1_000 },
  { how: "with compression", compression: true, stalledCount: 4, count: 600 },
]) {
  test(`${how}: a client that stops reading is closed with 1011 and costs little memory; others miss nothing`, async (t) => {
    const server = await start(t, compression);
    const stalled = await Promise.all(Array.from({ length: stalledCount }, () => join(server, "c")));
    const reader = await join(server, "c");
    let heard = 0; // counted and not kept: memory is measured here
    reader.webSocket.removeAllListeners("message");
    reader.webSocket.on("message", () => heard++);
    const readerHas = async (wanted: number): Promise<void> => {
      const deadline = Date.now() + 5_000;
      while (heard < wanted && reader.closeCode === undefined && Date.now() < deadline) await sleep(1);
      assert.ok(heard >= wanted, `${heard} of ${wanted}, closed with ${reader.closeCode}`);
    };
    for (const { webSocket } of stalled) webSocket.pause();
    const before = process.memoryUsage.rss();
    let peak = 0;
    for (let n = 0; n < count; n++) {
      // Not compressible, so that it fills the buffers of the system with compression too.
      server.webSocket.broadcast({ channels: ["c"], payload: { n, text: randomBytes(15_000).toString("base64") } });
      // A healthy reader gets the chance to read: a storm is no single tick.
      if (n % 4 === 0) await nextTick();
      if (n % 20 === 0) await readerHas(n - 20);
      peak = Math.max(peak, process.memoryUsage.rss());
    }
    await readerHas(count);
    // 2 MiB for each stalled client, and what client and server in one process need for themselves; all that was sent is 400 MiB.
    const moreMiB = (peak - before) / 1024 / 1024;
    assert.ok(moreMiB < 60 + stalledCount * 2, `${Math.round(moreMiB)} MiB more`);
    for (const client of stalled) {
      client.webSocket.resume();
      assert.ok([1011, 1006].includes(await client.closed()), String(client.closeCode));
      assert.ok(client.messages.length < count);
    }
    reader.close();
  });
}

test("one large answer to a slow reader is no overflow", async (t) => {
  const server = await start(t, false);
  const client = await join(server, "c");
  client.webSocket.pause();
  client.send({ controller: "test", action: "large" });
  await new Promise((resolve) => setTimeout(resolve, 50));
  server.webSocket.broadcast({ channels: ["c"], payload: {} });
  await new Promise((resolve) => setTimeout(resolve, 20));
  client.webSocket.resume();
  await client.until(({ messages }) => messages.length === 3);
  client.close();
});
