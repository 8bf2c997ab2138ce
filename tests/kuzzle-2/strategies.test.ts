/** Ways to log in that plugins of the second generation bring (contract/plugins/v2.md section 6). */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import type { TestServer } from "../../testing/index.ts";
import { pluginFiles } from "../../testing/plugins/plugin-server.ts";
import { openWhole, startWhole, type WholeServer } from "../../testing/plugins/whole-server.ts";
import { http, Line, type Verb } from "../api/wire.ts";

const required = '["create", "delete", "exists", "update", "validate", "verify"]';

/** Badges are kept in memory; every call is written down as the method's name and what it was given. */
const badges = `
const { Strategy: LocalStrategy } = require("passport-local");
const { KuzzleRequest, ForbiddenError } = require("kuzzle");

/** Asks for a second step, without any user: a page, then a code. */
class StepStrategy {
  constructor (options, verify) { this.options = options; this.verify = verify; }
  authenticate (request, options) {
    if (request.query.code) {
      this.verify(request, request.query.code, (error, user, info) => error ? this.error(error) : user ? this.success(user, info) : this.fail(info));
      return;
    }
    this.redirect("https://provider.example/ask?scope=" + options.scope);
  }
}

class BadgePlugin {
  constructor () {
    this.calls = [];
    this.held = new Map();
    this.answers = {};
    this.authenticators = { Local: LocalStrategy, Step: StepStrategy };
    const methods = Object.fromEntries([...${required}, "getInfo", "getById", "search", "afterRegister", "refreshToken"].map((name) => [name, name]));
    this.strategies = {
      badge: { config: { authenticator: "Local", strategyOptions: { usernameField: "badge", passwordField: "pin" }, fields: ["badge", "pin"] }, methods },
      bare: { config: { authenticator: "Local", fields: ["badge"] }, methods: Object.fromEntries(${required}.map((name) => [name, name])) },
      step: { config: { authenticator: "Step", authenticateOptions: { scope: "all" } }, methods: { ...Object.fromEntries(${required}.map((name) => [name, name])), verify: "verifyCode" } },
    };
    this.pipes = { "auth:strategyAuthenticated": "afterLogin" };
    this.api = { badges: { actions: {
      calls: { handler: async () => this.calls.splice(0) },
      answer: { handler: async (request) => { this.answers = request.getBody(); return null; } },
      add: { handler: async (request) => this.context.accessors.strategies.add(request.getString("name"), this.dynamic(request.getString("method", "verify"))) },
      remove: { handler: async (request) => this.context.accessors.strategies.remove(request.getString("name")) },
    } } };
  }
  dynamic (verify) {
    return { config: { authenticator: "Local", strategyOptions: { usernameField: "badge", passwordField: "pin" } },
      methods: { ...Object.fromEntries(${required}.map((name) => [name, name])), verify } };
  }
  async init (config, context) { this.context = context; }
  note (name, args) {
    this.calls.push([name, ...args.map((arg) => arg instanceof KuzzleRequest ? "KuzzleRequest" : typeof arg === "object" && arg !== null && arg.constructor !== Object ? arg.constructor.name : arg)]);
  }
  async create (...args) { this.note("create", args); const [, credentials, kuid] = args; this.held.set(kuid, credentials); return { badge: credentials.badge }; }
  async update (...args) { this.note("update", args); const [, credentials, kuid] = args; this.held.set(kuid, { ...this.held.get(kuid), ...credentials }); return { updated: true }; }
  async delete (...args) { this.note("delete", args); this.held.delete(args[1]); return "ignored"; }
  async exists (...args) { this.note("exists", args); return this.held.has(args[1]); }
  async validate (...args) { this.note("validate", args); if (args[1].badge === "stolen") throw new ForbiddenError("a stolen badge"); return true; }
  async getInfo (...args) { this.note("getInfo", args); return { badge: this.held.get(args[1])?.badge }; }
  async getById (...args) { this.note("getById", args); return { badge: args[1] }; }
  async search (...args) { this.note("search", args); return { hits: [{ kuid: "ada", badge: "A" }], total: 1 }; }
  async afterRegister (...args) { this.note("afterRegister", args); }
  async refreshToken (...args) { this.note("refreshToken", args); return { expiresIn: "2h" }; }
  verify (passportRequest, badge, pin) {
    this.seen = passportRequest;
    if (badge === "how") return Promise.resolve({ kuid: null, message: JSON.stringify({
      original: passportRequest.original instanceof KuzzleRequest, method: passportRequest.method, url: passportRequest.url,
      query: passportRequest.query.more, body: passportRequest.body.badge, headers: typeof passportRequest.headers, raw: Array.isArray(passportRequest.rawHeaders), version: typeof passportRequest.httpVersion }) });
    switch (badge) {
      case "value": return { kuid: "ada" };
      case "nothing": return Promise.resolve(undefined);
      case "number": return Promise.resolve({ kuid: 7 });
      case "ghost": return Promise.resolve({ kuid: "ghost" });
      case "false": return Promise.resolve(false);
      case "null": return Promise.resolve({ kuid: null });
      case "throws": throw new Error("the reader is broken");
      case "refuses": return Promise.reject(new ForbiddenError("not on Sundays"));
    }
    for (const [kuid, held] of this.held) if (held.badge === badge && held.pin === pin) return Promise.resolve({ kuid });
    return Promise.resolve({ kuid: null, message: "Unknown badge." });
  }
  async verifyCode (request, code) { return code === "good" ? { kuid: "ada" } : { kuid: null, message: "Wrong code." }; }
  async verifyAda () { return { kuid: "ada" }; }
  async afterLogin (payload) {
    if (this.answers.step) return { ...payload, content: { statusCode: 303, headers: { "X-Step": "second" } } };
    if (this.answers.as) return { ...payload, content: Object.assign(Object.create(Object.getPrototypeOf(payload.content)), payload.content, { _id: this.answers.as }) };
    this.note("authenticated", [payload.strategy, payload.content._id]);
    return payload;
  }
}
module.exports = BadgePlugin;`;

