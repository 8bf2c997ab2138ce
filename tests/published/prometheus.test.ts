/** The published kuzzle-plugin-prometheus, unmodified: what this server measures, in the format of Prometheus. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startServer, type TestServer } from "../../testing/index.ts";
import { runCode } from "../../testing/plugins/run-code.ts";
import { Line, until } from "../api/wire.ts";

const code = `
const { PrometheusPlugin } = require("kuzzle-plugin-prometheus");
exports.make = () => new PrometheusPlugin();`;

let server: TestServer;

before(async () => {
  const { make } = runCode<{ make(): object }>(code);
  server = await startServer({
    data: ":memory:",
    config: { "plugins.prometheus": { core: { prefix: "tenon_" }, default: { enabled: false } } },
    prepare: (backend) => backend.plugin.use(make()),
  });
});

after(() => server?.close());

const read = async (path: string): Promise<{ type: string | null; text: string }> => {
  const answer = await fetch(server.url + path);
  return { type: answer.headers.get("content-type"), text: await answer.text() };
};

test("its action answers the figures as a text of their format, with the node as a label", async () => {
  const { type, text } = await read("/_/metrics");
  assert.match(String(type), /^text\/plain; version=0\.0\.4/);
  assert.match(text, /^# HELP tenon_api_concurrent_requests/m);
  assert.match(text, new RegExp(`tenon_network_connections\\{.*nodeId="${server.backend.nodeId}"\\} 1`));
});

test("subscriptions and connections are counted", async () => {
  await using line = await Line.open(server);
  await line.result({ controller: "realtime", action: "subscribe", index: "lib", collection: "books", body: {} });
  const { text } = await read("/_/metrics");
  assert.match(text, /tenon_realtime_subscriptions\{[^}]*\} 1/);
  assert.match(text, /tenon_network_connections\{protocol="websocket"[^}]*\} 1/);
});

test("its hooks on success and failure count every request with its status", async () => {
  await using line = await Line.open(server);
  await line.result({ controller: "server", action: "now" });
  await line.refusal({ controller: "document", action: "get", index: "lib", collection: "books", _id: "nobody" });
  const count = (action: string, status: number): string =>
    `tenon_api_request_duration_ms_count{action="${action}",controller="${action === "now" ? "server" : "document"}",protocol="websocket",status="${status}"`;
  let text = "";
  await until(() => {
    void read("/_/metrics").then((answer) => {
      text = answer.text;
    });
    return text.includes(count("now", 200)) && /action="get",controller="document".*status="4\d\d"/.test(text);
  }, "both requests in the figures");
});

test("its pipe on server:metrics changes the answer of the server's own action, when it is asked for that format", async () => {
  const formatted = await read("/_metrics?format=prometheus");
  assert.match(formatted.text, /^# TYPE tenon_realtime_rooms gauge/m);
  const plain = await read("/_metrics");
  assert.match(String(plain.type), /^application\/json/);
});
