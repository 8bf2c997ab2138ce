/** What plugins register by calls, or with Passport, changes hands too. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { connectHttp } from "../../../testing/index.ts";
import { isAlive } from "./dev-process.ts";
import { commonJs } from "./packages.ts";
import { startReloadable, until } from "./reloadable.ts";

const shared = { heard: [] as string[] };
Object.assign(globalThis, { calls: shared });

/** A way to log in with a pass word alone. */
const strategies = (names: readonly string[], password: string): string => `
  constructor() {
    this.authenticators = { Word: require("passport-local").Strategy };
    this.strategies = {};
    for (const name of ${JSON.stringify(names)}) this.strategies[name] = this.describe();
  }
  describe() {
    const methods = { create: "yes", update: "yes", delete: "yes", exists: "yes", validate: "yes", verify: "verify" };
    return { config: { authenticator: "Word" }, methods };
  }
  async init(config, context) { this.context = context; await this.start?.(context); }
  async yes() { return true; }
  async verify(request, username, password) { return password === "${password}" ? { kuid: username } : { kuid: null, message: "wrong" }; }`;

test("strategies are registered again, those that the new code has no more are gone, tokens hold", async (t) => {
  const { server, ws, write, ask } = await startReloadable(
    t,
    commonJs("door", strategies(["word", "former"], "sesame")),
  );
  const listed = async (): Promise<unknown> => (await ask({ controller: "auth", action: "getStrategies" })) as string[];
  await ws.security.createUser("ali", { content: { profileIds: ["default"] }, credentials: {} } as never);
  const client = await connectHttp(server);
  await client.auth.login("word", { username: "ali", password: "sesame" });
  write(commonJs("door", strategies(["word", "fresh"], "barley")));
  assert.equal((await server.host.reload("door")).kind, "reloaded");
  assert.equal((await client.auth.getCurrentUser())._id, "ali");
  const others = await connectHttp(server);
  await assert.rejects(others.auth.login("word", { username: "ali", password: "sesame" }), { status: 401 });
  await others.auth.login("word", { username: "ali", password: "barley" });
  await others.auth.login("fresh", { username: "ali", password: "barley" });
  await assert.rejects(others.auth.login("former", { username: "ali", password: "barley" }), {
    id: "security.credentials.unknown_strategy",
  });
  assert.deepEqual(((await listed()) as string[]).sort(), ["fresh", "local", "word"]);
});

test("strategies that a plugin adds while it runs go with it, unless the new code adds them too", async (t) => {
  const adding = (names: readonly string[], password: string): string => `${strategies([], password)}
    async start(context) { for (const name of ${JSON.stringify(names)}) await context.accessors.strategies.add(name, this.describe()); }`;
  const { server, ws, write, remove, ask } = await startReloadable(
    t,
    commonJs("door", adding(["kept", "left"], "one")),
  );
  const listed = async (): Promise<string[]> =>
    ((await ask({ controller: "auth", action: "getStrategies" })) as string[])
      .filter((name) => name !== "local")
      .sort();
  await ws.security.createUser("ali", { content: { profileIds: ["default"] }, credentials: {} } as never);
  assert.deepEqual(await listed(), ["kept", "left"]);
  write(commonJs("door", adding(["kept", "more"], "two")));
  await server.host.reload("door");
  assert.deepEqual(await listed(), ["kept", "more"]);
  const client = await connectHttp(server);
  await client.auth.login("kept", { username: "ali", password: "two" });
  await assert.rejects(client.auth.login("kept", { username: "ali", password: "one" }), { status: 401 });
  write(commonJs("door", `${adding(["kept"], "three")}\n get hooks() { throw new Error("not today"); }`));
  assert.equal((await server.host.reload("door")).kind, "failed");
  assert.deepEqual(await listed(), ["kept", "more"], "a start that fails leaves the ways to log in alone");
  await client.auth.login("kept", { username: "ali", password: "two" });
  remove("plugins/enabled/door");
  await server.host.reload("door");
  assert.deepEqual(await listed(), []);
});