let whole: WholeServer;
let server: TestServer;

const calls = async (): Promise<unknown[][]> => (await http<unknown[][]>(server, "GET", "/_/badges/calls")).result;
const admin = async <R = JSONObject>(verb: Verb, path: string, body?: object): Promise<R> => {
  const { error, result } = await http<R>(server, verb, path, body);
  assert.equal(error, null, `${verb} ${path} ${JSON.stringify(error)}`);
  return result;
};

let registered: unknown[][];

before(async () => {
  whole = await openWhole({ files: pluginFiles("badges", badges) });
  server = whole.server;
  registered = await calls();
  const credentials = { badge: { badge: "A", pin: "1" } };
  await admin("POST", "/users/ada/_create", { content: { profileIds: ["default"] }, credentials });
});

after(() => whole?.close());

test("afterRegister is given the instance of the strategy", () => {
  assert.deepEqual(registered, [["afterRegister", "Strategy"]]);
});

test("each method gets the request, the credentials or the id, the user and the name of the strategy", async () => {
  await calls();
  const more = { badge: "B", pin: "2" };
  await admin("POST", "/users/bob/_create", { content: { profileIds: ["default"] }, credentials: {} });
  assert.deepEqual(await admin("POST", "/credentials/badge/bob/_create", more), { badge: "B" });
  assert.equal(await admin("GET", "/credentials/badge/bob/_exists"), true);
  assert.equal(await admin("POST", "/credentials/badge/bob/_validate", more), true);
  assert.deepEqual(await admin("PUT", "/credentials/badge/bob/_update", { pin: "3" }), { updated: true });
  assert.deepEqual(await admin("GET", "/credentials/badge/bob"), { badge: "B" });
  assert.deepEqual(await admin("GET", "/credentials/badge/B/_byId"), { badge: "B" });
  await admin("DELETE", "/credentials/badge/bob");
  assert.equal(await admin("GET", "/credentials/badge/bob/_exists"), false);
  const request = "KuzzleRequest";
  const expected = [
    ["exists", request, "bob", "badge"],
    ["validate", request, more, "bob", "badge", false],
    ["create", request, more, "bob", "badge"],
    ["exists", request, "bob", "badge"],
    ["validate", request, more, "bob", "badge", false],
    ["exists", request, "bob", "badge"],
    ["validate", request, { pin: "3" }, "bob", "badge", true],
    ["update", request, { pin: "3" }, "bob", "badge"],
    ["getInfo", request, "bob", "badge"],
    ["getById", request, "B", "badge"],
    ["exists", request, "bob", "badge"],
    ["delete", request, "bob", "badge"],
    ["exists", request, "bob", "badge"],
  ];
  const made = (await calls()).filter(([name]) => name !== "authenticated");
  assert.deepEqual(
    made.filter(([name]) => name !== "exists"),
    expected.filter(([name]) => name !== "exists"),
  );
  assert.ok(made.every((call) => call[0] !== "exists" || call.slice(1).join() === "KuzzleRequest,bob,badge"));
});

