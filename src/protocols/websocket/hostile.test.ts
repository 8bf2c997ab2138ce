import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { RawClient } from "../../../testing/protocols/raw-client.ts";
import { TableEntryPoint } from "../../../testing/protocols/table-entry-point.ts";
import { startTestServer, type TestServer } from "../../../testing/protocols/test-server.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer({ entryPoint: new TableEntryPoint({ "server:now": () => ({ now: 1 }) }) });
});
after(() => server.stop());

const handshake =
  "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

interface FrameOptions {
  readonly opcode?: number;
  readonly isFinal?: boolean;
  readonly isMasked?: boolean;
}

/** A frame of a client with up to 65 535 bytes, by RFC 6455, 5.2. */
function frame(text: string, { opcode = 1, isFinal = true, isMasked = true }: FrameOptions = {}): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  const size = length < 126 ? [length] : [126, length >> 8, length & 255];
  size[0] = (size[0] as number) | (isMasked ? 0x80 : 0);
  const mask = isMasked ? [1, 2, 3, 4] : [];
  const masked = isMasked ? payload.map((byte, i) => byte ^ (mask[i % 4] as number)) : payload;
  return Buffer.concat([Buffer.from([(isFinal ? 0x80 : 0) | opcode, ...size, ...mask]), masked]);
}

async function upgraded(t: { after(run: () => void): void }): Promise<RawClient> {
  const client = new RawClient(server.port);
  t.after(() => client.close());
  client.send(handshake);
  await client.until(({ received }) => received.includes("\r\n\r\n"));
  assert.match(client.received, /^HTTP\/1.1 101 /);
  client.received = "";
  return client;
}

const now = JSON.stringify({ controller: "server", action: "now", requestId: "r" });

test("handshake and frames in single bytes are understood", async (t) => {
  const client = new RawClient(server.port);
  t.after(() => client.close());
  client.socket.setNoDelay(true);
  for (const byte of Buffer.concat([Buffer.from(handshake), frame(now)])) {
    client.send(Uint8Array.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await client.until(({ received }) => received.includes('"room":"r"'));
});

test("a message in fragments with a ping in between is one request", async (t) => {
  const client = await upgraded(t);
  client.send(frame(now.slice(0, 10), { isFinal: false }));
  client.send(frame("hello", { opcode: 9 }));
  client.send(frame(now.slice(10), { opcode: 0 }));
  await client.until(({ received }) => received.includes("hello") && received.includes('"room":"r"'));
});

const unfinished = { isFinal: false } as const;

for (const [what, bytes, code] of [
  ["an unmasked frame", frame(now, { isMasked: false }), 1002],
  ["a reserved opcode", frame(now, { opcode: 3 }), 1002],
  ["a continuation of nothing", frame(now, { opcode: 0 }), 1002],
  ["a ping that is too long", frame("x".repeat(200), { opcode: 9 }), 1002],
  ["a length beyond all bounds", Buffer.from([0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), 1009],
  ["a message in too many fragments", flood(), 1008],
] as const) {
  test(`${what} closes the socket with ${code}, the server goes on`, async (t) => {
    const client = await upgraded(t);
    client.send(bytes);
    await client.closed();
    const close = Buffer.from(client.received, "latin1");
    assert.deepEqual([close[0], close.readUInt16BE(2)], [0x88, code]);
    const other = await upgraded(t);
    other.send(frame(now));
    await other.until(({ received }) => received.includes('"room":"r"'));
  });
}

function flood(): Buffer {
  const part = frame("x", { opcode: 0, ...unfinished });
  return Buffer.concat([frame("x", unfinished), ...Array.from({ length: 10_000 }, () => part)]);
}

test("random bytes close the socket and nothing else", async (t) => {
  for (let round = 0; round < 50; round++) {
    const client = await upgraded(t);
    // Of a fixed sequence, so that a failure comes again.
    client.send(Buffer.from(Array.from({ length: 400 }, (_, i) => ((i + 1) * (round + 7) * 2_654_435_761) >>> 24)));
    client.socket.end();
    await client.closed();
  }
  assert.equal((await fetch(`${server.url}/_healthcheck`)).status, 200);
});
