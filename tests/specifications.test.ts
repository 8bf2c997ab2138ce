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
