/** The example of STOMP on a whole server, spoken to by a published client and, where that is too polite, by plain sockets. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { type HostedServer, startHosted } from "../../testing/protocols/hosted-server.ts";
import { RawClient } from "../../testing/protocols/raw-client.ts";

/** The part of the client that is used; its package brings no types. */
interface Message {
  readString(encoding: string, done: (error: Error | null, text: string) => void): void;
  readonly headers: Readonly<Record<string, string>>;
}
interface Subscription {
  unsubscribe(): void;
}
interface StompClient {
  send(headers: object, options?: { onReceipt?: () => void }): { end(body: string): void };
  subscribe(headers: object, onMessage: (error: Error | null, message: Message) => void): Subscription;
  disconnect(done: (error: Error | null) => void): void;
  on(event: "error", listener: (error: Error) => void): void;
  destroy(): void;
}
const stompit = createRequire(import.meta.url)("stompit") as {
  connect(options: object, done: (error: Error | null, client: StompClient) => void): void;
};

const example = join(import.meta.dirname, "../../examples/protocols/stomp");
const place = { index: "lib", collection: "books" };
const now = { controller: "server", action: "now" };

const start = (t: TestContext, options: JSONObject = {}): Promise<HostedServer> =>
  startHosted(t, {
    links: { stomp: example },
    protocols: { stomp: { port: 0, ...options } },
    config: { "limits.loginsPerSecond": 100 },
  });

async function connect(t: TestContext, hosted: HostedServer, headers: object = {}): Promise<StompClient> {
  const port = await hosted.listening();
  const client = await new Promise<StompClient>((resolve, reject) => {
    const connectHeaders = { host: "/", "heart-beat": "0,0", ...headers };
    stompit.connect({ host: "127.0.0.1", port, connectHeaders }, (error, connected) =>
      error === null ? resolve(connected) : reject(error),
    );
  });
  t.after(() => client.destroy());
  client.on("error", () => {});
  return client;
}

/** Subscribes, and answers what takes the next message. */
function listen(
  client: StompClient,
  headers: object,
): {
  next: () => Promise<{ headers: Message["headers"]; body: JSONObject }>;
  subscription: Subscription;
  waiting: unknown[];
} {
  const waiting: { headers: Message["headers"]; body: JSONObject }[] = [];
  let wake = (): void => {};
  const subscription = client.subscribe(headers, (error, message) => {
    if (error !== null) return;
    message.readString("utf8", (_, text) => {
      waiting.push({ headers: message.headers, body: JSON.parse(text) as JSONObject });
      wake();
    });
  });
  const next = async () => {
    const deadline = Date.now() + 3_000;
    while (waiting.length === 0) {
      assert.ok(Date.now() < deadline, "no message came");
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, 100);
      });
    }
    return waiting.shift() as (typeof waiting)[number];
  };
  return { next, subscription, waiting };
}

/** A request and its answer. */
async function asker(client: StompClient): Promise<(data: JSONObject) => Promise<JSONObject>> {
  const { next } = listen(client, { destination: "/answers" });
  return async ({ controller, action, ...rest }) => {
    client
      .send({ destination: `/api/${String(controller)}/${String(action)}`, "request-id": "7" })
      .end(JSON.stringify(rest));
    const { headers, body } = await next();
    assert.deepEqual([headers["request-id"], headers.status], ["7", String(body.status)]);
    return body;
  };
}

const sent = (client: StompClient, destination: string, body: JSONObject): Promise<void> =>
  new Promise((resolve) => client.send({ destination }, { onReceipt: resolve }).end(JSON.stringify(body)));

async function createBooks(ask: (data: JSONObject) => Promise<JSONObject>): Promise<void> {
  await ask({ controller: "index", action: "create", index: "lib" });
  await ask({ controller: "collection", action: "create", ...place });
}

test("stomp: requests are answered, also those that fail", async (t) => {
  const hosted = await start(t);
  const ask = await asker(await connect(t, hosted));
  const { result, status } = await ask(now);
  assert.deepEqual([status, typeof (result as JSONObject).now], [200, "number"]);
  const { error } = await ask({ controller: "server", action: "nothing" });
  assert.equal((error as JSONObject).id, "api.process.action_not_found");
});

test("stomp: a subscriber hears of a matching document written over HTTP, under its own id, until it unsubscribes", async (t) => {
  const hosted = await start(t);
  const client = await connect(t, hosted);
  const ask = await asker(client);
  await createBooks(ask);
  const destination = "/realtime/lib/books";
  const french = listen(client, { destination, filter: JSON.stringify({ equals: { lang: "fr" } }) });
  const all = listen(client, { destination });
  await ask(now); // both are there once this is answered
  const write = (lang: string): Promise<Response> =>
    fetch(`${hosted.server.url}/lib/books/_create`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ lang }),
    });
  await write("fr");
  for (const { next } of [french, all]) {
    const { headers, body } = await next();
    assert.equal(headers.destination, destination);
    assert.deepEqual(
      [body.action, body.protocol, ((body.result as JSONObject)._source as JSONObject).lang],
      ["create", "http", "fr"],
    );
  }
  await write("en");
  await all.next();
  assert.deepEqual(french.waiting, []);
  all.subscription.unsubscribe();
  await ask(now);
  assert.deepEqual(
    Object.keys(
      ((await ask({ controller: "realtime", action: "list" })).result as { lib: { books: object } }).lib.books,
    ).length,
    1,
  );
});

