import assert from "node:assert/strict";
import { request as rawRequest } from "node:http";
import { Readable } from "node:stream";
import { after, before, test } from "node:test";
import { gunzipSync, inflateSync } from "node:zlib";
import { fetchJson, type JsonAnswer } from "../../../testing/protocols/fetch-json.ts";
import { TableEntryPoint } from "../../../testing/protocols/table-entry-point.ts";
import { startTestServer, type TestServer } from "../../../testing/protocols/test-server.ts";
import type { ActionRoute } from "../../api/index.ts";
import { HttpStream, type JSONObject } from "../../kernel/index.ts";

const routes: ActionRoute[] = [
  { verb: "GET", path: "/_now", controller: "server", action: "now" },
  { verb: "GET", path: "/_raw/:kind", controller: "test", action: "raw" },
  { verb: "GET", path: "/_stream/:kind", controller: "test", action: "stream" },
  { verb: "GET", path: "/_headers", controller: "test", action: "headers" },
  { verb: "GET", path: "/_badHeaders", controller: "test", action: "badHeaders" },
  { verb: "GET", path: "/_large", controller: "test", action: "large" },
  { verb: "GET", path: "/_empty", controller: "test", action: "empty" },
  { verb: "GET", path: "/_huge", controller: "test", action: "huge" },
];

const raws: Readonly<Record<string, unknown>> = {
  text: "héllo",
  bytes: Buffer.from([1, 2, 3]),
  json: { a: 1 },
  nothing: null,
  number: 12,
};

const streams: Readable[] = [];

const sources: Readonly<Record<string, () => Readable>> = {
  broken: () =>
    Readable.from(
      (async function* () {
        yield Buffer.from("one");
        await new Promise((resolve) => setTimeout(resolve, 20));
        throw new Error("broken");
      })(),
    ),
  endless: () =>
    new Readable({
      read() {
        this.push(Buffer.alloc(1_000));
      },
    }),
};

let server: TestServer;

before(async () => {
  const entryPoint = new TableEntryPoint(
    {
      "server:now": () => ({ now: Date.now() }),
      "test:raw": (request) => {
        request.response.configure({ format: "raw" });
        return raws[request.getString("kind")];
      },
      "test:stream": (request) => {
        const kind = request.getString("kind");
        const source = sources[kind]?.() ?? Readable.from([Buffer.from("one "), Buffer.from("two")]);
        streams.push(source);
        if (kind === "closed") source.destroy();
        request.response.setHeader("Content-Type", "text/csv");
        return new HttpStream(source, kind === "sized" ? { totalBytes: 7 } : {});
      },
      "test:headers": (request) => {
        request.response.configure({
          headers: {
            Vary: "Accept",
            "Content-Type": "application/xml",
            "Set-Cookie": ["a=1", "b=2"],
            "Content-Length": "1",
            "X-A": "1",
          },
          status: 201,
        });
        return "ok";
      },
      "test:badHeaders": (request) => {
        request.response.setHeader("X-Bad", "a\r\nb: c");
        return "ok";
      },
      "test:large": () => ({ text: "abc".repeat(2_000) }),
      "test:empty": (request) => {
        request.status = 204;
        return null;
      },
      "test:huge": () => "x".repeat(8 * 1024 * 1024),
    },
    routes,
  );
  server = await startTestServer({ entryPoint });
});
after(() => server.stop());

const get = (path: string, init?: RequestInit): Promise<JsonAnswer> => fetchJson(server.url + path, init);