test("strategies that plugins of Kuzzle 0 give to Passport change hands", async (t) => {
  const main = (password: string): string => `
    function Strategy (verify) { this.name = 'mine'; this.verify = verify; }
    Strategy.prototype.authenticate = function (request) {
      var self = this;
      this.verify(request.query.username, request.query.password, function (error, user, info) {
        if (error) return self.error(error);
        return user ? self.success(user) : self.fail(info);
      });
    };
    module.exports = function () {
      this.init = function (config, context, isDummy) {
        context.accessors.passport.use(new Strategy(function (username, password, done) {
          done(null, password === '${password}' ? { _id: username } : false, { message: 'wrong' });
        }));
      };
    };`;
  const files = (password: string) => ({
    "plugins/enabled/old/package.json": JSON.stringify({
      name: "old",
      main: "index.js",
      pluginInfo: { loadedBy: "all" },
    }),
    "plugins/enabled/old/index.js": main(password),
  });
  const { server, ws, write } = await startReloadable(t, files("one"));
  await ws.security.createUser("ali", { content: { profileIds: ["default"] }, credentials: {} } as never);
  const client = await connectHttp(server);
  await client.auth.login("mine", { username: "ali", password: "one" });
  write(files("two"));
  assert.equal((await server.host.reload("old")).kind, "reloaded");
  await assert.rejects(client.auth.login("mine", { username: "ali", password: "one" }), { status: 401 });
  await client.auth.login("mine", { username: "ali", password: "two" });
});

test("a plugin in processes of its own is given new ones, and the former end", async (t) => {
  const files = (word: string) => ({
    "plugins/enabled/apart/package.json": JSON.stringify({ name: "apart", version: "1.0.0" }),
    "plugins/enabled/apart/manifest.json": JSON.stringify({ name: "apart", kuzzleVersion: ">=1.0.0 <2.0.0" }),
    "plugins/enabled/apart/index.js": `
      const { appendFileSync } = require('fs'), { join } = require('path');
      module.exports = class Apart {
        constructor () { this.hooks = { 'document:afterCreate': 'write' }; }
        init () {}
        write () { appendFileSync(join(__dirname, '.written'), process.pid + ' ${word}\\n'); }
      };`,
  });
  const { server, ws, write } = await startReloadable(t, files("one"), { "plugins.apart.threads": 1 });
  await ws.index.create("library");
  await ws.collection.create("library", "books", {});
  const written = (): string[][] => {
    const file = join(server.root, "plugins/enabled/apart/.written");
    return existsSync(file)
      ? readFileSync(file, "utf8")
          .trim()
          .split("\n")
          .map((line) => line.split(" "))
      : [];
  };
  await ws.document.create("library", "books", {});
  await until(() => written().length === 1, "the first process has written");
  write(files("two"));
  assert.equal((await server.host.reload("apart")).kind, "reloaded");
  await ws.document.create("library", "books", {});
  await until(() => written().length === 2, "the second process has written");
  const [[former, one] = [], [next, two] = []] = written();
  assert.deepEqual([one, two], ["one", "two"]);
  assert.notEqual(former, next);
  assert.ok(former !== String(process.pid) && next !== String(process.pid));
  await until(() => !isAlive(Number(former)), "the first process has ended");
  assert.ok(isAlive(Number(next)));
});

