import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { action, arg, definePlugin, type KuzzleRequest } from "../../src/index.ts";
import { createTestBackend, EventTimeout } from "./index.ts";

const run = promisify(execFile);

const greeter = definePlugin({
  name: "greeter",
  controllers: {
    greeter: {
      greet: action({
        summary: "Greets.",
        http: [{ verb: "GET", path: "/greeter/:name" }],
        args: { name: arg.string() },
        run: ({ name }) => ({ greeting: `Hello, ${name}!` }),
      }),
    },
  },
  pipes: {
    "generic:document:beforeWrite": (documents) => {
      for (const { _source } of documents) if (_source !== undefined) _source.greeted = true;
      return documents;
    },
  },
});

/** A plugin of Kuzzle 2 as an application has it: a class. */
class EchoPlugin {
  readonly pipes = { "document:beforeGet": this.refuse };
  readonly api = { echo: { actions: { say: { handler: this.say } } } };
  told: unknown;

  async init(config: object): Promise<void> {
    this.told = config;
  }

  async say(request: KuzzleRequest): Promise<unknown> {
    return { said: request.getString("text"), told: this.told };
  }

  async refuse(request: KuzzleRequest): Promise<KuzzleRequest> {
    if (request.getId() === "secret") throw new Error("not for you");
    return request;
  }
}

