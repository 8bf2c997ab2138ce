/** What a plugin of the second generation is given, each member on a whole server (contract/plugins/v2.md section 7). */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import type { TestServer } from "../../testing/index.ts";
import { http, Line } from "../api/wire.ts";
import { openProbes, type Probes } from "./probe.ts";

let probes: Probes;
let server: TestServer;
let line: Line;

before(async () => {
  probes = await openProbes();
  ({ server } = probes.whole);
  ({ line } = probes);
});

after(() => probes?.close());

const run: Probes["run"] = (...given) => probes.run(...given);
const failure: Probes["failure"] = (code) => probes.failure(code);

test("the context and its accessors may be extended; its constructors and its log may not", async () => {
  assert.deepEqual(
    await run(`context.own = 1; context.accessors.own = 2;
      return [context.own, context.accessors.own, Object.isFrozen(context.constructors), Object.isFrozen(context.log), Object.isFrozen(context.config), Object.isFrozen(context.secrets)];`),
    [1, 2, true, true, true, true],
  );
});

test("every constructor, accessor and error class is there under its names", async () => {
  const names = await run<Record<string, string[]>>(`return {
    constructors: Object.keys(context.constructors).sort(),
    accessors: Object.keys(context.accessors).filter((name) => name !== "own").sort(),
    errors: Object.keys(context.errors).sort(),
    logger: Object.keys(context.logger).sort(), log: Object.keys(context.log).sort() };`);
  assert.deepEqual(
    names.constructors,
    "BaseValidationType ESClient Koncorde Mutex Repository Request RequestContext RequestInput".split(" "),
  );
  assert.deepEqual(
    names.accessors,
    "cluster execute nodeId sdk storage strategies subscription trigger validation".split(" "),
  );
  const classes =
    "BadRequest ExternalService Forbidden GatewayTimeout Internal MultipleErrors NotFound Partial PluginImplementation Precondition ServiceUnavailable SizeLimit TooManyRequests Unauthorized";
  assert.deepEqual(
    names.errors,
    ["KuzzleError", ...classes.split(" ").flatMap((name) => [name, `${name}Error`])].sort(),
  );
  assert.deepEqual(names.logger, "child debug error fatal info trace warn".split(" "));
  assert.deepEqual(names.log, "debug error info silly verbose warn".split(" "));
});

test("error classes have the status of their name, and are those of the package kuzzle", async () => {
  assert.deepEqual(
    await run(`const { errors } = context;
      return [new errors.BadRequest("x").status, new errors.UnauthorizedError("x").status, new errors.Forbidden("x").status, new errors.NotFound("x").status,
        new errors.Precondition("x").status, new errors.SizeLimit("x").status, new errors.TooManyRequests("x").status, new errors.Internal("x").status,
        new errors.ExternalService("x").status, new errors.PluginImplementation("x").status, new errors.ServiceUnavailable("x").status,
        new errors.GatewayTimeout("x").status, new errors.Partial("x", []).status, new errors.MultipleErrors("x", [1]).status,
        new errors.KuzzleError("x", 418).status, errors.NotFound === kuzzle.NotFoundError];`),
    [400, 401, 403, 404, 412, 413, 429, 500, 500, 500, 503, 504, 206, 400, 418, true],
  );
  const partial = await failure(`throw new context.errors.Partial("some failed", [{ a: 1 }], "my.own.id", 12);`);
  assert.partialDeepStrictEqual(partial, { status: 206, id: "my.own.id", code: 12, errors: [{ a: 1 }], count: 1 });
});

test("errors of the manifest have the plugin's number in their code, by either name of their maker", async () => {
  for (const name of ["kerror", "errorsManager"]) {
    const late = await failure(`throw context.${name}.get("late", "Ada", 5);`);
    assert.partialDeepStrictEqual(late, {
      id: "plugin.probe.late",
      status: 403,
      code: 0x04050003,
      message: "Ada is late by 5",
      props: ["Ada", 5],
    });
  }
  assert.equal((await failure(`return context.kerror.reject("nested.inner");`)).id, "plugin.probe.nested.inner");
  assert.equal(
    (await failure(`throw context.kerror.getFrom(new Error("cause"), "late", 1, 2);`)).message,
    "1 is late by 2",
  );
});

test("lines of a plugin's log bear its name, whatever it logs", async () => {
  await run(
    `context.log.info("by log"); context.logger.warn("by logger"); context.logger.child("part").error(new Error("of a part")); context.log.silly({ a: 1 });`,
  );
  const lines = probes.whole.log.map(({ level, event }) => `${level} ${event}`);
  for (const expected of [
    /^info .*\[probe\] by log$/,
    /^warn .*probe: by logger$/,
    /^error .*part: of a part$/,
    /^trace .*\[probe\] \{"a":1\}$/,
  ]) {
    assert.ok(
      lines.some((text) => expected.test(text)),
      String(expected),
    );
  }
});