test("what validate refuses is the answer, and nothing is kept", async () => {
  const refused = await http(server, "POST", "/credentials/badge/ada/_validate", { badge: "stolen" });
  assert.deepEqual([refused.status, refused.error?.message], [403, "a stolen badge"]);
});

test("fields are what the strategy declares, and methods that it does not have answer nothing", async () => {
  assert.deepEqual(await admin("GET", "/credentials/badge/_fields"), ["badge", "pin"]);
  assert.deepEqual(await admin("GET", "/credentials/bare/ada"), {});
  assert.deepEqual(await admin("GET", "/credentials/bare/x/_byId"), {});
  const search = await http(server, "POST", "/credentials/bare/users/_search", { query: {} });
  assert.equal(search.error?.id, "plugin.strategy.missing_optional_method");
});

test("users are searched by their credentials in the language of the engine, whatever the client's", async () => {
  await calls();
  const path = "/credentials/badge/users/_search?from=1&size=3&lang=koncorde";
  const found = await admin("POST", path, { query: { equals: { badge: "A" } } });
  assert.deepEqual([found.total, (found.hits as JSONObject[])[0]?.kuid], [1, "ada"]);
  const [[name, body, page] = []] = await calls();
  assert.deepEqual([name, page], ["search", { from: 1, size: 3 }]);
  assert.match(JSON.stringify(body), /"term":\{"badge":"A"\}/);
});

const login = (strategy: string, body: object, more = "") =>
  http<{ _id: string; jwt: string; ttl: number }>(server, "POST", `/_login/${strategy}${more}`, body);

test("a login by a strategy of Passport answers a token, and is told with the user", async () => {
  await calls();
  const { result } = await login("badge", { badge: "A", pin: "1" });
  assert.equal(result._id, "ada");
  assert.deepEqual(await calls(), [["authenticated", "badge", "ada"]]);
});

test("verify is given a request like one of Node's, with the original in it", async () => {
  const { error } = await login("badge", { badge: "how", pin: "x" }, "?more=1");
  const { url, ...told } = JSON.parse(error?.message ?? "{}");
  assert.equal(url, "/login?strategy=badge");
  assert.deepEqual(told, {
    original: true,
    method: "POST",
    query: "1",
    body: "how",
    headers: "object",
    raw: true,
    version: "string",
  });
});

/** `[badge, status, id of the error, words]` */
const refusals: readonly (readonly [string, number, string, RegExp])[] = [
  ["value", 500, "plugin.strategy.invalid_verify_return", /badge/],
  ["nothing", 500, "plugin.strategy.invalid_verify_resolve", /badge/],
  ["number", 500, "plugin.strategy.invalid_kuid", /badge/],
  ["ghost", 500, "plugin.strategy.unknown_kuid", /badge/],
  ["false", 401, "plugin.strategy.missing_user", /./],
  ["null", 401, "plugin.strategy.missing_user", /strategy "badge"/],
  ["unknown", 401, "plugin.strategy.missing_user", /^Unknown badge\.$/],
  ["throws", 500, "plugin.runtime.unexpected_error", /reader is broken/],
];

for (const [badge, status, id, words] of refusals) {
  test(`a verify that answers "${badge}" ends in ${id}`, async () => {
    const { error, result } = await login("badge", { badge, pin: "1" });
    assert.deepEqual([error?.status, error?.id, result], [status, id, null]);
    assert.match(String(error?.message), words);
  });
}

test("an error of the API that verify rejects with is the answer", async () => {
  const { error } = await login("badge", { badge: "refuses", pin: "1" });
  assert.deepEqual([error?.status, error?.message], [403, "not on Sundays"]);
});

