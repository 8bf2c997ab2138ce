/** What plugins reach on a whole server, and how their controllers are reached over every protocol. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Kuzzle } from "kuzzle-sdk";
import { connectHttp, connectWebSocket, startServer, type TestServer } from "../testing/index.ts";

/** A plugin as its author writes it for Kuzzle 2. */
const source = `
const { Plugin, ForbiddenError, KuzzleRequest } = require("kuzzle");

module.exports = class ProbePlugin extends Plugin {
  constructor () {
    super({ kuzzleVersion: ">=2.0.0 <3.0.0" });
    this.events = [];
    this.heard = [];
    this.api = {
      probe: {
        actions: {
          events: { handler: this.takeEvents },
          heard: { handler: this.takeHeard, http: [{ verb: "get", path: "/probe/heard" }] },
          write: { handler: this.write, http: [{ verb: "post", path: "probe/:index/:collection" }] },
          writeAs: { handler: this.writeAs },
          note: { handler: this.note },
          file: { handler: this.file, http: [{ verb: "get", path: "probe/file" }] },
          itself: { handler: async (request) => request },
          nothing: { handler: () => undefined },
          count: { handler: async () => { throw new TypeError("count is not a function"); } },
        },
      },
    };
    this.hooks = {
      "document:*": (...args) => this.events.push(args.at(-1)),
      "document:beforeCreate": (request, event) => this.events.push(event),
    };
    this.pipes = {
      "probe:beforeWrite": async (request) => {
        if (request.input.body.secret) throw new ForbiddenError("no secrets");
        return request;
      },
      "document:afterGet": (request, callback) => {
        request.response.setHeader("X-Probe", "seen");
        callback(null, request);
      },
    };
    this.imports = { mappings: { library: { books: { mappings: { properties: { lang: { type: "keyword" } } } } } } };
  }

  async init (config, context) {
    this.config = config;
    this.context = context;
    await context.accessors.storage.bootstrap({ notes: { properties: { text: { type: "keyword" } } } });
    this.notes = new context.constructors.Repository("notes");
    await context.accessors.sdk.realtime.subscribe("library", "books", { equals: { lang: "fr" } },
      ({ result, action }) => this.heard.push([action, result._id]));
  }

  async takeEvents () { return this.events.splice(0); }
  async takeHeard () { return this.heard.splice(0); }
  async write (request) {
    const { index, collection } = request.getIndexAndCollection();
    const { _id } = await this.context.accessors.sdk.document.create(index, collection, request.getBody(), request.getString("id"),
      { triggerEvents: request.getBoolean("loud") });
    return { _id, by: request.getKuid() };
  }
  async writeAs (request) {
    const user = this.context.accessors.sdk.as({ _id: request.getString("kuid") }, { checkRights: true });
    return (await user.document.create("library", "books", {}))._id;
  }
  async note (request) {
    const { _id } = await this.notes.create({ text: request.getString("text") });
    return Object.keys(await this.notes.get(_id)).sort();
  }
  async file (request) {
    request.response.configure({ format: "raw", headers: { "Content-Type": "text/plain" } });
    return "a plain text";
  }
};`;

let root: string;
let server: TestServer;
let ws: Kuzzle;
let http: Kuzzle;

before(async () => {
  root = await mkdtemp(join(tmpdir(), "tenon-probe-"));
  const folder = join(root, "plugins", "enabled", "probe");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "manifest.json"), JSON.stringify({ name: "probe", kuzzleVersion: ">=2.0.0 <3.0.0" }));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "probe", version: "3.2.1" }));
  await writeFile(join(folder, "index.js"), source);
  server = await startServer({ root, data: ":memory:" });
  ws = await connectWebSocket(server);
  http = await connectHttp(server);
});

after(async () => {
  ws?.disconnect();
  http?.disconnect();
  await server?.close();
  await rm(root, { recursive: true, force: true });
});

const probe = async (action: string, more: object = {}): Promise<unknown> =>
  (await ws.query({ controller: "probe", action, ...more } as never)).result;