test("nodeId is the server's", async () => {
  assert.equal(await run("return context.accessors.nodeId;"), server.backend.nodeId);
});

test("execute answers by promise or callback, with the request", async () => {
  assert.deepEqual(
    await run(`const made = new context.constructors.Request({ controller: "document", action: "create", index: "lib", collection: "books", _id: "executed", body: {} });
      const answer = await context.accessors.execute(made);
      const called = await new Promise((resolve, reject) => context.accessors.execute(new context.constructors.Request(request, { controller: "server", action: "now" }), (error, it) => error ? reject(error) : resolve(it)));
      const failed = await new Promise((resolve) => context.accessors.execute(new context.constructors.Request({ controller: "no", action: "where" }), (error) => resolve(error.id)));
      return [answer === made, answer.status, answer.result._id, typeof called.result.now, failed];`),
    [true, 200, "executed", "number", "api.process.controller_not_found"],
  );
  for (const action of ["subscribe", "unsubscribe"]) {
    const code = `return context.accessors.execute(new context.constructors.Request({ controller: "realtime", action: "${action}" }));`;
    assert.equal((await failure(code)).id, "plugin.context.unavailable_realtime");
  }
  assert.equal((await failure("return context.accessors.execute({});")).id, "plugin.context.missing_request");
});

const sessionActions =
  "checkRights createApiKey createMyCredentials credentialsExist deleteApiKey getCurrentUser getMyCredentials getMyRights getStrategies logout refreshToken searchApiKeys updateMyCredentials updateSelf validateMyCredentials";

test("actions that need a session of one's own are refused to the SDK, until it acts as somebody", async () => {
  for (const action of sessionActions.split(" ")) {
    const { id } = await failure(`return context.accessors.sdk.query({ controller: "auth", action: "${action}" });`);
    assert.equal(id, "api.process.forbidden_embedded_sdk_action", action);
  }
  await http(server, "POST", "/users/ada/_create", { content: { profileIds: ["default"] }, credentials: {} });
  const kuid = await run(
    `return (await context.accessors.sdk.as({ _id: "ada" }).query({ controller: "auth", action: "getCurrentUser" })).result._id;`,
  );
  assert.equal(kuid, "ada");
});

test("a login by the SDK works, and is warned of", async () => {
  const credentials = { local: { username: "sid", password: "a good secret" } };
  await http(server, "POST", "/users/sid/_create", { content: { profileIds: ["default"] }, credentials });
  assert.equal(
    await run(
      `return typeof await context.accessors.sdk.auth.login("local", { username: "sid", password: "a good secret" });`,
    ),
    "string",
  );
  assert.ok(
    probes.whole.log.some(({ event, level }) => level === "warn" && event.endsWith("plugin.embedded_sdk_login")),
  );
});

test("the SDK subscribes with its options, hears what matches until it ends, and each callback has its own copy", async () => {
  await run(`kept.heard = [];
    const { realtime } = context.accessors.sdk;
    kept.all = await realtime.subscribe("lib", "books", { equals: { lang: "fr" } }, (told) => { kept.heard.push(["all", told.result._id ?? told.user, told.scope]); if (told.result) told.result._source = "spoilt"; });
    kept.out = await realtime.subscribe("lib", "books", { equals: { lang: "fr" } }, (told) => kept.heard.push(["out", told.result._id]), { scope: "out" });
    kept.users = await realtime.subscribe("lib", "books", { exists: "never" }, (told) => kept.heard.push(["users", told.user, told.volatile.who]), { users: "all", scope: "none" });`);
  await using client = await Line.open(server);
  const books = { index: "lib", collection: "books" };
  await client.result({ controller: "document", action: "create", ...books, _id: "f1", body: { lang: "fr" } });
  await client.result({ controller: "document", action: "update", ...books, _id: "f1", body: { lang: "en" } });
  await client.result({
    controller: "realtime",
    action: "subscribe",
    ...books,
    body: { exists: "never" },
    volatile: { who: "client" },
  });
  let heard: unknown[] = [];
  for (const deadline = Date.now() + 5_000; heard.length < 4 && Date.now() < deadline; ) {
    heard = heard.concat(await run<unknown[]>("return kept.heard.splice(0);"));
  }
  assert.deepEqual(heard, [
    ["all", "f1", "in"],
    ["all", "f1", "out"],
    ["out", "f1"],
    ["users", "in", "client"],
  ]);
  await run(`for (const room of [kept.all, kept.users]) await context.accessors.sdk.realtime.unsubscribe(room);`);
  await client.result({ controller: "document", action: "create", ...books, _id: "f2", body: { lang: "fr" } });
  assert.deepEqual(await run("return kept.heard;"), []);
});

