/** Rules of policies about documents and fields: every action that reads or writes documents, for users with different rules. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import type { Partial, Written } from "../api/wire.ts";
import { contents, type Hospital, openHospital, patients, type Who } from "./hospital.ts";

let hospital: Hospital;
before(async () => {
  hospital = await openHospital();
});
after(() => hospital?.[Symbol.asyncDispose]());
beforeEach(() => hospital.reset());

const place = `/${patients.index}/${patients.collection}`;
const everybody: readonly Who[] = ["free", "ward", "fields", "both", "two", "ann"];
/** Which documents and which root fields each of them may see. */
const seen: Readonly<Record<string, readonly string[]>> = {
  free: ["a1", "a2", "b1", "b2"],
  ward: ["a1", "a2"],
  fields: ["a1", "a2", "b1", "b2"],
  both: ["a1", "a2"],
  two: ["a1", "a2", "b1"],
  ann: ["a1", "b1"],
};
const allFields = ["age", "diagnosis", "name", "owner", "quick", "secret", "tags", "visits", "ward"];
const shown: Readonly<Record<string, readonly string[]>> = {
  free: allFields,
  ward: allFields,
  fields: ["age", "name", "visits", "ward"],
  both: ["age", "name", "visits", "ward"],
  two: ["age", "diagnosis", "name", "ward"],
  ann: allFields,
};
const ids = Object.keys(contents);

function assertCut(who: string, source: JSONObject): void {
  const { _kuzzle_info: info, ...content } = source;
  assert.deepEqual(Object.keys(content).sort(), shown[who], who);
  const isLimited = shown[who] !== allFields;
  if (isLimited) assert.equal(info, undefined);
  if (isLimited && content.visits !== undefined)
    for (const visit of content.visits as JSONObject[]) assert.deepEqual(Object.keys(visit), ["date"]);
}

const idsIn = (list: readonly { readonly _id: string }[]): string[] => list.map(({ _id }) => _id).sort();
const errorOf = async (who: string, action: string, request: JSONObject): Promise<string | undefined> =>
  (await hospital.ask(who, action, request)).error?.id;

for (const who of everybody) {
  test(`${who}: get, mGet, exists and mExists find what may be seen, and nothing else`, async () => {
    for (const _id of ids) {
      const { error, result } = await hospital.ask<Written>(who, "get", { _id });
      const isSeen = seen[who]?.includes(_id) === true;
      assert.equal(error?.id, isSeen ? undefined : "services.storage.not_found", `${who} ${_id}`);
      if (isSeen) assertCut(who, result._source);
      assert.equal((await hospital.ask<boolean>(who, "exists", { _id })).result, isSeen);
      const answer = await hospital.fetch<Written>(who, "GET", `${place}/${_id}`);
      assert.equal(answer.status, isSeen ? 200 : 404);
      if (isSeen) assertCut(who, answer.result._source);
      const missing = answer.error?.message.replaceAll(_id, "");
      const ghost = (await hospital.fetch(who, "GET", `${place}/ghost`)).error?.message.replaceAll("ghost", "");
      if (!isSeen) assert.equal(missing, ghost, "a hidden document is answered as one that does not exist");
    }
    const found = await hospital.ask<{ successes: Written[]; errors: string[] }>(who, "mGet", { body: { ids } });
    assert.deepEqual(idsIn(found.result.successes), seen[who]);
    for (const { _source } of found.result.successes) assertCut(who, _source);
    assert.equal(found.result.errors.length, 4 - (seen[who]?.length ?? 0));
    const exist = await hospital.ask<{ successes: string[] }>(who, "mExists", { body: { ids } });
    assert.deepEqual(exist.result.successes, seen[who]);
  });

  test(`${who}: search, count, scroll and export find what may be seen`, async () => {
    const all = await hospital.ask<{ total: number; hits: Written[] }>(who, "search", { body: {}, size: 10 });
    assert.equal(all.error ?? null, null, JSON.stringify(all.error));
    assert.deepEqual([all.result.total, idsIn(all.result.hits)], [seen[who]?.length, seen[who]]);
    for (const { _source } of all.result.hits) assertCut(who, _source);
    const count = await hospital.ask<{ count: number }>(who, "count", { body: {} });
    assert.equal(count.result.count, seen[who]?.length);
    const kuzzle = await hospital.as(who);
    const scrolled: Written[] = [];
    const options = { size: 1, scroll: "10s" };
    let page = await kuzzle.document.search(patients.index, patients.collection, { sort: ["age"] }, options);
    for (let next: typeof page | null = page; next !== null; next = await page.next()) {
      page = next;
      scrolled.push(...(next.hits as unknown as Written[]));
      if (scrolled.length === page.total) break;
    }
    for (const { _source } of scrolled) assertCut(who, _source);
    const sorted = shown[who]?.includes("age") ? seen[who] : undefined;
    if (sorted !== undefined) assert.deepEqual(idsIn(scrolled), sorted);
    for (const format of ["jsonl", "csv"]) {
      const response = await fetch(`${hospital.server.url}${place}/_export?format=${format}`, {
        headers: { authorization: `Bearer ${kuzzle.jwt}` },
      });
      const lines = (await response.text()).trim().split("\n");
      assert.equal(lines.length - 1, seen[who]?.length, format);
      const [header = "", ...rest] = lines;
      if (format === "csv") assert.equal(header.includes("secret"), shown[who] === allFields);
      else for (const line of rest) assertCut(who, (JSON.parse(line) as { body: JSONObject }).body);
      if (shown[who] !== allFields) assert.doesNotMatch(lines.join("\n"), /alpha|gamma|hush/);
    }
  });
}