async function until(isTrue: () => boolean, deadlineMs = 2_000): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!isTrue()) {
    if (Date.now() > deadline) assert.fail("it did not happen in time");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

test("raw results go out alone", async () => {
  const raw = async (kind: string) => fetch(`${server.url}/_raw/${kind}`);
  assert.equal(await (await raw("text")).text(), "héllo");
  assert.deepEqual([...(await (await raw("bytes")).bytes())], [1, 2, 3]);
  assert.deepEqual(await (await raw("json")).json(), { a: 1 });
  assert.equal(await (await raw("nothing")).text(), "");
  assert.equal(await (await raw("number")).text(), "12");
});

test("the action's headers win, each cookie is a header, and the length is ours", async () => {
  const response = await fetch(`${server.url}/_headers`, { headers: { Origin: "http://a" } });
  assert.equal(response.headers.get("vary"), "Origin, Accept");
  assert.equal(response.status, 201);
  assert.equal(response.headers.get("content-type"), "application/xml");
  assert.deepEqual(response.headers.getSetCookie(), ["a=1", "b=2"]);
  const json = (await response.json()) as { headers: JSONObject };
  assert.equal(json.headers["x-a"], "1");
  assert.equal("set-cookie" in json.headers, false);
});

test("a header that HTTP does not allow is an error of the action, not of the server", async () => {
  const { status } = await get("/_badHeaders");
  assert.equal(status, 500);
  assert.equal((await get("/_now")).status, 200);
});

test("streams are chunked or have the announced length; a closed one is an error", async () => {
  const free = await fetch(`${server.url}/_stream/free`);
  assert.equal(free.headers.get("transfer-encoding"), "chunked");
  assert.equal(free.headers.get("content-type"), "text/csv");
  assert.equal(await free.text(), "one two");
  const sized = await fetch(`${server.url}/_stream/sized`);
  assert.equal(sized.headers.get("content-length"), "7");
  assert.equal(await sized.text(), "one two");
  const closed = await get("/_stream/closed");
  assert.equal(closed.status, 500);
  assert.equal(closed.json.error.id, "network.http.stream_closed");
});

test("a stream that fails half-way breaks off, and one whose client goes is destroyed", async () => {
  const broken = await fetch(`${server.url}/_stream/broken`);
  await assert.rejects(broken.text());
  const abort = new AbortController();
  const endless = await fetch(`${server.url}/_stream/endless`, { signal: abort.signal });
  await endless.body?.getReader().read();
  const source = streams.at(-1) as Readable;
  assert.equal(source.destroyed, false);
  abort.abort();
  await until(() => source.destroyed);
  assert.equal(server.entryPoint.connections.size, 0);
});

test("an answer without content ends after its headers, and the connection goes on", async () => {
  const response = await fetch(`${server.url}/_empty`);
  assert.equal(response.status, 204);
  assert.equal(response.headers.get("content-length"), null);
  assert.equal(await response.text(), "");
  assert.equal((await get("/_now")).status, 200);
});

test("a large answer is complete", async () => {
  const { json } = await get("/_huge");
  assert.equal(json.result.length, 8 * 1024 * 1024);
});

test("pretty is for people", async () => {
  const text = await (await fetch(`${server.url}/_now?pretty`)).text();
  assert.match(text, /^\{\n {2}"requestId"/);
});

function undecoded(path: string, acceptEncoding: string): Promise<{ encoding: string | undefined; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const asking = rawRequest(
      `${server.url}${path}`,
      { headers: { "Accept-Encoding": acceptEncoding } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({ encoding: response.headers["content-encoding"], body: Buffer.concat(chunks) }),
        );
      },
    );
    asking.on("error", reject);
    asking.end();
  });
}

test("large bodies are compressed as the client likes best", async () => {
  const gzip = await undecoded("/_large", "deflate, gzip");
  assert.equal(gzip.encoding, "gzip");
  assert.equal(JSON.parse(gunzipSync(gzip.body).toString()).result.text.length, 6_000);
  const deflate = await undecoded("/_large", "gzip;q=0.2, deflate;q=0.5");
  assert.equal(deflate.encoding, "deflate");
  assert.equal(JSON.parse(inflateSync(deflate.body).toString()).result.text.length, 6_000);
  assert.equal((await undecoded("/_large", "br, gzip;q=0")).encoding, "identity");
  assert.equal((await undecoded("/_now", "gzip")).encoding, "identity");
});
