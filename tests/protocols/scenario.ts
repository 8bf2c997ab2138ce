import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startHosted } from "../../testing/protocols/hosted-server.ts";

const books = { index: "lib", collection: "books" };

/**
 * What every protocol of ours in tests must do, whatever contract it was written for: it speaks in lines of JSON and gives its connections
 * the header `agent: "sample"`. `options`: the name under which it is configured.
 */
export async function checkProtocol(
  t: TestContext,
  files: Readonly<Record<string, string>>,
  options: string,
): Promise<void> {
  const events: string[] = [];
  const hosted = await startHosted(t, {
    files,
    protocols: { [options]: { port: 0, realtimeNotifications: true } },
    prepare: ({ hook }) => {
      // Every request over HTTP is a connection, too.
      const note = (what: string) => (connection: { headers: JSONObject; protocol: string }) => {
        if (!connection.protocol.startsWith("HTTP")) events.push(`${what} ${connection.headers.agent}`);
      };
      hook.register("connection:new", note("new"));
      hook.register("connection:remove", note("remove"));
    },
  });
  const [ada, bob] = [await hosted.connect(), await hosted.connect()];
  const answer = await ada.ask({ controller: "server", action: "now" });
  assert.equal(answer.status, 200);
  if ("calls" in answer) assert.equal(answer.calls, 1);
  assert.equal((await ada.ask({ controller: "server", action: "none" })).status, 404);

  await ada.ask({ controller: "index", action: "create", index: "lib" });
  await ada.ask({ controller: "collection", action: "create", ...books });
  const subscribed = await ada.ask({ controller: "realtime", action: "subscribe", ...books, body: {} });
  const { channel } = subscribed.result as { channel: string };
  const created = await fetch(`${hosted.server.url}/lib/books/_create`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ lang: "fr" }),
  });
  assert.equal(created.status, 200);
  const { room, event } = await ada.take();
  assert.deepEqual([room, event], [channel, "write"]);
  assert.deepEqual(bob.waiting, []);

  ada.close();
  const list = { controller: "realtime", action: "list" };
  while (Object.keys((await bob.ask(list)).result as object).length > 0);
  assert.deepEqual(events, ["new sample", "new sample", "remove sample"]);
  assert.deepEqual(
    hosted.log.filter((line) => /^error|protocol\.failed/.test(line)),
    [],
  );
  await hosted.server.close();
  await bob.closed();
}