test("a strategy of several steps redirects first, without a token, and logs in by the code", async () => {
  const first = await fetch(`${server.url}/_login/step`, { method: "POST", redirect: "manual" });
  assert.deepEqual([first.status, first.headers.get("location")], [302, "https://provider.example/ask?scope=all"]);
  assert.equal(((await first.json()) as { result: JSONObject }).result?.jwt, undefined);
  const second = await login("step", {}, "?code=good");
  assert.equal(second.result._id, "ada");
  assert.equal((await login("step", {}, "?code=bad")).error?.message, "Wrong code.");
  await using line = await Line.open(server);
  const overSocket = await line.ask({ controller: "auth", action: "login", strategy: "step" });
  assert.deepEqual(
    [overSocket.status, (overSocket.result.headers as JSONObject).Location],
    [302, "https://provider.example/ask?scope=all"],
  );
});

test("a pipe on the login may put a step before the token, or another user in the place of the one that logged in", async (t) => {
  t.after(() => admin("POST", "/_query", { controller: "badges", action: "answer", body: {} }));
  await admin("POST", "/_query", { controller: "badges", action: "answer", body: { step: true } });
  const stepped = await fetch(`${server.url}/_login/badge`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ badge: "A", pin: "1" }),
  });
  assert.deepEqual([stepped.status, stepped.headers.get("x-step")], [303, "second"]);
  assert.equal(((await stepped.json()) as { result: JSONObject }).result?.jwt, undefined);
  await admin("POST", "/_query", { controller: "badges", action: "answer", body: { as: "bob" } });
  assert.equal((await login("badge", { badge: "A", pin: "1" })).result._id, "bob");
});

test("a strategy is asked when a token is refreshed by it, and may impose how long the new one lasts", async () => {
  const { jwt } = (await login("badge", { badge: "A", pin: "1" })).result;
  await calls();
  const renewed = await http<{ ttl: number }>(server, "POST", "/_refreshToken?strategy=badge", undefined, {
    Authorization: `Bearer ${jwt}`,
  });
  assert.equal(renewed.result?.ttl, 7_200_000, JSON.stringify(renewed.error));
  assert.deepEqual(await calls(), [["refreshToken", "KuzzleRequest"]]);
});

test("a strategy that comes and goes while the server runs: its sessions stay", async () => {
  const dynamic = (action: string, more: object) =>
    http(server, "POST", "/_query", { controller: "badges", action, name: "visitor", ...more });
  assert.equal((await dynamic("add", {})).error, null);
  const { jwt } = (await login("visitor", { badge: "A", pin: "1" })).result;
  assert.equal((await dynamic("add", { method: "verifyAda" })).error, null, "the same plugin may replace it");
  assert.equal((await login("visitor", { badge: "any", pin: "any" })).result._id, "ada");
  assert.equal((await dynamic("remove", {})).error, null);
  assert.equal((await login("visitor", { badge: "A", pin: "1" })).error?.id, "security.credentials.unknown_strategy");
  const me = await http(server, "GET", "/_me", undefined, { Authorization: `Bearer ${jwt}` });
  assert.equal(me.result._id, "ada");
  assert.equal((await dynamic("remove", {})).error?.id, "plugin.strategy.strategy_not_found");
  for (const action of ["add", "remove"]) {
    const refused = await dynamic(action, { name: "local" });
    assert.equal(refused.error?.id, "plugin.strategy.unauthorized_removal", action);
  }
  assert.equal((await dynamic("add", { name: "" })).error?.id, "plugin.strategy.invalid_definition");
});

const strategy = (config: string, more = ""): string => `module.exports = class {
  constructor () {
    this.authenticators = { Own: class { constructor () { ${more} } } };
    this.strategies = { own: { config: ${config}, methods: Object.fromEntries(${required}.map((name) => [name, "yes"])) } };
  }
  init () {}
  async yes () { return true; }
};`;

/** `[id, main file]` */
const broken: readonly (readonly [string, string])[] = [
  ["plugin.context.missing_authenticator", strategy("{}")],
  ["plugin.strategy.unexpected_constructor", strategy('{ authenticator: "Own", constructor: class {} }')],
  ["plugin.strategy.failed_registration", strategy('{ authenticator: "Own" }', 'throw new Error("no key");')],
];

for (const [id, main] of broken) {
  test(`the start is refused with ${id}`, async (t) => {
    await assert.rejects(startWhole(t, { files: pluginFiles("own", main) }), { id, message: /own/ });
  });
}