/** What becomes of a write by each of them: of a document that they see, and of one that they may not. */
test("create makes documents of one's own kind, with fields that one may write", async () => {
  const create = (who: string, body: JSONObject, _id?: string) =>
    errorOf(who, "create", { body, ...(_id === undefined ? {} : { _id }) });
  assert.equal(await create("free", { ward: "C" }), undefined);
  assert.equal(await create("ward", { ward: "A", name: "x" }), undefined);
  assert.equal(await create("ward", { ward: "B" }), "security.rights.forbidden");
  assert.equal(await create("ward", { name: "x" }), "security.rights.forbidden");
  assert.equal(await create("fields", { ward: "B", visits: [{ date: "d" }] }), undefined);
  assert.equal(await create("fields", { ward: "B", name: "x" }), "security.rights.forbidden");
  assert.equal(await create("both", { ward: "A", age: 3 }), undefined);
  assert.equal(await create("both", { ward: "B", age: 3 }), "security.rights.forbidden");
  assert.equal(await create("two", { ward: "B", age: 54 }), undefined);
  assert.equal(await create("two", { ward: "B", age: 55 }), "security.rights.forbidden");
  assert.equal(await create("ann", { owner: "ann" }), undefined);
  assert.equal(await create("ann", { owner: "bob" }), "security.rights.forbidden");
  assert.equal(await create("ann", { owner: ["bob", "ann"] }), undefined, "an array counts by its elements");
  for (const who of ["ward", "both"])
    assert.equal(await create(who, { ward: "A" }, "b1"), "services.storage.document_already_exists");
});

test("createOrReplace, replace, update, upsert, deleteFields and delete leave hidden documents alone", async () => {
  const before = (await hospital.ask<Written>("free", "get", { _id: "b1" })).result;
  const cases: readonly [string, JSONObject, string][] = [
    ["createOrReplace", { body: { ward: "A" } }, "services.storage.document_already_exists"],
    ["replace", { body: { ward: "A" } }, "services.storage.not_found"],
    ["update", { body: { ward: "A" } }, "services.storage.not_found"],
    ["upsert", { body: { changes: { ward: "A" } } }, "services.storage.document_already_exists"],
    ["deleteFields", { body: { fields: ["age"] } }, "services.storage.not_found"],
    ["delete", {}, "services.storage.not_found"],
    ["bulk:write", { body: { ward: "A" } }, "services.storage.document_already_exists"],
  ];
  for (const [action, request, id] of cases) {
    for (const who of ["ward", "both"]) assert.equal(await errorOf(who, action, { _id: "b1", ...request }), id, action);
  }
  assert.deepEqual((await hospital.ask<Written>("free", "get", { _id: "b1" })).result, before);
});

test("no write moves a document out of what the writer may write", async () => {
  for (const who of ["ward", "both"]) {
    const cases: readonly [string, JSONObject][] = [
      ["createOrReplace", { body: { ...contents.a1, ward: "B" } }],
      ["replace", { body: { ...contents.a1, ward: "B" } }],
      ["update", { body: { ward: "B" } }],
      ["update", { body: { ward: null } }],
      ["upsert", { body: { changes: { ward: "B" } } }],
      ["deleteFields", { body: { fields: ["ward"] } }],
      ["bulk:write", { body: { ...contents.a1, ward: "B" } }],
    ];
    for (const [action, request] of cases) {
      const { error } = await hospital.ask(who, action, { _id: "a1", ...request });
      assert.deepEqual([error?.id, error?.status], ["security.rights.forbidden", 403], `${who} ${action}`);
    }
  }
  assert.equal((await hospital.ask<Written>("free", "get", { _id: "a1" })).result._source.ward, "A");
});