/** Writes packages into a folder that goes with the test. */
function packages(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "tenon-kit-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

const library = { mappings: { library: { books: { mappings: { properties: { lang: { type: "keyword" } } } } } } };
const book = { index: "library", collection: "books" };

test("plugins of every form run in one test backend, with their configuration", async (t) => {
  const folder = packages(t, {
    "first/package.json": JSON.stringify({ name: "first", version: "0.1.0", pluginInfo: { loadedBy: "server" } }),
    "first/index.js": `module.exports = function () {
      this.init = function (config, context, isDummy) { this.word = config.word; };
      this.pipes = { 'data:beforeCreate': 'mark' };
      this.mark = function (requestObject, callback) {
        requestObject.data.body.first = this.word; callback(null, requestObject);
      };
    };`,
    "former/manifest.json": JSON.stringify({ name: "former", kuzzleVersion: "^1.0.0" }),
    "former/index.js": `module.exports = function () {
      this.init = function (config, context) { this.pipes = { 'document:beforeCreate': 'mark' }; };
      this.mark = function (request, callback) { request.input.body.former = true; callback(null, request); };
    };`,
  });
  const backend = await createTestBackend({
    plugins: [
      greeter,
      EchoPlugin,
      { plugin: { init() {} }, name: "plain" },
      { path: join(folder, "first") },
      { path: join(folder, "former") },
    ],
    config: { plugins: { first: { word: "one" }, echo: { loud: true } } },
    imports: library,
  });
  t.after(() => backend.close());
  const made = await backend.request({ controller: "document", action: "create", ...book, _id: "b", body: {} });
  const { _kuzzle_info, ...source } = (made.result as { _source: Record<string, unknown> })._source;
  assert.deepEqual(source, { greeted: true, first: "one", former: true });
  const said = await backend.request({ controller: "echo", action: "say", text: "hi" });
  assert.deepEqual([said.status, said.result], [200, { said: "hi", told: { loud: true } }]);
  assert.deepEqual(backend.plugin<EchoPlugin>("echo").told, { loud: true });
  assert.equal(typeof backend.plugin("plain"), "object");
  assert.throws(() => backend.plugin("grete"), { id: "plugin.assert.plugin_not_found" });
});

test("a request is answered with status and error, as a client sees it", async (t) => {
  const backend = await createTestBackend({ plugins: [greeter, new EchoPlugin()], imports: library });
  t.after(() => backend.close());
  const missing = await backend.request({ controller: "document", action: "get", ...book, _id: "none" });
  assert.deepEqual([missing.status, missing.error?.id], [404, "services.storage.not_found"]);
  const refused = await backend.request({ controller: "document", action: "get", ...book, _id: "secret" });
  assert.deepEqual([refused.status, refused.error?.id], [500, "plugin.runtime.unexpected_error"]);
  assert.match(String(refused.error?.message), /^not for you/);
  const unknown = await backend.request({ controller: "greeter", action: "greet" });
  assert.deepEqual([unknown.status, unknown.error?.id], [400, "api.assert.missing_argument"]);
  assert.equal((await backend.request({})).status, 400);
});

test("the SDK has no rights to fear, and acts as a user or as anybody with given profiles", async (t) => {
  const reader = { controllers: { document: { actions: { get: true } } } };
  const admin = { controllers: { "*": { actions: { "*": true } } } };
  const backend = await createTestBackend({
    imports: {
      ...library,
      roles: { reader, admin },
      profiles: { reader: { policies: [{ roleId: "reader" }] } },
      users: {
        ada: { content: { profileIds: ["admin"] }, credentials: {} },
        bob: { content: { profileIds: ["reader"] }, credentials: {} },
      },
    },
  });
  t.after(() => backend.close());
  await backend.sdk.document.create("library", "books", { title: "Dune" }, "dune");
  for (const who of ["bob", { profileIds: ["reader"] }]) {
    const sdk = await backend.as(who);
    assert.equal((await sdk.document.get("library", "books", "dune"))._source.title, "Dune");
    await assert.rejects(sdk.document.delete("library", "books", "dune"), { status: 403 });
  }
  const ada = await backend.as("ada");
  assert.equal((await ada.auth.getCurrentUser())._id, "ada");
  await assert.rejects(backend.as("eve"), { id: "security.user.not_found" });
  await assert.rejects(backend.as({ profileIds: ["nobody"] }), /nobody/);
});

test("events are caught with their types, and kept when asked for", async (t) => {
  const backend = await createTestBackend({ imports: library, records: ["kuzzle:state:ready"] });
  t.after(() => backend.close());
  assert.equal(backend.events.of("kuzzle:state:ready").length, 1);
  assert.throws(() => backend.events.of("document:afterCreate"), /is not recorded/);
  backend.events.record("document:*");
  const next = backend.events.next("generic:document:afterWrite");
  const admin = await backend.as({ profileIds: ["admin"] });
  await admin.document.create("library", "books", { title: "Dune" }, "dune");
  const [documents, request] = (await next).args;
  assert.deepEqual([documents[0]?._id, request.input.action], ["dune", "create"]);
  assert.equal(backend.events.of("document:*").length, 2, "before and after");
  await backend.sdk.document.create("library", "books", {}, "quiet");
  assert.equal(backend.events.of("document:*").length, 2, "the SDK without a user fires nothing");
  // @ts-expect-error the type of this argument follows from the name of the event: requests have no such member
  assert.equal(request.nothing, undefined);
});

test("an event that does not come is an error, after the time that was given and when the backend ends", async () => {
  const backend = await createTestBackend();
  await assert.rejects(backend.events.next("document:afterCreate", { timeoutMs: 5 }), EventTimeout);
  const waiting = assert.rejects(backend.events.next("document:afterCreate"), /the backend was closed/);
  await backend.close();
  await waiting;
});

test("the official SDK is connected over HTTP and WebSocket by a port that is opened when it is asked for", async (t) => {
  const backend = await createTestBackend({ plugins: [greeter], imports: library });
  t.after(() => backend.close());
  assert.ok(!process.getActiveResourcesInfo().includes("TCPSocketWrap"));
  assert.equal(listeners(), 0, "no port before");
  const http = await backend.connect("http");
  const { result } = await http.query({ controller: "greeter", action: "greet", name: "Ada" });
  assert.deepEqual(result, { greeting: "Hello, Ada!" });
  assert.equal(listeners(), 1);
  const webSocket = await backend.connect("websocket");
  const heard = new Promise<unknown>((resolve) => {
    void webSocket.realtime
      .subscribe("library", "books", {}, resolve)
      .then(() => http.document.create("library", "books", { title: "Dune" }));
  });
  assert.equal(((await heard) as { action: string }).action, "create");
  const answer = await fetch(`${await backend.url()}/greeter/Bob`, { headers: { Connection: "close" } });
  assert.equal(((await answer.json()) as { result: { greeting: string } }).result.greeting, "Hello, Bob!");
  await backend.close();
  assert.equal(listeners(), 0, "none after");
  await assert.rejects(backend.connect("http"), /closed/);
});

const listeners = (): number => process.getActiveResourcesInfo().filter((name) => name === "TCPServerWrap").length;

test("two test backends live side by side, each plugin with its own server", async (t) => {
  const folder = packages(t, {
    "who/manifest.json": JSON.stringify({ name: "who", kuzzleVersion: ">=2.0.0 <3.0.0" }),
    "who/index.js": `module.exports = class {
      constructor () { this.api = { who: { actions: { am: { handler: async () => global.app.config.content.plugins.who } } } }; }
      async init () {}
    };`,
  });
  const start = (name: string) =>
    createTestBackend({
      plugins: [{ path: join(folder, "who") }],
      config: { plugins: { who: { name } } },
      imports: library,
    });
  const [one, two] = await Promise.all([start("one"), start("two")]);
  t.after(() => Promise.all([one.close(), two.close()]));
  for (const [backend, name] of [
    [one, "one"],
    [two, "two"],
  ] as const) {
    assert.deepEqual((await backend.request({ controller: "who", action: "am" })).result, { name });
  }
  await one.sdk.document.create("library", "books", {}, "only-here");
  assert.equal(await two.sdk.document.exists("library", "books", "only-here"), false);
  await one.close();
  assert.equal((await two.request({ controller: "who", action: "am" })).status, 200);
});

test("the log is caught, with who wrote each line", async (t) => {
  const chatty = definePlugin({ name: "chatty", init: ({ log }) => log.warn("chatty.hello", { to: "you" }) });
  const backend = await createTestBackend({ plugins: [chatty] });
  t.after(() => backend.close());
  const [line] = backend.log.of("warn");
  assert.deepEqual([line?.event, line?.part, line?.fields], ["chatty.hello", "plugins/chatty", { to: "you" }]);
  assert.ok(backend.log.lines.some(({ event }) => event === "plugin.loaded"));
});

test("what cannot start says why, and leaves nothing open", async () => {
  const failing = definePlugin({
    name: "failing",
    init: () => {
      throw new Error("no license");
    },
  });
  const before = process.getActiveResourcesInfo();
  await assert.rejects(createTestBackend({ plugins: [failing] }), /no license/);
  await assert.rejects(createTestBackend({ plugins: [{ path: "/nowhere/at/all" }] }), /nothing at this path/);
  await assert.rejects(createTestBackend({ config: { server: { port: -1 } } }), {
    id: "network.entrypoint.invalid_port",
  });
  await new Promise(setImmediate);
  assert.deepEqual(process.getActiveResourcesInfo(), before);
});

test("a process that has closed its test backends ends by itself", async (t) => {
  const kit = join(import.meta.dirname, "index.ts");
  const folder = packages(t, {
    "script.mjs": `import { createTestBackend } from ${JSON.stringify(kit)};
      const backend = await createTestBackend({ imports: ${JSON.stringify(library)} });
      await backend.connect("http");
      await (await backend.connect("websocket")).document.create("library", "books", {});
      await backend.close();
      console.log("closed");`,
  });
  const { stdout } = await run(process.execPath, [join(folder, "script.mjs")], { timeout: 20_000 });
  assert.equal(stdout, "closed\n");
});
