import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { MessageClient } from "../../../testing/protocols/message-client.ts";
import { TableEntryPoint } from "../../../testing/protocols/table-entry-point.ts";
import { startTestServer, type TestServer } from "../../../testing/protocols/test-server.ts";
import type { ClientConnection, JSONObject, KuzzleRequest } from "../../kernel/index.ts";
import type { WebSocketOptions } from "./options.ts";

const seen: KuzzleRequest[] = [];
const joined: string[] = [];

const entryPoint = (): TableEntryPoint =>
  new TableEntryPoint({
    "server:now": () => ({ now: 1 }),
    "test:echo": (request) => {
      seen.push(request);
      return request.input.body;
    },
    "test:id": (_, connection: ClientConnection) => {
      joined.push(connection.id);
      return connection.id;
    },
    "test:raw": (request) => {
      request.response.configure({ format: "raw" });
      return request.input.args.result;
    },
    "test:slow": () => new Promise((resolve) => setTimeout(resolve, 50, "done")),
  });

let server: TestServer;
before(async () => {
  server = await startTestServer({ entryPoint: entryPoint() });
});
after(() => server.stop());

interface Owner {
  after(run: () => unknown): void;
}

async function open(t: Owner, ...rest: [options?: object, protocols?: string[]]): Promise<MessageClient> {
  const client = await MessageClient.open(server.port, ...rest);
  t.after(() => client.close());
  return client;
}

async function openWith(t: Owner, webSocket: Partial<WebSocketOptions>): Promise<[MessageClient, TestServer]> {
  const other = await startTestServer({ entryPoint: entryPoint(), webSocket });
  const client = await MessageClient.open(other.port);
  t.after(() => {
    client.close();
    return other.stop();
  });
  return [client, other];
}

const now = { controller: "server", action: "now" };

test("a request is answered with the envelope, its id as room", async (t) => {
  const client = await open(t);
  const answer = await client.ask({ ...now, requestId: "r1", volatile: { a: 1 }, index: "lib" });
  assert.deepEqual(answer, {
    requestId: "r1",
    status: 200,
    error: null,
    controller: "server",
    action: "now",
    index: "lib",
    volatile: { a: 1 },
    result: { now: 1 },
    node: server.entryPoint.nodeId,
    headers: {},
    room: "r1",
  });
  assert.doesNotMatch(client.texts[0] ?? "", /^binary/);
});

test("binary messages are requests too, empty ones are nothing", async (t) => {
  const client = await open(t);
  client.webSocket.send("");
  client.webSocket.send(Buffer.alloc(0));
  client.webSocket.send(Buffer.from(JSON.stringify({ ...now, requestId: "b" })));
  assert.equal((await client.next()).requestId, "b");
  assert.equal(client.messages.length, 1);
});

test("the ping of browsers is answered, however it is spaced, and is no request", async (t) => {
  const client = await open(t);
  const { length } = server.entryPoint.logged;
  assert.deepEqual(await client.ask('{"p":1}'), { p: 2 });
  assert.deepEqual(await client.ask('{ "p": 1 }'), { p: 2 });
  assert.equal(server.entryPoint.logged.length, length);
  assert.equal((await client.ask({ p: 1, ...now })).action, "now");
  assert.equal((await client.ask({ p: 2 })).error.id, "api.assert.missing_argument");
});

test("what is no JSON object is refused with an id of its own and no room", async (t) => {
  const client = await open(t);
  for (const text of ["{", "null", "3", '"x"', "[1]", "[".repeat(100_000)]) {
    const answer = await client.ask(text);
    assert.equal(answer.error.id, "network.websocket.unexpected_error", text.slice(0, 10));
    assert.equal(answer.status, 400);
    assert.match(answer.requestId, /^[0-9a-f-]{36}$/);
    assert.equal("room" in answer, false);
  }
});

test("a payload of the wrong shape is refused under the id that it names", async (t) => {
  const client = await open(t);
  const answer = await client.ask({ ...now, requestId: "r2", body: "text" });
  assert.equal(answer.status, 400);
  assert.deepEqual([answer.requestId, answer.room, answer.action], ["r2", "r2", "now"]);
  assert.equal("room" in (await client.ask({ ...now, requestId: 3 })), false);
  assert.equal((await client.ask({ controller: {}, action: "now", requestId: "r3" })).room, "r3");
});

