/** The example protocol on a whole server, over real sockets. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Backend } from "../../src/app/index.ts";
import type { JSONObject } from "../../src/kernel/index.ts";
import { type HostedServer, startHosted } from "../../testing/protocols/hosted-server.ts";
import { LineClient } from "../../testing/protocols/line-client.ts";

const example = join(import.meta.dirname, "../../examples/protocols/line-tcp");

const start = (t: TestContext, options: JSONObject = {}, prepare = (_: Backend): void => {}): Promise<HostedServer> =>
  startHosted(t, { links: { "line-tcp": example }, protocols: { "line-tcp": { port: 0, ...options } }, prepare });

const now = { controller: "server", action: "now" };
const books = { index: "lib", collection: "books" };

async function createBooks(client: LineClient): Promise<void> {
  await client.ask({ controller: "index", action: "create", index: "lib" });
  await client.ask({ controller: "collection", action: "create", ...books });
}

async function subscribe(client: LineClient, body: JSONObject = {}): Promise<string> {
  const answer = await client.ask({ controller: "realtime", action: "subscribe", ...books, body });
  return (answer.result as { channel: string }).channel;
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 2_000;
  while (!condition()) {
    if (Date.now() > deadline) assert.fail(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test("line-tcp: a request is answered with its id, and a wrong one with its error, without a stack", async (t) => {
  const client = await (await start(t)).connect();
  const answer = await client.ask(now);
  assert.equal(answer.status, 200);
  assert.equal(typeof (answer.result as JSONObject).now, "number");
  const { status, error } = await client.ask({ controller: "server", action: "nothing" });
  assert.equal(status, 404);
  assert.equal((error as JSONObject).id, "api.process.action_not_found");
  assert.equal("stack" in (error as JSONObject), false);
});

test("line-tcp: what is no request gets a 400, and the connection goes on", async (t) => {
  const client = await (await start(t)).connect();
  for (const line of ["{", "null", "[]", "17", '{"controller": 3}', '{"requestId": {}}']) {
    client.socket.write(`${line}\n`);
    assert.equal((await client.take()).status, 400, line);
  }
  assert.equal((await client.ask(now)).status, 200);
});

test("line-tcp: lines may come in pieces that cut characters, and many at once", async (t) => {
  const client = await (await start(t)).connect();
  const bytes = Buffer.from(`${JSON.stringify({ ...now, requestId: "été" })}\n`.repeat(3));
  const cut = bytes.indexOf("é") + 1;
  client.socket.write(bytes.subarray(0, cut));
  await new Promise((resolve) => setTimeout(resolve, 20));
  client.socket.write(bytes.subarray(cut));
  for (let i = 0; i < 3; i++) assert.equal((await client.take()).requestId, "été");
});

test("line-tcp: a subscriber hears of a matching document written over HTTP, and of no other", async (t) => {
  const hosted = await start(t);
  const [subscriber, other] = [await hosted.connect(), await hosted.connect()];
  await createBooks(other);
  const channel = await subscribe(subscriber, { equals: { lang: "fr" } });
  for (const lang of ["en", "fr"]) {
    const response = await fetch(`${hosted.server.url}/lib/books/_create`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ lang }),
    });
    assert.equal(response.status, 200);
  }
  const { room, action, protocol, result } = await subscriber.take();
  assert.equal(room, channel);
  assert.equal(action, "create");
  assert.equal(protocol, "http");
  assert.equal(((result as JSONObject)._source as JSONObject).lang, "fr");
  assert.deepEqual([...subscriber.waiting, ...other.waiting], []);
});

test("line-tcp: every subscriber of a channel gets a broadcast, and none after it has unsubscribed", async (t) => {
  const hosted = await start(t);
  const [ada, bob, eve] = [await hosted.connect(), await hosted.connect(), await hosted.connect()];
  await createBooks(ada);
  const channel = await subscribe(ada);
  assert.equal(await subscribe(bob), channel);
  const publish = { controller: "realtime", action: "publish", ...books, body: { hello: 1 } };
  await eve.ask(publish);
  for (const client of [ada, bob]) assert.equal((await client.take()).room, channel);
  const roomId = channel.slice(0, channel.lastIndexOf("-"));
  const { status } = await bob.ask({ controller: "realtime", action: "unsubscribe", body: { roomId } });
  assert.equal(status, 200);
  await eve.ask(publish);
  await ada.take();
  await bob.ask(now);
  assert.deepEqual(bob.waiting, []);
});

test("line-tcp: a closed socket fires connection:remove and takes its room with it", async (t) => {
  const events: string[] = [];
  const hosted = await start(t, {}, ({ hook }) => {
    for (const event of ["connection:new", "connection:remove"]) {
      hook.register(event, ({ protocol, ips }: { protocol: string; ips: readonly string[] }) => {
        events.push(`${event} ${protocol} ${ips}`);
      });
    }
    hook.register("room:remove", () => events.push("room:remove"));
  });
  const watcher = await hosted.connect();
  const client = await hosted.connect();
  await createBooks(watcher);
  await subscribe(client);
  const list = { controller: "realtime", action: "list" };
  assert.deepEqual(Object.keys((await watcher.ask(list)).result as object), ["lib"]);
  client.close();
  await until(() => events.includes("room:remove"), "the room goes");
  await until(() => events.length === 4, "the hooks are called");
  assert.deepEqual(events.sort(), [
    "connection:new line-tcp 127.0.0.1",
    "connection:new line-tcp 127.0.0.1",
    "connection:remove line-tcp 127.0.0.1",
    "room:remove",
  ]);
  assert.deepEqual((await watcher.ask(list)).result, {});
});

test("line-tcp: a client that has said all still gets its answers", async (t) => {
  const client = await (await start(t)).connect();
  client.send({ ...now, requestId: "last" });
  client.socket.end();
  assert.equal((await client.take()).requestId, "last");
  await client.closed();
});

test("line-tcp: a line that does not end cuts its client off, and nobody else", async (t) => {
  const hosted = await start(t, { maxLineBytes: 1_000 });
  const [greedy, other] = [await hosted.connect(), await hosted.connect()];
  greedy.socket.write("x".repeat(2_000));
  await greedy.closed();
  assert.equal((await other.ask(now)).status, 200);
});

test("line-tcp: a client that does not read is cut off once too much waits for it", async (t) => {
  const hosted = await start(t, { maxBacklogBytes: 10_000 });
  const [lazy, other] = [await hosted.connect(), await hosted.connect()];
  await createBooks(other);
  await subscribe(lazy);
  lazy.socket.pause();
  const publish = { controller: "realtime", action: "publish", ...books, body: { text: "x".repeat(500_000) } };
  const list = { controller: "realtime", action: "list" };
  for (let i = 0; i < 100; i++) {
    await other.ask(publish);
    if (Object.keys((await other.ask(list)).result as object).length === 0) return;
  }
  assert.fail("the client that does not read is still subscribed");
});

test("line-tcp: who logs in acts as that user, and is told when the token ends", async (t) => {
  const hosted = await start(t, { realtimeNotifications: true });
  const client = await hosted.connect();
  const user = {
    content: { profileIds: ["default"] },
    credentials: { local: { username: "ada", password: "secret" } },
  };
  const created = await client.ask({ controller: "security", action: "createUser", _id: "ada", body: user });
  assert.equal(created.status, 200);
  const credentials = { username: "ada", password: "secret" };
  const login = { controller: "auth", action: "login", strategy: "local", expiresIn: "1s", body: credentials };
  const { jwt } = (await client.ask(login)).result as { jwt: string };
  const me = await client.ask({ controller: "auth", action: "getCurrentUser", jwt });
  assert.equal((me.result as JSONObject)._id, "ada");
  const { type, room } = await client.take((line) => line.type === "TokenExpired");
  assert.deepEqual([type, room], ["TokenExpired", "kuzzle:notification:server"]);
});

test("line-tcp: the server's end closes every client after its answers, fires connection:remove and frees the port", async (t) => {
  const removed: string[] = [];
  const hosted = await start(t, {}, ({ hook }) => {
    hook.register("connection:remove", ({ protocol }: { protocol: string }) => removed.push(protocol));
  });
  const clients = [await hosted.connect(), await hosted.connect()];
  for (const client of clients) assert.equal((await client.ask(now)).status, 200);
  const port = await hosted.listening();
  await hosted.server.close();
  for (const client of clients) await client.closed();
  assert.deepEqual(
    removed.filter((name) => name === "line-tcp"),
    ["line-tcp", "line-tcp"],
  );
  await assert.rejects(LineClient.connect(port), { code: "ECONNREFUSED" });
});

test("line-tcp: a port that is taken refuses the start, naming the protocol", async (t) => {
  const port = await (await start(t)).listening();
  await assert.rejects(start(t, { port }), /\[line-tcp\].*EADDRINUSE/);
});