test("stomp: what is published reaches the subscribers, and leaves with a receipt", async (t) => {
  const hosted = await start(t);
  const [ada, bob] = [await connect(t, hosted), await connect(t, hosted)];
  const ask = await asker(ada);
  await createBooks(ask);
  const heard = listen(ada, { destination: "/realtime/lib/books" });
  await ask(now);
  await sent(bob, "/realtime/lib/books", { text: "colons: and\nlines \\ é" });
  const { body } = await heard.next();
  const { _kuzzle_info: _, ...source } = (body.result as JSONObject)._source as JSONObject;
  assert.deepEqual(source, { text: "colons: and\nlines \\ é" });
});

test("stomp: who connects with a login acts as that user; a wrong one is refused", async (t) => {
  const hosted = await start(t);
  const ask = await asker(await connect(t, hosted));
  const content = {
    content: { profileIds: ["default"] },
    credentials: { local: { username: "ada", password: "correct: horse" } },
  };
  assert.equal((await ask({ controller: "security", action: "createUser", _id: "ada", body: content })).status, 200);
  const askAsAda = await asker(await connect(t, hosted, { login: "ada", passcode: "correct: horse" }));
  assert.equal(((await askAsAda({ controller: "auth", action: "getCurrentUser" })).result as JSONObject)._id, "ada");
  await assert.rejects(connect(t, hosted, { login: "ada", passcode: "wrong" }), /wrong|username|password|credential/i);
});

/** What a client may do wrong: the frames, and what the ERROR says. */
const mistakes: Readonly<Record<string, readonly [frames: string, error: RegExp]>> = {
  "a first frame that is no CONNECT": ["SEND\ndestination:/api/server/now\n\n\0", /first frame must be CONNECT/],
  "an older version": ["CONNECT\naccept-version:1.0,1.1\nhost:/\n\n\0", /only version 1\.2/],
  "an unknown command": ["CONNECT\naccept-version:1.2\n\n\0BEGIN\ntransaction:1\n\n\0", /"BEGIN" is no command/],
  "a destination that leads nowhere": [
    "CONNECT\naccept-version:1.2\n\n\0SEND\ndestination:/nowhere\n\n{}\0",
    /"\/nowhere" leads nowhere/,
  ],
  "a body that is no object": [
    "CONNECT\naccept-version:1.2\n\n\0SEND\ndestination:/api/server/now\n\n[1]\0",
    /no JSON object/,
  ],
  "a header without a colon": ["CONNECT\naccept-version\n\n\0", /no colon/],
  "an unknown escape": ["CONNECT\naccept-version:1.2\n\n\0SEND\ndestination:/a\\tb\n\n\0", /unknown escape/],
  "a content-length that lies": [
    "CONNECT\naccept-version:1.2\ncontent-length:1\n\nabc\0",
    /longer than its content-length/,
  ],
  "a frame that does not end": [`CONNECT\n${"x".repeat(3_000)}`, /longer than 2000 bytes/],
  "a subscription twice": [
    "CONNECT\naccept-version:1.2\n\n\0SUBSCRIBE\nid:1\ndestination:/answers\n\n\0SUBSCRIBE\nid:1\ndestination:/answers\n\n\0",
    /"1" already/,
  ],
  "a filter that is none": [
    'CONNECT\naccept-version:1.2\n\n\0SUBSCRIBE\nid:1\nreceipt:r\ndestination:/realtime/none/none\nfilter:{"nonsense"\\c{}}\n\n\0',
    /receipt-id:r/,
  ],
};

for (const [what, [frames, error]] of Object.entries(mistakes)) {
  test(`stomp: ${what} is answered by ERROR and the end of the connection, and nobody else's`, async (t) => {
    const hosted = await start(t, { maxFrameBytes: 2_000 });
    const client = new RawClient(await hosted.listening());
    t.after(() => client.close());
    client.send(frames);
    await client.closed();
    assert.match(client.received, /ERROR\n/);
    assert.match(client.received, error);
    assert.equal((await (await asker(await connect(t, hosted)))(now)).status, 200);
  });
}

test("stomp: frames come in any pieces, with heart-beats, carriage returns and repeated headers", async (t) => {
  const hosted = await start(t);
  const client = new RawClient(await hosted.listening());
  t.after(() => client.close());
  const frames = Buffer.from(
    "CONNECT\r\naccept-version:1.2\r\n\r\n\0\n\r\nSUBSCRIBE\nid:1\nid:2\ndestination:/answers\n\n\0SEND\ndestination:/api/server/now\nrequest-id:été\n\n{}\0\n",
  );
  for (const byte of frames) {
    client.send(Buffer.of(byte));
    await new Promise(setImmediate);
  }
  const isAnswered = ({ received }: RawClient): boolean => /MESSAGE\nsubscription:1\n[\s\S]*"now":\d+/.test(received);
  await client.until(isAnswered);
  assert.ok(Buffer.from(client.received, "latin1").toString().includes("request-id:été"));
});

test("stomp: DISCONNECT is answered by its receipt; the server's end closes clients and frees the port", async (t) => {
  const removed: string[] = [];
  const hosted = await startHosted(t, {
    links: { stomp: example },
    protocols: { stomp: { port: 0 } },
    prepare: ({ hook }) => {
      hook.register("connection:remove", ({ protocol }: { protocol: string }) => removed.push(protocol));
    },
  });
  const client = await connect(t, hosted);
  await new Promise<void>((resolve, reject) =>
    client.disconnect((error) => (error === null ? resolve() : reject(error))),
  );
  const left = new RawClient(await hosted.listening());
  left.send("CONNECT\naccept-version:1.2\n\n\0");
  await left.until(({ received }) => received.includes("CONNECTED"));
  await hosted.server.close();
  await left.closed();
  assert.deepEqual(
    removed.filter((name) => name === "stomp"),
    ["stomp", "stomp"],
  );
});
