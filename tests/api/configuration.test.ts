/** What keys of the configuration change in a running server, each with another value than its default. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { WebSocket } from "ws";
import type { Backend } from "../../src/app/index.ts";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { type Answer, http, httpText, Line, until } from "./wire.ts";

type Config = Readonly<Record<string, unknown>>;

const start = (config: Config, prepare?: (backend: Backend) => void): Promise<TestServer> =>
  startServer({ data: ":memory:", config: { "stats.enabled": false, ...config }, ...(prepare ? { prepare } : {}) });

const json = { "content-type": "application/json" };
const secret = { username: "eve", password: "correct horse" };

/** Bytes on `POST /_query`, with exactly these headers. */
async function post(server: TestServer, body: string | Uint8Array | FormData, headers: Record<string, string> = json) {
  // The cast: fetch takes all three, its types here know fewer.
  const response = await fetch(`${server.url}/_query`, { method: "POST", headers, body: body as string });
  // What is refused before it is routed is answered by the bare error (contract/wire.md section 9).
  const { error, id, status } = (await response.json()) as Answer & { readonly id?: string };
  return [error?.id ?? id, status] as const;
}

const asked = JSON.stringify({ controller: "server", action: "now" });

async function withUser(server: TestServer, credentials: JSONObject = secret): Promise<Answer> {
  const body = { content: { profileIds: ["default"] }, credentials: { local: credentials } };
  return http(server, "POST", "/users/eve/_create", body);
}

test("http: who may call from another origin, and with what", async () => {
  const config = {
    "http.accessControlAllowOrigin": ["https://one.example", "https://two.example"],
    "http.accessControlAllowMethods": "GET,POST",
    "http.accessControlAllowHeaders": "X-Only",
    "http.cookieAuthentication": false,
  };
  await using server = await start(config);
  const { headers } = await httpText(server, "GET", "/_now", undefined, { origin: "https://two.example" });
  assert.equal(headers.get("access-control-allow-origin"), "https://two.example");
  assert.equal(headers.get("access-control-allow-methods"), "GET,POST");
  assert.equal(headers.get("access-control-allow-headers"), "X-Only");
  const refused = await http(server, "GET", "/_now", undefined, { origin: "https://three.example" });
  assert.deepEqual([refused.error?.id, refused.status], ["api.process.unauthorized_origin", 401]);
  await withUser(server);
  const login = await http(server, "POST", "/_login/local?cookieAuth", secret);
  assert.equal(login.error?.id, "security.cookie.unsupported");
});

test("http: origins by regular expression", async () => {
  const config = {
    "http.accessControlAllowOrigin": "https://\\w+\\.example",
    "http.accessControlAllowOriginUseRegExp": true,
  };
  await using server = await start(config);
  const origin = "https://some.example";
  const { headers } = await httpText(server, "GET", "/_now", undefined, { origin });
  assert.equal(headers.get("access-control-allow-origin"), origin);
  const refused = await http(server, "GET", "/_now", undefined, { origin: "https://other.org" });
  assert.equal(refused.error?.id, "api.process.unauthorized_origin");
});

test("http: sizes, encodings and types of what comes in", async () => {
  const config = {
    "server.maxRequestSize": "2KB",
    "server.protocols.http.maxFormFileSize": "100B",
    "server.protocols.http.maxEncodingLayers": 1,
    "server.protocols.http.additionalContentTypes": ["text/csv"],
  };
  await using server = await start(config, (backend) => {
    backend.pipe.register("protocol:http:beforeParsingPayload", async ({ message, payload }) => ({
      message,
      payload: payload.toString() === "now" ? Buffer.from(asked) : payload,
    }));
  });
  const large = JSON.stringify({ controller: "server", action: "now", body: { filling: "x".repeat(3_000) } });
  assert.deepEqual((await post(server, large))[1], 413);
  assert.deepEqual(await post(server, "now", { "content-type": "text/csv" }), [undefined, 200]);
  assert.deepEqual(await post(server, "now", { "content-type": "text/tsv" }), [
    "network.http.unsupported_content",
    400,
  ]);
  const charset = { "content-type": "application/json; charset=utf-16" };
  assert.equal((await post(server, asked, charset))[0], "network.http.unsupported_charset");
  assert.deepEqual(await post(server, gzipSync(asked), { ...json, "content-encoding": "gzip" }), [undefined, 200]);
  const twice = gzipSync(gzipSync(asked));
  const layers = await post(server, twice, { ...json, "content-encoding": "gzip, gzip" });
  assert.equal(layers[0], "network.http.too_many_encodings");
  assert.equal(
    (await post(server, asked, { ...json, "content-encoding": "br2" }))[0],
    "network.http.unsupported_compression",
  );
  const form = new FormData();
  form.set("file", new Blob(["x".repeat(200)]), "file.txt");
  assert.equal((await post(server, form, {}))[0], "network.http.file_too_large");
});

