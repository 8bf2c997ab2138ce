import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { enable, makeRoot, startTestServer, type TestServer } from "../../testing/plugins/plugin-server.ts";
import { type JSONObject, KuzzleRequest } from "../kernel/index.ts";

const example = fileURLToPath(new URL("../../plugins/available/hello-world", import.meta.url));

async function start(t: TestContext, config: JSONObject = {}): Promise<TestServer> {
  const { root, remove } = makeRoot();
  t.after(remove);
  enable(root, "hello-world", example);
  const server = await startTestServer({ root, plugins: { "hello-world": config } });
  t.after(() => server.close());
  return server;
}

const remove = (id: string): KuzzleRequest => new KuzzleRequest({ controller: "document", action: "delete", _id: id });

test("the example plugin greets, over its routes and by name", async (t) => {
  const server = await start(t);
  const ask = { controller: "hello-world/hello", action: "sayHello" };
  assert.deepEqual(await server.run(ask), { greeting: "Hello, World!" });
  assert.deepEqual(await server.run({ ...ask, name: "Ada" }), { greeting: "Hello, Ada!" });
  const paths = server.actions.routes().map(({ verb, path }) => `${verb} ${path}`);
  assert.ok(paths.includes("GET /_plugin/hello-world/hello"));
});

test("the example plugin stamps documents, in the field that the configuration names", async (t) => {
  const server = await start(t, { stampField: "seenBy", stamp: "me" });
  const documents = [
    { _id: "1", _source: { title: "a" } },
    { _id: "2", _source: {} },
  ];
  assert.deepEqual(await server.events.pipe("generic:document:beforeWrite", documents, remove("1")), [
    { _id: "1", _source: { title: "a", seenBy: "me" } },
    { _id: "2", _source: { seenBy: "me" } },
  ]);
});

test("the example plugin refuses documents with the forbidden word, however deep it lies", async (t) => {
  const server = await start(t, { forbiddenWord: "Spam" });
  const write = async (source: JSONObject): Promise<unknown> =>
    server.events.pipe("generic:document:beforeWrite", [{ _source: source }], remove("1"));
  await assert.rejects(write({ tags: [{ text: "no SPAM please" }] }), {
    status: 400,
    message: 'The word "Spam" is not allowed in documents.',
  });
  let deep: JSONObject = { text: "spam" };
  for (let level = 0; level < 100_000; level++) deep = { deep };
  await assert.rejects(write(deep), { status: 400 });
  await write({ tags: ["ham"] });
});

test("the example plugin remembers the last deletions, each once", async (t) => {
  const server = await start(t, { keptDeletions: 2 });
  for (const id of ["a", "b", "c"]) {
    server.events.hook("document:afterDelete", remove(id));
    server.events.hook("generic:document:afterDelete", [{ _id: id }], remove(id));
  }
  assert.deepEqual(await server.run({ controller: "hello-world/hello", action: "deletions" }), { ids: ["b", "c"] });
});