test("fields that may not be written stay as they are, and the others change", async () => {
  for (const who of ["fields", "both"]) {
    const forbidden: readonly [string, JSONObject][] = [
      ["update", { body: { secret: { code: "mine" } } }],
      ["update", { body: { "secret.code": "mine" } }],
      ["update", { body: { name: "other" } }],
      ["replace", { body: { ward: "A", age: 1 } }],
      ["createOrReplace", { body: { ward: "A", age: 1 } }],
      ["upsert", { body: { changes: { diagnosis: "x" } } }],
      ["deleteFields", { body: { fields: ["secret.code"] } }],
      ["deleteFields", { body: { fields: ["name"] } }],
      ["bulk:write", { body: { ...contents.a1, _kuzzle_info: { author: "me" } } }],
    ];
    for (const [action, request] of forbidden)
      assert.equal(await errorOf(who, action, { _id: "a1", ...request }), "security.rights.forbidden", action);
    const { error, result } = await hospital.ask<Written>(who, "update", {
      _id: "a1",
      source: true,
      body: { age: 31, visits: [{ date: "new", notes: "n" }], name: "Ada" },
    });
    assert.equal(error ?? null, null, JSON.stringify(error));
    assertCut(who, result._source);
    const stored = (await hospital.ask<Written>("free", "get", { _id: "a1" })).result._source;
    assert.deepEqual([stored.age, stored.secret], [31, contents.a1?.secret]);
    assert.equal(
      await errorOf(who, "deleteFields", { _id: "a1", body: { fields: ["age", "visits[0].notes"] } }),
      undefined,
    );
    await hospital.reset();
  }
});

test("answers of writes hold readable fields only", async () => {
  const source = { ward: "A", age: 5, visits: [{ date: "d", notes: "n" }] };
  const answers = [
    await hospital.ask<Written>("both", "create", { body: source }),
    await hospital.ask<Written>("both", "createOrReplace", { _id: "n1", body: source }),
    await hospital.ask<Written>("both", "replace", { _id: "n1", body: { ...source, age: 6 } }),
    await hospital.ask<Written>("both", "upsert", { _id: "a1", source: true, body: { changes: { age: 7 } } }),
    await hospital.ask<Written>("both", "deleteFields", { _id: "a1", source: true, body: { fields: ["age"] } }),
    await hospital.ask<Written>("both", "bulk:write", { _id: "n2", body: source }),
    await hospital.ask<Written>("both", "delete", { _id: "a1", source: true }),
  ];
  for (const { error, result } of answers) {
    assert.equal(error ?? null, null, JSON.stringify(error));
    assert.doesNotMatch(JSON.stringify(result), /influenza|alpha|hush|"notes"|_kuzzle_info/);
    assert.match(JSON.stringify(result), /"ward":"A"/);
  }
});