test("http: compressed requests may be refused", async () => {
  await using server = await start({ "server.protocols.http.allowCompression": false });
  const refused = await post(server, gzipSync(asked), { ...json, "content-encoding": "gzip" });
  assert.equal(refused[0], "network.http.compression_disabled");
  assert.deepEqual(await post(server, asked), [undefined, 200]);
});

test("websocket: rate limit and compression", async () => {
  await using server = await start({
    "server.protocols.websocket.rateLimit": 2,
    "server.protocols.websocket.compression": true,
  });
  await using line = await Line.open(server);
  const now = { controller: "server", action: "now" };
  for (let i = 0; i < 3; i++) line.sendRaw(JSON.stringify({ ...now, requestId: `r${i}` }));
  await until(() => line.received.length === 3, "three answers");
  const outcomes = line.received.map(({ status, error }) => [status, (error as JSONObject | null)?.id]);
  assert.deepEqual(outcomes.sort(), [
    [200, undefined],
    [200, undefined],
    [429, "network.websocket.ratelimit_exceeded"],
  ]);
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}`);
  await new Promise((resolve) => socket.once("open", resolve));
  assert.match(socket.extensions, /permessage-deflate/);
  socket.terminate();
});

test("the major version of an SDK is checked, unless the configuration says otherwise", async () => {
  const old = { controller: "server", action: "now", volatile: { sdkName: "js@5.0.0", sdkVersion: "5.0.0" } };
  await using strict = await start({});
  assert.equal((await http(strict, "POST", "/_query", old)).error?.id, "api.process.incompatible_sdk_version");
  await using lax = await start({ "server.strictSdkVersion": false });
  assert.equal((await http(lax, "POST", "/_query", old)).status, 200);
});

test("security: restricted profiles, life and secret of tokens, and what the standard rights are", async () => {
  const roles = { default: { controllers: { auth: { actions: { "*": true } } } } };
  await using server = await start({
    "limits.loginsPerSecond": 100,
    "security.restrictedProfileIds": ["anonymous"],
    "security.authToken.expiresIn": "2h",
    "security.authToken.maxTTL": 10_000_000,
    "security.authToken.secret": "a secret of the test",
    "security.authToken.algorithm": "HS384",
    "security.apiKey.maxTTL": 1_000,
    "security.standard.roles": {
      ...roles,
      admin: { controllers: { "*": { actions: { "*": true } } } },
      anonymous: roles.default,
    },
  });
  const restricted = await http(server, "POST", "/users/res/_createRestricted", {});
  assert.deepEqual((restricted.result as { _source: JSONObject })._source.profileIds, ["anonymous"]);
  await withUser(server);
  const { result: session } = await http(server, "POST", "/_login/local", secret);
  assert.equal(session.ttl, 7_200_000);
  const [header = ""] = String(session.jwt).replace("kauth-", "").split(".");
  assert.equal(JSON.parse(Buffer.from(header, "base64url").toString()).alg, "HS384");
  const tooLong = await http(server, "POST", "/_login/local?expiresIn=5h", secret);
  assert.equal(tooLong.error?.id, "security.token.ttl_exceeded");
  const authorization = { authorization: `Bearer ${session.jwt}` };
  const key = await http(server, "POST", "/api-keys/_create?expiresIn=1m", { description: "x" }, authorization);
  assert.equal(key.error?.id, "security.token.ttl_exceeded");
  await http(server, "POST", "/_createFirstAdmin/root?reset", {
    credentials: { local: { ...secret, username: "root" } },
  });
  const rights = await http(server, "GET", "/_me/_rights", undefined, authorization);
  assert.deepEqual(
    (rights.result.hits as JSONObject[]).map(({ controller, action }) => [controller, action]),
    [["auth", "*"]],
  );
});

test("the strategy local: what a password must be like, and when it is asked for again", async () => {
  const local = "plugins.kuzzle-plugin-auth-passport-local";
  await using server = await start({
    "limits.loginsPerSecond": 100,
    [`${local}.requirePassword`]: true,
    [`${local}.passwordPolicies`]: [{ appliesTo: "*", passwordRegex: "^.{8,}$", forbidLoginInPassword: true }],
  });
  assert.ok((await withUser(server, { username: "eve", password: "short" })).status >= 400);
  assert.ok((await withUser(server, { username: "eve", password: "xx-eve-xx" })).status >= 400);
  assert.equal((await withUser(server)).status, 200);
  const { result } = await http(server, "POST", "/_login/local", secret);
  const authorization = { authorization: `Bearer ${result.jwt}` };
  const change = (body: JSONObject) => http(server, "PUT", "/_me/credentials/local/_update", body, authorization);
  assert.ok((await change({ password: "another horse" })).status >= 400);
  assert.equal((await change({ password: "another horse", currentPassword: secret.password })).status, 200);
});

test("which of the bundled plugins are loaded", async () => {
  await using server = await start({ "plugins.common.include": [] });
  assert.deepEqual((await http<unknown>(server, "GET", "/strategies")).result, []);
});

test("storage: settings and mapping of new collections, and how long a scroll may last", async () => {
  await using server = await start({
    "services.storageEngine.defaultSettings": { number_of_shards: 3, number_of_replicas: 2 },
    "services.storageEngine.commonMapping": { dynamic: "true", properties: { owner: { type: "keyword" } } },
    "services.storageEngine.maxScrollDuration": "10s",
    "services.storageEngine.defaults.scrollTTL": "5s",
  });
  await http(server, "POST", "/lib/_create");
  await http(server, "PUT", "/lib/books");
  const settings = await http(server, "GET", "/lib/books/_settings");
  assert.deepEqual(settings.result, { number_of_shards: "3", number_of_replicas: "2" });
  const mapping = await http<{ dynamic: string; properties: JSONObject }>(server, "GET", "/lib/books/_mapping");
  assert.deepEqual([mapping.result.dynamic, mapping.result.properties.owner], ["true", { type: "keyword" }]);
  const search = (scroll: string) => http(server, "POST", `/lib/books/_search?scroll=${scroll}`, {});
  assert.equal((await search("9s")).status, 200);
  assert.equal((await search("11s")).error?.id, "services.storage.scroll_duration_too_great");
});

test("specifications of the configuration are stored at the first start", async () => {
  const specification = { strict: true, fields: { year: { type: "integer" } } };
  await using server = await start({ validation: { lib: { books: specification } } });
  const stored = await http(server, "GET", "/lib/books/_specifications");
  assert.deepEqual(stored.result.validation, specification);
});

test("an application's section is given to plugins, and unknown members of actions may be accepted", async () => {
  let seen: unknown;
  const plugin = () => ({
    api: { extra: { actions: { run: { handler: async () => "ran", unknownMember: 1 } } } },
    init(_config: unknown, context: { config: JSONObject }): void {
      seen = context.config.application;
    },
  });
  const use = (backend: Backend): void =>
    backend.plugin.use(plugin(), { name: "extra", manifest: { kuzzleVersion: ">=2.0.0" } });
  await assert.rejects(start({}, use), { id: "plugin.assert.invalid_controller_definition" });
  await using server = await start(
    { application: { colour: "blue" }, "controllers.definition.allowAdditionalActionProperties": true },
    use,
  );
  assert.deepEqual(seen, { colour: "blue" });
  const answer = await http<unknown>(server, "POST", "/_query", { controller: "extra", action: "run" });
  assert.equal(answer.result, "ran");
});