test("a plugin that ends its subscription leaves that of another plugin to the same filters alone", async () => {
  const subscribe = `kept.heard = []; kept.room = await context.accessors.sdk.realtime.subscribe("lib", "books", { equals: { lang: "de" } }, ({ result }) => kept.heard.push(result._id));`;
  await run(subscribe);
  await run(subscribe, {}, "other");
  await run("await context.accessors.sdk.realtime.unsubscribe(kept.room);");
  await line.result({
    controller: "document",
    action: "create",
    index: "lib",
    collection: "books",
    _id: "d1",
    body: { lang: "de" },
  });
  assert.deepEqual([await run("return kept.heard;"), await run("return kept.heard;", {}, "other")], [[], ["d1"]]);
  const roomId = await run(
    "const { room } = kept; await context.accessors.sdk.realtime.unsubscribe(room); return room;",
    {},
    "other",
  );
  const { count } = await line.result({ controller: "realtime", action: "count", body: { roomId } });
  assert.equal(count, 0, "the last one leaves the room");
});

test("a plugin subscribes a client's connection in its place, and ends that with or without telling the others", async () => {
  await using client = await Line.open(server);
  await using watcher = await Line.open(server);
  const books = { index: "lib", collection: "books" };
  const filters = { equals: { lang: "it" } };
  await watcher.result({ controller: "realtime", action: "subscribe", ...books, body: filters, users: "all" });
  await client.result({
    controller: "probe",
    action: "run",
    body: { code: "kept.connection = request.context.connection.id;" },
  });
  const register = `return context.accessors.subscription.register(kept.connection, "lib", "books", ${JSON.stringify(filters)});`;
  const { roomId, channel } = await run<{ roomId: string; channel: string }>(register);
  assert.ok(channel.startsWith(roomId));
  await line.result({ controller: "document", action: "create", ...books, _id: "i1", body: { lang: "it" } });
  assert.equal((await client.take(1))[0]?.result._id, "i1");
  await run(`return context.accessors.subscription.unregister(kept.connection, "${roomId}", false);`);
  await run(register);
  await run(`return context.accessors.subscription.unregister(kept.connection, "${roomId}", true);`);
  await line.result({ controller: "document", action: "create", ...books, _id: "i2", body: { lang: "it" } });
  const told = (await watcher.take(5)).map(({ type, user, result }) => (type === "user" ? user : result._id));
  assert.deepEqual(told, ["in", "i1", "in", "out", "i2"], "the first leave was silent");
  assert.equal(
    (await failure(`return context.accessors.subscription.unregister(kept.connection, "${roomId}", true);`)).id,
    "core.realtime.not_subscribed",
  );
});

test("trigger runs the pipes on the plugin's own event, and answers what they made of it", async () => {
  server.backend.pipe.register("plugin-probe:count", async (n: number) => n + 1, { dynamic: true });
  assert.equal(await run(`return context.accessors.trigger("count", 1);`), 2);
  assert.equal(await run(`return context.accessors.trigger("unheard", "same");`), "same");
});

test("a plugin adds a type to the specifications of documents, and validates by them", async () => {
  await run(`class Even extends context.constructors.BaseValidationType {
      constructor () { super(); this.typeName = "even"; this.allowedTypeOptions = ["min"]; this.allowChildren = false; }
      validate (options, value, messages) {
        if (value % 2 === 0 && !(value < options.min)) return true;
        messages.push("must be even"); return false; }
      validateFieldSpecification (options) { return options; }
    }
    context.accessors.validation.addType(new Even());`);
  const specification = { strict: false, fields: { n: { type: "even", typeOptions: { min: 2 } } } };
  const specified = await http(server, "PUT", "/lib/numbers/_specifications", specification);
  assert.equal(specified.error, null, JSON.stringify(specified.error));
  const numbers = { index: "lib", collection: "numbers" };
  await line.result({ controller: "collection", action: "create", ...numbers });
  assert.equal((await line.ask({ controller: "document", action: "create", ...numbers, body: { n: 3 } })).status, 400);
  await line.result({ controller: "document", action: "create", ...numbers, body: { n: 4 } });
  const validate = (n: number, verbose: boolean): string =>
    `return context.accessors.validation.validate(new context.constructors.Request({ controller: "document", action: "create", index: "lib", collection: "numbers", body: { n: ${n} } }), ${verbose});`;
  const report = await run<JSONObject>(validate(3, true));
  assert.deepEqual([report.valid, report.validation], [false, false]);
  assert.match(JSON.stringify(report.errorMessages), /must be even/);
  assert.equal((await run<JSONObject>(validate(4, true))).valid, true);
  assert.equal((await failure(validate(3, false))).status, 400);
  assert.equal(
    await run(
      validate(4, false).replace("return", "return (await").replace(/;$/, ") instanceof kuzzle.KuzzleRequest;"),
    ),
    true,
  );
});

test("cluster messages are not heard by the node that sends them", async () => {
  await run(`kept.messages = []; await context.accessors.cluster.on("probe:said", (payload) => kept.messages.push(payload));
    await context.accessors.cluster.broadcast("probe:said", { a: 1 }); await context.accessors.cluster.removeAllListeners("probe:said");`);
  assert.deepEqual(await run("return kept.messages;"), []);
});
