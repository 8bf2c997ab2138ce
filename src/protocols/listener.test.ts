import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { RawClient } from "../../testing/protocols/raw-client.ts";
import { TableEntryPoint } from "../../testing/protocols/table-entry-point.ts";
import { startTestServer, type TestServer } from "../../testing/protocols/test-server.ts";
import { silentLogger } from "../kernel/index.ts";
import { createListener } from "./listener.ts";

let server: TestServer;

const routes = [
  { verb: "GET", path: "/_now", controller: "server", action: "now" },
  { verb: "POST", path: "/_echo", controller: "test", action: "echo" },
] as const;

before(async () => {
  const entryPoint = new TableEntryPoint(
    { "server:now": () => ({ now: 1 }), "test:echo": (request) => request.input.body },
    routes,
  );
  server = await startTestServer({ entryPoint, listener: { headersTimeoutMs: 200, requestTimeoutMs: 400 } });
});
after(() => server.stop());

function open(t: { after(run: () => void): void }): RawClient {
  const client = new RawClient(server.port);
  t.after(() => client.close());
  return client;
}

const get = "GET /_now HTTP/1.1\r\nHost: x\r\n\r\n";
const answers = (client: RawClient): number => client.received.split('"now":1').length - 1;

test("requests one after another, and many at once, use one connection", async (t) => {
  const client = open(t);
  client.send(get);
  await client.until((c) => answers(c) === 1);
  assert.match(client.received, /\r\nConnection: keep-alive\r\n/);
  client.send(get.repeat(50));
  await client.until((c) => answers(c) === 51);
  assert.equal(client.isClosed, false);
});

test("a request in single bytes is answered like any other", async (t) => {
  const client = open(t);
  client.socket.setNoDelay(true);
  const body = '{"a":"é"}';
  const request = `POST /_echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\na\r\n${body}\r\n0\r\n\r\n`;
  for (const byte of Buffer.from(request)) {
    client.send(Uint8Array.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await client.until((c) => c.received.includes(Buffer.from('"result":{"a":"é"}').toString("latin1")));
});

test("the absolute form of a URL leads to the same route", async (t) => {
  const client = open(t);
  client.send("GET http://example.com/_now?a=1 HTTP/1.1\r\nHost: example.com\r\n\r\n");
  await client.until((c) => answers(c) === 1);
});

test("HTTP/1.0 gets its answer and a closed connection", async (t) => {
  const client = open(t);
  client.send("GET /_now HTTP/1.0\r\n\r\n");
  await client.closed();
  assert.equal(answers(client), 1);
  assert.match(client.received, /\r\nConnection: close\r\n/i);
});

test("a client that offers h2c is served with HTTP/1.1", async (t) => {
  const client = open(t);
  client.send("GET /_now HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n");
  await client.until((c) => answers(c) === 1);
});

for (const [what, bytes, status] of [
  ["no HTTP at all", "\x16\x03\x01\x02\x00\x01\x00\xfc\r\n\r\n", 400],
  ["a header without a name", "GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n", 400],
  ["an unknown method", "FOO / HTTP/1.1\r\nHost: x\r\n\r\n", 400],
  ["two lengths", "POST /_echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}", 400],
  ["a bad chunk", "POST /_echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400],
  ["headers without end", `GET / HTTP/1.1\r\nHost: x\r\nA: ${"a".repeat(64 * 1024)}`, 431],
  ["an upgrade without a key", "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 400],
] as const) {
  test(`${what}: refused with ${status} and closed, the server goes on`, async (t) => {
    const client = open(t);
    client.send(Buffer.from(bytes, "latin1"));
    await client.closed();
    assert.match(client.received, new RegExp(`^HTTP/1.1 ${status} `));
    assert.equal((await fetch(`${server.url}/_now`)).status, 200);
  });
}

test("a client that sends its header too slowly is cut off", async (t) => {
  const client = open(t);
  client.send("GET /_now HTTP/1.1\r\n");
  const drip = setInterval(() => client.send("A: b\r\n"), 20);
  t.after(() => clearInterval(drip));
  await client.closed(3_000);
  assert.match(client.received, /^HTTP\/1.1 408 /);
});

test("a client that sends its body too slowly is cut off", async (t) => {
  const client = open(t);
  client.send("POST /_echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
  const drip = setInterval(() => client.send("a"), 20);
  t.after(() => clearInterval(drip));
  await client.closed(3_000);
  assert.match(client.received, /^HTTP\/1.1 408 /);
});

test("a refused body is answered although it is still on its way", async (t) => {
  const client = open(t);
  client.send("POST /_echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n");
  client.send(Buffer.alloc(1_500_000));
  await client.until((c) => c.received.includes("network.http.request_too_large"));
  client.send(Buffer.alloc(1_500_000));
  await client.closed();
  assert.match(client.received, /^HTTP\/1.1 413 [\s\S]*Connection: close/);
});

test("a client that goes while it sends leaves nothing behind", async (t) => {
  const client = open(t);
  client.send("POST /_echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{");
  await new Promise((resolve) => setTimeout(resolve, 20));
  client.close();
  await client.closed();
  assert.equal((await fetch(`${server.url}/_now`)).status, 200);
  assert.equal(server.entryPoint.connections.size, 0);
});

test("without HTTP the port tells plain requests to upgrade, and a bad port is refused", async (t) => {
  const listener = createListener({ host: "127.0.0.1", port: 0, log: silentLogger });
  const { port } = await listener.start();
  t.after(() => listener.stop());
  assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 426);
  await assert.rejects(createListener({ port: 70_000, log: silentLogger }).start(), {
    id: "network.entrypoint.invalid_port",
  });
  await assert.rejects(createListener({ host: "127.0.0.1", port, log: silentLogger }).start(), { code: "EADDRINUSE" });
});