test("bytes that are not UTF-8 are refused in binary messages, and close the socket in text", async (t) => {
  const client = await open(t);
  const answer = client.next();
  client.webSocket.send(Buffer.from([0x7b, 0xff, 0x7d]));
  assert.equal((await answer).error.id, "network.websocket.unexpected_error");
  client.webSocket.send(Buffer.from([0xff, 0xfe]), { binary: false });
  assert.equal(await client.closed(), 1007);
});

test("prototypes cannot be reached and deep nesting is answered", async (t) => {
  const client = await open(t);
  await client.ask('{"controller":"test","action":"echo","__proto__":{"polluted":1},"body":{"__proto__":{"x":1}}}');
  assert.equal(({} as JSONObject).polluted, undefined);
  const deep = `{"controller":"test","action":"echo","requestId":"d","body":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  client.send(deep);
  await client.until(({ texts }) => texts.at(-1)?.startsWith('{"requestId":"d"') ?? false);
  assert.equal((await client.ask(now)).status, 200);
});

test("raw results go out as JSON with the room, nothing as an empty message", async (t) => {
  const client = await open(t);
  const ask = async (result: unknown) => {
    await client.ask({ controller: "test", action: "raw", requestId: "r", result });
    return client.texts.at(-1);
  };
  assert.equal(await ask({ a: 1 }), '{"a":1,"room":"r"}');
  assert.equal(await ask({}), '{"room":"r"}');
  assert.equal(await ask([1]), "[1]");
  assert.equal(await ask("x"), '"x"');
  assert.equal(await ask(null), "");
});

test("the connection has the upgrade's headers, and requests carry them", async (t) => {
  const client = await open(t, {
    headers: { Cookie: "authToken=x", "X-Forwarded-For": "1.2.3.4" },
    origin: "http://a",
  });
  await client.ask({ controller: "test", action: "echo" });
  const { connection } = (seen.at(-1) as KuzzleRequest).context;
  assert.equal(connection.protocol, "websocket");
  assert.deepEqual(connection.ips, ["127.0.0.1"]);
  const headers = connection.misc.headers as JSONObject;
  assert.deepEqual([headers.cookie, headers.origin], ["authToken=x", "http://a"]);
  const declared = server.entryPoint.connection(connection.id ?? "");
  assert.equal(declared?.headers.cookie, "authToken=x");
});

test("any sub-protocol is echoed", async (t) => {
  const client = await open(t, {}, ["kuzzle", "other"]);
  assert.equal(client.webSocket.protocol, "kuzzle");
});

test("answers come as they are ready, and a closed socket is no connection any more", async (t) => {
  const client = await open(t);
  client.send({ controller: "test", action: "slow", requestId: "slow" });
  assert.equal((await client.ask({ ...now, requestId: "fast" })).room, "fast");
  assert.equal((await client.next()).room, "slow");
  const id: string = (await client.ask({ controller: "test", action: "id" })).result;
  server.webSocket.joinChannel("c", id);
  client.send({ controller: "test", action: "slow" });
  client.close();
  await waitFor(() => server.entryPoint.connection(id) === undefined);
  server.webSocket.broadcast({ channels: ["c"], payload: {} });
});

async function waitFor(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 3_000;
  while (!isTrue()) {
    if (Date.now() > deadline) assert.fail("it did not happen in time");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

test("a client that says goodbye while its request runs is answered with its own close code", async (t) => {
  const client = await open(t);
  for (let i = 0; i < 20; i++) client.send(now);
  client.send({ controller: "test", action: "slow" });
  client.webSocket.close(1000);
  assert.equal(await client.closed(), 1000);
});

test("members of a channel hear its broadcasts with its name as room, once per channel, and others do not", async (t) => {
  const clients = await Promise.all([open(t), open(t), open(t)]);
  const ids: string[] = [];
  for (const client of clients) ids.push((await client.ask({ controller: "test", action: "id" })).result);
  const [one, two, three] = ids as [string, string, string];
  server.webSocket.joinChannel('é"a', one);
  server.webSocket.joinChannel("b", one);
  server.webSocket.joinChannel("b", two);
  server.webSocket.joinChannel("b", three);
  server.webSocket.leaveChannel("b", three);
  server.webSocket.joinChannel("b", "no such connection");
  server.webSocket.broadcast({ channels: ['é"a', "b", "nobody"], payload: { text: "ü" } });
  server.webSocket.notify({ channels: ["n"], connectionId: two, payload: {} });
  server.webSocket.notify({ channels: ["n"], connectionId: "no such connection", payload: {} });
  for (const client of clients) await client.ask({ ...now, requestId: "end" });
  const heard = clients.map(({ texts }) => texts.slice(1, -1));
  assert.deepEqual(heard, [
    ['{"text":"ü","room":"é\\"a"}', '{"text":"ü","room":"b"}'],
    ['{"text":"ü","room":"b"}', '{"room":"n"}'],
    [],
  ]);
});

test("a burst comes complete and in order, to those who joined half-way too", async (t) => {
  const clients = await Promise.all([open(t), open(t)]);
  const ids: string[] = [];
  for (const client of clients) ids.push((await client.ask({ controller: "test", action: "id" })).result);
  server.webSocket.joinChannel("burst", ids[0] as string);
  for (let n = 0; n < 2_000; n++) {
    if (n === 1_000) server.webSocket.joinChannel("burst", ids[1] as string);
    server.webSocket.broadcast({ channels: ["burst"], payload: { n } });
  }
  const [early, late] = clients as [MessageClient, MessageClient];
  await early.until(({ messages }) => messages.length === 2_001);
  await late.until(({ messages }) => messages.length === 1_001);
  assert.deepEqual(
    early.messages.slice(1).map(({ n }) => n),
    Array.from({ length: 2_000 }, (_, n) => n),
  );
  assert.deepEqual(
    late.messages.slice(1).map(({ n }) => n),
    Array.from({ length: 1_000 }, (_, n) => n + 1_000),
  );
});

test("frames of every length arrive as they were sent", async (t) => {
  const client = await open(t);
  for (const size of [0, 1, 20, 125, 126, 1_000, 65_535, 65_536, 200_000]) {
    const body = { text: "é".repeat(size) };
    assert.deepEqual((await client.ask({ controller: "test", action: "echo", body })).result, body);
  }
});

test("a message over the limit closes the socket with 1009, also in fragments", async (t) => {
  const large = await open(t);
  large.send(`"${"x".repeat(1024 * 1024)}"`);
  assert.equal(await large.closed(), 1009);
  const fragmented = await open(t);
  const part = "x".repeat(100_000);
  for (let i = 0; i < 12; i++) fragmented.webSocket.send(part, { fin: false });
  assert.equal(await fragmented.closed(), 1009);
});

test("the server can close a connection, with a reason of any length", async (t) => {
  const client = await open(t);
  const id: string = (await client.ask({ controller: "test", action: "id" })).result;
  server.webSocket.disconnect(id, "é".repeat(100));
  assert.equal(await client.closed(), 1011);
  server.webSocket.disconnect("no such connection");
});

test("above the rate limit messages are refused and the socket is kept", async (t) => {
  const [client] = await openWith(t, { rateLimit: 5 });
  for (let i = 0; i < 40; i++) client.send({ ...now, requestId: `r${i}` });
  await client.until(({ messages }) => messages.length === 40);
  const refused = client.messages.filter(({ status }) => status === 429);
  assert.ok(refused.length >= 30 && refused.length <= 35); // the burst may fall into two seconds
  assert.equal(refused[0].error.id, "network.websocket.ratelimit_exceeded");
  assert.equal("room" in refused[0], false);
  assert.deepEqual(await client.ask('{"p":1}'), { p: 2 });
});

test("a silent socket is closed, a talking one is not", async (t) => {
  const [talking, other] = await openWith(t, { idleTimeoutMs: 300 });
  const silent = await MessageClient.open(other.port);
  const talk = setInterval(() => talking.send('{"p":1}'), 25);
  t.after(() => clearInterval(talk));
  const startedAt = Date.now();
  assert.equal(await silent.closed(), 1001);
  assert.ok(Date.now() - startedAt >= 250);
  assert.equal(talking.closeCode, undefined);
});

test("with automatic pings a client that only listens stays", async (t) => {
  const [client] = await openWith(t, { idleTimeoutMs: 300, sendsPings: true });
  await new Promise((resolve) => setTimeout(resolve, 650));
  assert.equal((await client.ask(now)).status, 200);
});

test("what is sent keeps a socket open when configured", async (t) => {
  const [client, other] = await openWith(t, { idleTimeoutMs: 300, sendingCountsAsActivity: true });
  const id: string = (await client.ask({ controller: "test", action: "id" })).result;
  const talk = setInterval(() => other.webSocket.notify({ channels: ["c"], connectionId: id, payload: {} }), 25);
  t.after(() => clearInterval(talk));
  await new Promise((resolve) => setTimeout(resolve, 650));
  assert.equal(client.closeCode, undefined);
});

test("with compression everything arrives the same, and a bomb is stopped", async (t) => {
  const [client, other] = await openWith(t, { compression: true, maxRequestSizeBytes: 256 * 1024 });
  assert.equal(client.webSocket.extensions, "permessage-deflate");
  const id: string = (await client.ask({ controller: "test", action: "id" })).result;
  other.webSocket.joinChannel("c", id);
  const text = "abc".repeat(2_000);
  for (let n = 0; n < 100; n++) other.webSocket.broadcast({ channels: ["c"], payload: { n, text: n % 2 ? text : "" } });
  await client.until(({ messages }) => messages.length === 101);
  assert.deepEqual(
    client.messages.slice(1).map(({ n }) => n),
    Array.from({ length: 100 }, (_, n) => n),
  );
  client.send(`"${" ".repeat(20 * 1024 * 1024)}"`);
  assert.equal(await client.closed(), 1009);
});

test("parsing pipes see text and object, and may refuse", async (t) => {
  const listener = { owner: "p", order: 0, warnMs: 0, deadlineMs: 0 };
  const unregister = [
    server.events.registerPipe({
      ...listener,
      event: "protocol:websocket:beforeParsingPayload",
      run: ([event]) => {
        const { connection, payload } = event as { connection: ClientConnection; payload: string };
        assert.equal(connection.protocol, "websocket");
        return { payload: payload.replace("later", "now") };
      },
    }),
    server.events.registerPipe({
      ...listener,
      event: "protocol:websocket:afterParsingPayload",
      run: ([event]) => {
        const { payload } = event as { payload: JSONObject };
        if (payload.refused === true) throw new Error("no");
        return { payload: { ...payload, requestId: "piped" } };
      },
    }),
  ];
  t.after(() => {
    for (const run of unregister) run();
  });
  const client = await open(t);
  assert.equal((await client.ask({ controller: "server", action: "later" })).room, "piped");
  assert.deepEqual(await client.ask('{"p":1}'), { p: 2 });
  assert.equal((await client.ask({ refused: true })).error.id, "network.websocket.unexpected_error");
});

test("a long message, read in slices, keeps its place before those that came after it", async (t) => {
  const client = await open(t);
  const long = Array.from({ length: 20_000 }, (_, i) => ({ i, text: "é" }));
  const from = seen.length;
  const echo = (requestId: string, body: unknown): object => ({ controller: "test", action: "echo", requestId, body });
  client.send(echo("long 1", { documents: long }));
  client.send(echo("short 1", { a: 1 }));
  client.send(`{"documents":[${JSON.stringify(long).slice(1)}`);
  client.send(echo("long 2", { documents: long }));
  client.send(echo("short 2", { a: 2 }));
  await client.until(({ messages }) => messages.length === 5);
  const order = ["long 1", "short 1", "long 2", "short 2"];
  assert.deepEqual(
    seen.slice(from).map(({ id }) => id),
    order,
  );
  assert.deepEqual(
    client.messages.map(({ error, room }) => (error === null ? room : error.id)),
    ["long 1", "short 1", "network.websocket.unexpected_error", "long 2", "short 2"],
  );
  assert.deepEqual(client.messages[3].result, { documents: long });
  assert.deepEqual((await client.ask(now)).result, { now: 1 });
});
