/** Stored searches on the whole server: written, refused, asked, changed, and asked again after a restart. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startServer, type TestServer } from "../../testing/index.ts";

const json = { "Content-Type": "application/json" };

interface Answer {
  readonly status: number;
  readonly error: { readonly id: string; readonly message: string } | null;
  // biome-ignore lint/suspicious/noExplicitAny: read member by member below
  readonly result: any;
}

async function ask(server: TestServer, method: string, path: string, body?: object): Promise<Answer> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(server.url + path, { method, headers: json, ...sent });
  return (await response.json()) as Answer;
}

const search = (server: TestServer, body: object): Promise<Answer> => ask(server, "POST", "/lib/alerts/_search", body);

async function found(server: TestServer, percolate: object): Promise<string> {
  const { error, result } = await search(server, { query: { percolate: { field: "search", ...percolate } } });
  assert.equal(error, null);
  return (result.hits as { _id: string }[])
    .map(({ _id }) => _id)
    .sort()
    .join(" ");
}

const put = (server: TestServer, id: string, query: unknown): Promise<Answer> =>
  ask(server, "PUT", `/lib/alerts/${id}`, { search: query });

async function refuseUnmapped(server: TestServer): Promise<void> {
  const refused = await put(server, "wrong", { term: { prize: 3 } });
  assert.deepEqual([refused.status, refused.error?.id], [400, "services.storage.unexpected_bad_request"]);
  assert.match(refused.error?.message ?? "", /"search" of type percolator cannot hold this query: .*field "prize"/);
  assert.equal((await ask(server, "GET", "/lib/alerts/wrong")).status, 404);
}

test("searches are stored, and asked which of them match a document, before and after a restart", async (t) => {
  const root = await mkdtemp(join(tmpdir(), "tenon-percolate-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  {
    await using server = await startServer({ root });
    await ask(server, "POST", "/lib/_create");
    const properties = {
      search: { type: "percolator" },
      title: { type: "text" },
      price: { type: "integer" },
    };
    const created = await ask(server, "PUT", "/lib/alerts", { mappings: { dynamic: "true", properties } });
    assert.equal(created.error, null);
    await put(server, "bonsai", { match: { title: "bonsai" } });
    await put(server, "cheap", { range: { price: { lte: 40 } } });
    await put(server, "both", {
      bool: { must: { match: { title: "bonsai" } }, filter: { range: { price: { lte: 40 } } } },
    });

    await refuseUnmapped(server);

    assert.equal(await found(server, { document: { title: "A bonsai tree", price: 25 } }), "bonsai both cheap");
    assert.equal(await found(server, { document: { title: "A bonsai tree", price: 250, extra: 1 } }), "bonsai");
    const mapping = await ask(server, "GET", "/lib/alerts/_mapping");
    assert.deepEqual(Object.keys(mapping.result.properties).sort(), ["price", "search", "title"]);

    const several = await search(server, {
      query: { percolate: { field: "search", documents: [{ title: "A bonsai" }, { price: 1 }] } },
      highlight: { fields: { title: {} } },
    });
    // biome-ignore lint/suspicious/noExplicitAny: hits of the answer
    const hits = new Map((several.result.hits as any[]).map((hit) => [hit._id, hit]));
    assert.deepEqual(hits.get("bonsai").fields, { _percolator_document_slot: [0] });
    assert.deepEqual(hits.get("bonsai").highlight, { "0_title": ["A <em>bonsai</em>"] });
    assert.deepEqual(hits.get("cheap").fields, { _percolator_document_slot: [1] });
    assert.equal(hits.get("cheap").highlight, undefined);

    await ask(server, "PUT", "/lib/alerts/tree", { title: "bonsai", price: 100 });
    const stored = { index: "lib", collection: "alerts", id: "tree" };
    assert.equal(await found(server, stored), "bonsai");
    assert.equal(await found(server, { ...stored, version: 1 }), "bonsai");
    const missing = await search(server, { query: { percolate: { field: "search", ...stored, id: "nobody" } } });
    assert.deepEqual([missing.status, missing.error?.id], [404, "services.storage.not_found"]);
    const counted = await ask(server, "POST", "/lib/alerts/_count", {
      query: { percolate: { field: "search", ...stored } },
    });
    assert.deepEqual(counted.result, { count: 1 });

    await put(server, "cheap", { range: { price: { lte: 10 } } });
    await ask(server, "DELETE", "/lib/alerts/bonsai");
    assert.equal(await found(server, { document: { title: "A bonsai tree", price: 25 } }), "both");
  }
  await using server = await startServer({ root });
  await refuseUnmapped(server);
  assert.equal(await found(server, { document: { title: "A bonsai tree", price: 25 } }), "both");
  assert.equal(await found(server, { document: { price: 5 } }), "cheap");
});
