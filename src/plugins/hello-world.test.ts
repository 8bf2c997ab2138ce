import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createTestBackend, type TestBackend } from "../../testing/kit/index.ts";
import type { JSONObject } from "../kernel/index.ts";

const example = fileURLToPath(new URL("../../plugins/available/hello-world", import.meta.url));
const books = { index: "library", collection: "books" };

async function start(t: TestContext, config: JSONObject = {}): Promise<TestBackend> {
  const backend = await createTestBackend({
    plugins: [{ path: example }],
    config: { plugins: { "hello-world": config } },
    imports: { mappings: { library: { books: { mappings: {} } } } },
  });
  t.after(() => backend.close());
  return backend;
}

const document = (backend: TestBackend, action: string, _id: string, body?: JSONObject) =>
  backend.request({ controller: "document", action, ...books, _id, ...(body === undefined ? {} : { body }) });

test("the example plugin greets, over its routes and by name", async (t) => {
  const backend = await start(t);
  const ask = { controller: "hello-world/hello", action: "sayHello" };
  assert.deepEqual((await backend.request(ask)).result, { greeting: "Hello, World!" });
  const answer = await fetch(`${await backend.url()}/_plugin/hello-world/hello?name=Ada`);
  assert.deepEqual(((await answer.json()) as { result: unknown }).result, { greeting: "Hello, Ada!" });
});

test("the example plugin stamps documents, in the field that the configuration names", async (t) => {
  const backend = await start(t, { stampField: "seenBy", stamp: "me" });
  await document(backend, "create", "1", { title: "a" });
  const { title, seenBy } = (await backend.sdk.document.get("library", "books", "1"))._source;
  assert.deepEqual({ title, seenBy }, { title: "a", seenBy: "me" });
});

test("the example plugin refuses documents with the forbidden word, however deep it lies", async (t) => {
  const backend = await start(t, { forbiddenWord: "Spam" });
  const refused = await document(backend, "create", "1", { tags: [{ text: "no SPAM please" }] });
  assert.deepEqual([refused.status, refused.error?.message], [400, 'The word "Spam" is not allowed in documents.']);
  assert.equal(await backend.sdk.document.exists("library", "books", "1"), false);
  assert.equal((await document(backend, "create", "2", { tags: ["ham"] })).status, 200);
  // Deeper than the server lets documents be: whoever calls the pipe otherwise is answered all the same.
  let deep: JSONObject = { text: "spam" };
  for (let level = 0; level < 100_000; level++) deep = { deep };
  const plugin = backend.plugin<{ checkAndStamp(documents: object[]): Promise<unknown> }>("hello-world");
  await assert.rejects(plugin.checkAndStamp([{ _source: deep }]), { status: 400 });
});

test("the example plugin remembers the last deletions, each once", async (t) => {
  const backend = await start(t, { keptDeletions: 2 });
  for (const id of ["a", "b", "c"]) {
    await document(backend, "create", id, {});
    const deleted = backend.events.next("generic:document:afterDelete");
    await document(backend, "delete", id);
    await deleted;
  }
  const { result } = await backend.request({ controller: "hello-world/hello", action: "deletions" });
  assert.deepEqual(result, { ids: ["b", "c"] });
});