test("a field type of the new code judges the contents of collections that use it", async (t) => {
  const type = (word: string): string => `
    async init(config, { constructors, accessors }) {
      class Only extends constructors.BaseValidationType {
        constructor() { super(); this.typeName = "only"; this.allowedTypeOptions = []; }
        validate(options, value, messages) { if (value === "${word}") return true; messages.push("only ${word}"); return false; }
        validateFieldSpecification(options) { return options; }
      }
      accessors.validation.addType(new Only());
    }`;
  const { server, ws, write, remove, log } = await startReloadable(t, commonJs("types", type("yes")));
  await ws.index.create("library");
  await ws.collection.create("library", "books", {});
  const fields = { answer: { type: "only", mandatory: true } };
  await ws.collection.updateSpecifications("library", "books", { strict: true, fields });
  const create = (answer: string): Promise<unknown> => ws.document.create("library", "books", { answer });
  await create("yes");
  await assert.rejects(create("no"), { status: 400 });
  write(commonJs("types", type("no")));
  assert.equal((await server.host.reload("types")).kind, "reloaded");
  await create("no");
  await assert.rejects(create("yes"), { status: 400 });
  assert.ok(!log.some(({ event }) => event.includes("specifications.unreadable")));
  remove("plugins/enabled/types");
  await server.host.reload("types");
  await create("anything");
});

test("subscriptions of the former instance's embedded SDK end, those of others on the same room go on", async (t) => {
  const listening = (name: string, word: string): string => `
    async init(config, context) {
      const { EmbeddedSDK } = require("kuzzle");
      for (const sdk of [context.accessors.sdk, new EmbeddedSDK()]) {
        await sdk.realtime.subscribe("library", "books", {}, () => { calls.heard.push("${name} ${word}"); });
      }
    }`;
  const rooms = async (): Promise<number> =>
    ((await ask({ controller: "realtime", action: "list" })) as { library?: { books?: Record<string, number> } })
      .library?.books === undefined
      ? 0
      : 1;
  const { server, ws, write, remove, ask } = await startReloadable(t, {});
  await ws.index.create("library");
  await ws.collection.create("library", "books", {});
  write({ ...commonJs("ear", listening("ear", "one")), ...commonJs("eye", listening("eye", "one")) });
  await server.host.reload("ear");
  await server.host.reload("eye");
  const heardOf = async (): Promise<string[]> => {
    shared.heard = [];
    await ws.document.create("library", "books", {});
    // Notifications come before what is asked later.
    await ask({ controller: "server", action: "now" });
    return shared.heard.sort();
  };
  assert.deepEqual(await heardOf(), ["ear one", "ear one", "eye one", "eye one"]);
  write(commonJs("ear", listening("ear", "two")));
  await server.host.reload("ear");
  assert.deepEqual(await heardOf(), ["ear two", "ear two", "eye one", "eye one"]);
  remove("plugins/enabled/ear");
  await server.host.reload("ear");
  assert.deepEqual(await heardOf(), ["eye one", "eye one"]);
  remove("plugins/enabled/eye");
  await server.host.reload("eye");
  assert.deepEqual(await heardOf(), []);
  await until(async () => (await rooms()) === 0, "nobody is in the room");
});

test("what a privileged plugin listens to and answers on the server object changes hands", async (t) => {
  const main = (word: string): string => `
    async init(config, context) {
      const { kuzzle } = context.accessors;
      kuzzle.onAsk("door:word", () => "${word}");
      kuzzle.on("door:knock", () => { calls.heard.push("${word}"); });
    }
    get api() { return { door: { actions: { ask: { handler: async () => { global.kuzzle.emit("door:knock"); return global.kuzzle.ask("door:word"); } } } } }; }`;
  const files = (word: string) => commonJs("door", main(word), { privileged: true });
  const { server, write, ask } = await startReloadable(t, files("one"), { "plugins.door.privileged": true });
  shared.heard = [];
  for (const word of ["one", "two"]) {
    write(files(word));
    assert.equal((await server.host.reload("door")).kind, "reloaded");
    assert.equal(await ask({ controller: "door", action: "ask" }), word);
    assert.deepEqual(shared.heard.splice(0), [word]);
  }
  write(commonJs("door", `${main("three")}\n get hooks() { throw new Error("not today"); }`, { privileged: true }));
  assert.equal((await server.host.reload("door")).kind, "failed");
  assert.equal(await ask({ controller: "door", action: "ask" }), "two");
  assert.deepEqual(shared.heard, ["two"]);
});
