/** Specifications on the whole server: stored by one client, in force for the next write of another, kept over a restart. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { JSONObject } from "../src/kernel/index.ts";
import { BaseValidationType } from "../src/plugins/index.ts";
import { connectHttp, connectWebSocket, startServer } from "../testing/index.ts";

const place = { index: "lib", collection: "books" };
const books = {
  strict: true,
  fields: {
    title: { type: "string", mandatory: true },
    pages: { type: "integer", typeOptions: { range: { min: 1 } } },
    lang: { type: "string", defaultValue: "en" },
  },
};

async function temporaryRoot(t: TestContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "tenon-specifications-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  return root;
}

/** Brings the type `even`. */
class EvenPlugin {
  init(_config: unknown, { accessors }: { accessors: { validation: { addType: (type: object) => void } } }): void {
    accessors.validation.addType(new EvenType());
  }
}

class EvenType extends BaseValidationType {
  override typeName = "even";

  override validate(_options: JSONObject, value: unknown, messages: string[]): boolean {
    const isEven = typeof value === "number" && value % 2 === 0;
    if (!isEven) messages.push("must be even");
    return isEven;
  }
}

test("documents are held to the specification of their collection, before and after a restart", async (t) => {
  const root = await temporaryRoot(t);
  const config = { "limits.loginsPerSecond": 1_000 };
  {
    await using server = await startServer({ root, config });
    const http = await connectHttp(server);
    const sdk = await connectWebSocket(server);
    await sdk.index.create("lib");
    await sdk.collection.create("lib", "books", { mappings: {} });
    await http.collection.updateSpecifications("lib", "books", books);
    await assert.rejects(sdk.document.create("lib", "books", { pages: 3 }), {
      id: "validation.check.failed_field",
      status: 400,
    });
    await assert.rejects(sdk.document.create("lib", "books", { title: "Emma", isbn: 3 }), {
      id: "validation.check.failed_document",
    });
    const { _source } = await sdk.document.create<JSONObject>("lib", "books", { title: "Emma" }, "emma");
    assert.equal(_source.lang, "en");
    await sdk.document.update("lib", "books", "emma", { pages: 474 });
    await assert.rejects(sdk.document.update("lib", "books", "emma", { pages: 0 }), {
      id: "validation.check.failed_field",
    });
    const { result } = await http.query({ controller: "document", action: "validate", ...place, body: { title: 3 } });
    assert.deepEqual(result, {
      valid: false,
      errorMessages: { fieldScope: { children: { title: { messages: ["must be a string"] } } } },
    });
    sdk.disconnect();
  }

  await using again = await startServer({ root, config });
  const http = await connectHttp(again);
  await assert.rejects(http.document.create("lib", "books", {}), { id: "validation.check.failed_field" });
  const { hits, total } = await http.collection.searchSpecifications({ query: { term: { index: "lib" } } });
  assert.equal(total, 1);
  assert.equal(hits[0]?._id, "lib#books");
  await http.collection.deleteSpecifications("lib", "books");
  await http.document.create("lib", "books", { isbn: 3 });
});

test("a plugin brings a type, and messages are held to the specification as documents are", async (t) => {
  await using server = await startServer({
    prepare: (backend) => backend.plugin.use(new EvenPlugin(), { name: "even" }),
    data: ":memory:",
  });
  const sdk = await connectWebSocket(server);
  t.after(() => sdk.disconnect());
  await sdk.collection.updateSpecifications("lib", "books", { fields: { pages: { type: "even", mandatory: true } } });
  await sdk.realtime.publish("lib", "books", { pages: 4 });
  await assert.rejects(sdk.realtime.publish("lib", "books", { pages: 3 }), {
    id: "validation.check.failed_field",
    message: /must be even/,
  });
});

test("a collection may be held to a JSON Schema instead", async (t) => {
  const root = await temporaryRoot(t);
  await using server = await startServer({ root });
  const sdk = await connectWebSocket(server);
  await sdk.index.create("lib");
  await sdk.collection.create("lib", "books", { mappings: {} });
  const jsonSchema = {
    type: "object",
    required: ["title"],
    properties: {
      title: { type: "string", minLength: 1 },
      isbn: { type: "string", pattern: "^(97[89])?[0-9]{10}$" },
      published: { type: "string", format: "date" },
      authors: { type: "array", items: { $ref: "#/$defs/author" }, uniqueItems: true },
    },
    additionalProperties: false,
    $defs: { author: { type: "object", required: ["name"], properties: { name: { type: "string" } } } },
  };
  const put = (specification: object) => sdk.collection.updateSpecifications("lib", "books", specification);
  await put({ jsonSchema });
  const good = { title: "Emma", isbn: "9780141439587", published: "1815-12-23", authors: [{ name: "Jane Austen" }] };
  const { _id: id } = await sdk.document.create("lib", "books", good);
  const bad: readonly [object, string, RegExp][] = [
    [{}, "failed_document", /required property 'title'/],
    [{ title: "Emma", pages: 1 }, "failed_document", /additional properties: "pages"/],
    [{ title: "" }, "failed_field", /title/],
    [{ title: "Emma", isbn: "x" }, "failed_field", /isbn/],
    [{ title: "Emma", published: "yesterday" }, "failed_field", /published/],
    [{ title: "Emma", authors: [{ name: "Jane" }, {}] }, "failed_field", /authors\.1/],
  ];
  for (const [content, error, message] of bad) {
    await assert.rejects(sdk.document.create("lib", "books", content), { id: `validation.check.${error}`, message });
  }
  await assert.rejects(sdk.document.update("lib", "books", id, { title: 3 }), { id: "validation.check.failed_field" });
  await sdk.document.update("lib", "books", id, { published: "1816-01-01" });
  const report = await sdk.query({ controller: "document", action: "validate", ...place, body: { isbn: "x" } });
  assert.deepEqual((report.result as { errorMessages: JSONObject }).errorMessages, {
    documentScope: ["It must have required property 'title'."],
    fieldScope: { children: { isbn: { messages: ['must match pattern "^(97[89])?[0-9]{10}$"'] } } },
  });

  for (const wrong of [
    { jsonSchema: 3 },
    { jsonSchema: { type: "text" } },
    { jsonSchema: { typ: "object" } },
    { jsonSchema: { $ref: "https://example.com/schema" } },
    { jsonSchema: { properties: { a: { pattern: "(" } } } },
    { jsonSchema: { properties: { a: { format: "colour" } } } },
    { jsonSchema: { $schema: "http://json-schema.org/draft-04/schema#" } },
  ]) {
    await assert.rejects(put(wrong), { id: "validation.assert.invalid_specifications" }, JSON.stringify(wrong));
  }
  await put({ jsonSchema: { $schema: "http://json-schema.org/draft-07/schema#", maxProperties: 1 } });
  await assert.rejects(sdk.document.create("lib", "books", { a: 1, b: 2 }), { id: "validation.check.failed_document" });
});