async function until<T>(look: () => Promise<T>, isThere: (found: T) => boolean): Promise<T> {
  const deadline = Date.now() + 2_000;
  for (;;) {
    const found = await look();
    if (isThere(found)) return found;
    assert.ok(Date.now() < deadline, "what was waited for did not happen");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test("a controller of a plugin is reached by its name, by its full name, and by its routes", async () => {
  const body = { lang: "en" };
  const target = { index: "library", collection: "books", body };
  assert.deepEqual(await probe("write", { ...target, id: "by-name" }), { _id: "by-name", by: "-1" });
  const full = await http.query({ controller: "probe/probe", action: "write", ...target, id: "by-full-name" } as never);
  assert.deepEqual(full.result, { _id: "by-full-name", by: "-1" });
  const answer = await fetch(`${server.url}/_/probe/library/books?id=by-route`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
  });
  const content = (await answer.json()) as { result: unknown; controller: string; action: string };
  assert.deepEqual(
    [content.result, content.controller, content.action],
    [{ _id: "by-route", by: "-1" }, "probe", "write"],
  );
  assert.equal((await fetch(`${server.url}/_/probe/events`)).status, 200, "the default route");
});

test("requests of the embedded SDK fire no events, unless they ask for them", async () => {
  await probe("events");
  const target = { index: "library", collection: "books", body: {} };
  await probe("write", { ...target, id: "quiet" });
  assert.deepEqual(await probe("events"), []);
  await probe("write", { ...target, id: "loud", loud: true });
  assert.deepEqual(await probe("events"), ["document:beforeCreate", "document:*", "document:*"]);
});

test("a pipe on an action of a plugin may refuse it, and a pipe that calls back may change an answer", async () => {
  const secret = { index: "library", collection: "books", id: "x", body: { secret: true } };
  await assert.rejects(probe("write", secret), { status: 403, message: "no secrets" });
  const answer = await fetch(`${server.url}/library/books/by-name`);
  assert.equal(answer.headers.get("x-probe"), "seen");
});

test("a subscription of a plugin hears of what clients do", async () => {
  await probe("heard");
  await ws.document.create("library", "books", { lang: "en" }, "unheard");
  await ws.document.create("library", "books", { lang: "fr" }, "heard");
  const heard = await until(
    () => probe("heard"),
    (found) => (found as unknown[]).length > 0,
  );
  assert.deepEqual(heard, [["create", "heard"]]);
});

test("the storage of a plugin is its own: clients do not reach it", async () => {
  assert.deepEqual(await probe("note", { text: "mine" }), ["_id", "_kuzzle_info", "text"]);
  const { indexes } = (await ws.query({ controller: "index", action: "list" })).result as { indexes: string[] };
  assert.deepEqual(indexes, ["library"]);
  await assert.rejects(ws.document.search("plugin-probe", "notes", {}));
});

test("an action may answer a raw text, over HTTP without the envelope", async () => {
  const answer = await fetch(`${server.url}/_/probe/file`);
  assert.equal(await answer.text(), "a plain text");
  assert.match(answer.headers.get("content-type") ?? "", /^text\/plain/);
});

test("mistakes of a plugin's actions are answered as the plugin's", async () => {
  await assert.rejects(probe("itself"), { id: "plugin.controller.unserializable_response" });
  await assert.rejects(probe("nothing"), { id: "plugin.controller.invalid_action_response" });
  await assert.rejects(probe("count"), { id: "plugin.runtime.unexpected_error", status: 500 });
});

test("the server tells what a plugin brings", async () => {
  const { result } = await ws.query({ controller: "server", action: "info" });
  const { plugins } = (result as { serverInfo: { kuzzle: { plugins: Record<string, Record<string, unknown>> } } })
    .serverInfo.kuzzle;
  const { version, controllers, hooks, pipes, imports } = plugins.probe ?? {};
  assert.deepEqual(
    { version, controllers, hooks, pipes, imports },
    {
      version: "3.2.1",
      controllers: ["probe/probe"],
      hooks: ["document:*", "document:beforeCreate"],
      pipes: ["probe:beforeWrite", "document:afterGet"],
      imports: ["mappings"],
    },
  );
});

test("a plugin that acts as a user with rights may do what the user may", async () => {
  await ws.query({
    controller: "security",
    action: "createFirstAdmin",
    _id: "ada",
    reset: true,
    body: { content: {}, credentials: { local: { username: "ada", password: "correct horse" } } },
  });
  await ws.auth.login("local", { username: "ada", password: "correct horse" });
  await ws.security.createUser("bob", { content: { profileIds: ["anonymous"] }, credentials: {} } as never);
  assert.equal(typeof (await probe("writeAs", { kuid: "ada" })), "string");
  await assert.rejects(probe("writeAs", { kuid: "bob" }), { status: 403 });
});
