/** The examples of docs/plugins/typed.md, run as packages on one whole server. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import type { Kuzzle } from "kuzzle-sdk";
import { connectWebSocket, startServer, type TestServer } from "../../testing/index.ts";
import { LineClient } from "../../testing/protocols/line-client.ts";
import { ask } from "./root.ts";

const repository = join(import.meta.dirname, "../..");
const examples = join(repository, "examples/typed");
const page = await readFile(join(repository, "docs/plugins/typed.md"), "utf8");
const plugins = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => {
  const [, name = assert.fail(`a plugin without a name: ${code}`)] = /^ {2}name: "([a-z-]+)",$/m.exec(code) ?? [];
  return { name, code };
});

let root: string;
let port: number;
let server: TestServer;
let ws: Kuzzle;

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port: free } = probe.address() as AddressInfo;
  probe.close();
  return free;
}

before(async () => {
  root = await mkdtemp(join(tmpdir(), "tenon-typed-"));
  await symlink(join(repository, "node_modules"), join(root, "node_modules"));
  for (const { name, code } of plugins) {
    const file = join(root, "plugins/enabled", name, "index.ts");
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, code);
    await writeFile(join(dirname(file), "package.json"), JSON.stringify({ name, type: "module", main: "index.ts" }));
  }
  port = await freePort();
  server = await startServer({
    root,
    data: ":memory:",
    config: { "plugins.lines.port": port, "limits.loginsPerSecond": 100 },
  });
  ws = await connectWebSocket(server);
  await ws.index.create("library");
  await ws.collection.create("library", "books", {});
});

after(async () => {
  ws?.disconnect();
  await server?.close();
  await rm(root, { recursive: true, force: true });
});

test("every member of a description is shown in an example of the handbook", async () => {
  const source = await readFile(join(repository, "src/plugins/authoring/define-plugin.ts"), "utf8");
  const members = [...source.matchAll(/const \{([^}]*)\} =\s*description;/g)].flatMap(([, names = ""]) =>
    names.split(",").map((name) => name.trim()),
  );
  assert.ok(members.length > 10);
  const folder = join(repository, "docs/plugins");
  const pages = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), "utf8")));
  const shown = pages.flatMap((text) => [...text.matchAll(/```\w+\n(.*?)```/gs)].map(([, code]) => code)).join("\n");
  assert.deepEqual(
    members.filter((member) => member !== "" && !new RegExp(`^ *${member}: `, "m").test(shown)),
    [],
  );
});

test("the examples on the page are the files that the compiler checks", async () => {
  const files = (await readdir(examples)).map((file) => file.replace(/\.ts$/, ""));
  assert.deepEqual(plugins.map(({ name }) => name).sort(), files.sort());
  for (const { name, code } of plugins) assert.equal(code, await readFile(join(examples, `${name}.ts`), "utf8"), name);
});

test("stamp: pipes and hooks work on real documents, and the version is told", async () => {
  const { _id, _source } = await ws.document.create("library", "books", {}, "keep");
  assert.equal(typeof _source.stampedAt, "number");
  await assert.rejects(ws.document.delete("library", "books", _id), { status: 403, message: /This one stays/ });
  const { result } = await ws.query({ controller: "server", action: "info" });
  const { plugins: told } = (result as { serverInfo: { kuzzle: { plugins: Record<string, { version: string }> } } })
    .serverInfo.kuzzle;
  assert.equal(told.stamp?.version, "1.0.0");
});

test("clock: imports are loaded", async () => {
  const mappings = (await ws.collection.getMapping("clock", "ticks")) as { properties: object };
  assert.deepEqual(mappings.properties, { at: { type: "date" } });
});

test("shelf: an action has its route, its names, its arguments and its errors from one declaration", async () => {
  const add = (id: string, body: object): Promise<{ status: number; result: unknown; error: { id: string } | null }> =>
    fetch(`${server.url}/_/shelf/${id}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }).then((answer) => answer.json() as Promise<never>);
  assert.deepEqual((await add("1", { title: "Dune", pages: 412 })).result, { id: "1", version: 1 });
  const twice = await add("1", { title: "Dune" });
  assert.deepEqual([twice.status, twice.error?.id], [400, "services.storage.document_already_exists"]);
  assert.equal((await add("2", {})).error?.id, "api.assert.missing_argument");
  assert.equal((await add("2", { title: "Emma", pages: "many" })).error?.id, "api.assert.invalid_type");
  const full = await ask(server, { controller: "shelf/shelf", action: "add", id: "3", body: { title: "Emma" } });
  assert.deepEqual(full, { id: "3", version: 1 });
});

test("shelf: the public API and OpenAPI tell of the action with its arguments, its result and its errors", async () => {
  const api = (await ask(server, { controller: "server", action: "publicApi" })) as Record<string, { add: unknown }>;
  const http = [{ verb: "POST", path: "/_/shelf/:id", url: "/_/shelf/:id" }];
  assert.deepEqual(api.shelf?.add, { controller: "shelf", action: "add", http });
  assert.deepEqual(api["shelf/shelf"]?.add, { controller: "shelf/shelf", action: "add", http });
  const described = (await (await fetch(`${server.url}/_openapi?scope=app`)).json()) as {
    paths: Record<string, Record<string, Record<string, unknown>>>;
  };
  const { post = {} } = described.paths["/_/shelf/{id}"] ?? {};
  assert.deepEqual(post.parameters, [{ in: "path", name: "id", required: true, schema: { type: "string" } }]);
  assert.deepEqual(post.requestBody, {
    content: {
      "application/json": {
        schema: {
          type: "object",
          properties: { title: { type: "string" }, pages: { type: "integer" } },
          required: ["title"],
        },
      },
    },
  });
  const { 200: answered, 400: refused } = post.responses as Record<number, Record<string, unknown>>;
  assert.match(JSON.stringify(answered), /"result":\{"type":"object","properties":\{"id":\{"type":"string"\}/);
  assert.equal(refused?.description, "services.storage.document_already_exists");
});

test("till: an event of a plugin's own is fired and piped", async () => {
  const sale = { article: "tea", price: 2.6 };
  assert.deepEqual(await ask(server, { controller: "till", action: "sell", ...sale }), { article: "tea", price: 3 });
});

test("lines: a protocol of a plugin answers requests, notifies and goes with the server", async () => {
  const client = await LineClient.connect(port);
  const { result } = await client.ask({ controller: "server", action: "now" });
  assert.equal(typeof (result as { now: unknown }).now, "number");
  const books = { index: "library", collection: "books" };
  const subscribed = await client.ask({ controller: "realtime", action: "subscribe", ...books, body: {} });
  const { channel } = subscribed.result as { channel: string };
  await ws.document.create("library", "books", { title: "Emma" }, "heard");
  const notification = await client.take((line) => line.room === channel);
  assert.equal((notification.result as { _id: string })._id, "heard");
  const refused = await client.ask({ controller: "document", action: "get", ...books, _id: "nowhere" });
  assert.equal(refused.status, 404);
  client.close();
});

test("archive: what its capabilities name is enough for it", async () => {
  await ws.document.create("library", "books", {}, "short");
  await ws.document.delete("library", "books", "short");
  const deadline = Date.now() + 2_000; // nobody waits for a hook
  while ((await ask(server, { controller: "archive", action: "count" })) !== 1) assert.ok(Date.now() < deadline);
});

test("the order is that of the page", () => {
  const order = server.backend.plugin.list();
  assert.ok(order.indexOf("till") < order.indexOf("invoice"), order.join());
  assert.ok(order.indexOf("stamp") < order.indexOf("invoice"), order.join());
  assert.ok(order.indexOf("invoice") < order.indexOf("archive"), order.join());
});

test("desk: users log in by the strategy of a plugin, whose rights then count for its own actions", async () => {
  await ws.query({
    controller: "security",
    action: "createFirstAdmin",
    _id: "ada",
    reset: true,
    body: { content: {}, credentials: { desk: { badge: "A-1", pin: "1815" } } },
  });
  await assert.rejects(ask(server, { controller: "shelf", action: "add", id: "4", body: { title: "Ada" } }), {
    status: 401,
  });
  await assert.rejects(ws.auth.login("desk", { badge: "A-1", pin: "0000" }), { message: "wrong badge or pin" });
  await ws.auth.login("desk", { badge: "A-1", pin: "1815" });
  assert.equal((await ws.auth.getCurrentUser())._id, "ada");
  await assert.rejects(ws.auth.updateMyCredentials("desk", { badge: "A-1", pin: "1" }), { status: 400 });
  await ws.auth.updateMyCredentials("desk", { badge: "A-1", pin: "1852" });
  await ws.security.createOrReplaceRole("reader", { controllers: { shelf: { actions: { add: true } } } });
  await ws.security.createOrReplaceProfile("reader", { policies: [{ roleId: "reader" }] });
  const bob = { content: { profileIds: ["reader"] }, credentials: { desk: { badge: "B-2", pin: "2222" } } };
  await ws.security.createUser("bob", bob as never);
  await ws.auth.login("desk", { badge: "A-1", pin: "1852" });
  await ws.auth.login("desk", { badge: "B-2", pin: "2222" });
  const { result } = await ws.query({ controller: "shelf", action: "add", id: "5", body: { title: "Bob" } } as never);
  assert.deepEqual(result, { id: "5", version: 1 });
  await assert.rejects(ws.query({ controller: "till", action: "sell", article: "tea", price: 1 } as never), {
    status: 403,
  });
});