test("multiple writes do what may be done and list the rest, without what is hidden", async () => {
  const documents = [
    { _id: "a1", body: { ward: "A", name: "Ada" } },
    { _id: "b1", body: { ward: "A", name: "stolen" } },
    { _id: "n1", body: { ward: "A" } },
    { _id: "n2", body: { ward: "B" } },
  ];
  const run = async (action: string, body: JSONObject) => {
    const { error, result } = await hospital.ask<Partial>("ward", action, { body });
    assert.equal(error ?? null, null, `${action} ${JSON.stringify(error)}`);
    assert.doesNotMatch(JSON.stringify(result), /plague|gamma/);
    const done = result.successes.map((one) => (typeof one === "string" ? one : one._id)).sort();
    return [done, result.errors.map(({ status }) => status).sort()] as const;
  };
  assert.deepEqual(await run("mCreate", { documents }), [["n1"], [400, 400, 403]]);
  await hospital.reset();
  assert.deepEqual(await run("mCreateOrReplace", { documents }), [
    ["a1", "n1"],
    [400, 403],
  ]);
  await hospital.reset();
  assert.deepEqual(await run("mReplace", { documents }), [["a1"], [404, 404, 404]]);
  await hospital.reset();
  assert.deepEqual(await run("mUpdate", { documents }), [["a1"], [404, 404, 404]]);
  await hospital.reset();
  const upserts = documents.map(({ _id, body }) => ({ _id, changes: body }));
  assert.deepEqual(await run("mUpsert", { documents: upserts }), [
    ["a1", "n1"],
    [400, 403],
  ]);
  await hospital.reset();
  assert.deepEqual(await run("bulk:mWrite", { documents }), [
    ["a1", "n1"],
    [400, 403],
  ]);
  await hospital.reset();
  assert.deepEqual(await run("mDelete", { ids: ["a1", "b1", "ghost"] }), [["a1"], [404, 404]]);
  await hospital.reset();
  const lines = [
    { index: { _id: "b1" } },
    { ward: "A" },
    { update: { _id: "a1" } },
    { doc: { ward: "B" } },
    { update: { _id: "a1" } },
    { doc: { age: 1 } },
    { delete: { _id: "b2" } },
    { create: {} },
    { ward: "A" },
  ];
  const imported = await hospital.ask<{ successes: JSONObject[]; errors: JSONObject[] }>("ward", "bulk:import", {
    body: { bulkData: lines },
  });
  assert.deepEqual(
    imported.result.successes.map((one) => Object.keys(one)[0]),
    ["update", "create"],
  );
  assert.equal(imported.result.errors.length, 3);
  assert.equal((await hospital.ask<{ count: number }>("free", "count", { body: {} })).result.count, 5);
});

test("operations of one request on the same document see what those before them left", async () => {
  const documents = [
    { _id: "x", body: { ward: "A", age: 1 } },
    { _id: "x", body: { ward: "A", age: 2 } },
    { _id: "x", body: { ward: "B", age: 3 } },
    { _id: "x", body: { ward: "A", age: 4 } },
  ];
  const { result } = await hospital.ask<Partial>("ward", "mCreateOrReplace", { body: { documents } });
  assert.deepEqual(
    result.successes.map(({ _version }) => _version),
    [1, 2, 3],
  );
  assert.equal((await hospital.ask<Written>("free", "get", { _id: "x" })).result._source.age, 4);
});

test("by-query actions reach what may be seen, and never by fields that may not be read", async () => {
  const query = { match_all: {} };
  const updated = await hospital.ask<Partial>("ward", "updateByQuery", { body: { query, changes: { age: 1 } } });
  assert.deepEqual(idsIn(updated.result.successes), ["a1", "a2"]);
  const bulk = await hospital.ask("ward", "bulk:updateByQuery", { body: { query, changes: { age: 2 } } });
  assert.equal(bulk.result.updated, 2);
  const byField = { term: { "secret.code": "alpha" } };
  const none = await hospital.ask<Partial>("fields", "updateByQuery", {
    body: { query: byField, changes: { age: 3 } },
  });
  assert.equal(none.result.successes.length, 0);
  const some = await hospital.ask<{ documents: Written[] }>("both", "deleteByQuery", {
    source: true,
    body: { query: { term: { age: 2 } } },
  });
  assert.deepEqual(idsIn(some.result.documents), ["a1", "a2"]);
  for (const { _source } of some.result.documents) assertCut("both", _source);
  await hospital.reset();
  const gone = await hospital.ask("ward", "bulk:deleteByQuery", { body: { query } });
  assert.equal(gone.result.deleted, 2);
  assert.equal((await hospital.ask<{ count: number }>("free", "count", { body: {} })).result.count, 2);
});

test("validate says whether a content is one that the user may write", async () => {
  const validate = async (who: string, body: JSONObject) =>
    (await hospital.ask<{ valid: boolean }>(who, "validate", { body })).result.valid;
  assert.equal(await validate("free", { ward: "B" }), true);
  assert.equal(await validate("ward", { ward: "B" }), false);
  assert.equal(await validate("both", { ward: "A", age: 1 }), true);
  assert.equal(await validate("both", { ward: "A", name: "x" }), false);
});

test("many writers of one document get through a rule without losing a write", async () => {
  await hospital.ask("free", "update", { _id: "a1", body: { tags: { kept: "0" } } });
  const writes = Array.from({ length: 12 }, (_, i) =>
    hospital.ask("ward", "update", { _id: "a1", body: { secret: { [`n${i}`]: i } } }),
  );
  for (const { error } of await Promise.all(writes)) assert.equal(error ?? null, null, JSON.stringify(error));
  const { secret } = (await hospital.ask<Written>("free", "get", { _id: "a1" })).result._source;
  assert.equal(Object.keys(secret as JSONObject).length, 14);
});
