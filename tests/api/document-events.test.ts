/** The pipes on documents: what they are given, and what becomes of what they answer (contract/api/document.yaml, generic_events). */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { http, Line, type Partial, type Written } from "./wire.ts";

const books = { index: "lib", collection: "books" };

interface Seen {
  readonly event: string;
  readonly documents: unknown;
}

let server: TestServer;
let line: Line;
let seen: Seen[] = [];
/** What the next pipe on an event answers, once. */
const answers = new Map<string, (documents: JSONObject[], request: never) => unknown>();

before(async () => {
  server = await startServer({
    data: ":memory:",
    prepare: (backend) => {
      for (const kind of ["Write", "Update", "Delete", "Get"]) {
        for (const side of ["before", "after"]) {
          const event = `generic:document:${side}${kind}`;
          backend.pipe.register(event, async (documents: JSONObject[], request: never) => {
            seen.push({ event: `${side}${kind}`, documents: structuredClone(documents) });
            const answer = answers.get(event);
            answers.delete(event);
            return answer === undefined ? documents : answer(documents, request);
          });
        }
      }
      for (const event of ["document:beforeCreate", "document:afterCreate"]) {
        backend.pipe.register(event, async (request: never) => {
          seen.push({ event, documents: undefined });
          return request;
        });
      }
      backend.pipe.register("generic:document:injectMetadata", async (injection) => {
        seen.push({ event: "inject", documents: Object.keys(injection).sort() });
        const answer = answers.get("inject");
        answers.delete("inject");
        // Answers on purpose what its type forbids.
        return (answer === undefined ? injection : answer(injection as never, undefined as never)) as never;
      });
    },
  });
  line = await Line.open(server);
  const properties = { year: { type: "integer" } };
  await line.result({ controller: "collection", action: "create", ...books, body: { mappings: { properties } } });
});

after(async () => {
  await line?.[Symbol.asyncDispose]();
  await server?.close();
});

beforeEach(async () => {
  await line.result({ controller: "collection", action: "truncate", ...books });
  for (const _id of ["a", "b"])
    await line.result({ controller: "bulk", action: "write", ...books, _id, body: { year: 1 } });
  seen = [];
  answers.clear();
});

const run = <R = Written>(action: string, request: JSONObject = {}) =>
  line.result<R>({ controller: "document", action, ...books, ...request });

/** For each action: its request, what the pipe before is given, and which pipes run. */
const actions: readonly [action: string, request: JSONObject, before: unknown, events: string][] = [
  [
    "create",
    { _id: "n", body: { x: 1 } },
    [{ _id: "n", _source: { x: 1 } }],
    "beforeWrite document:beforeCreate inject document:afterCreate afterWrite",
  ],
  [
    "create",
    { body: { x: 1 } },
    [{ _id: null, _source: { x: 1 } }],
    "beforeWrite document:beforeCreate inject document:afterCreate afterWrite",
  ],
  ["createOrReplace", { _id: "n", body: { x: 1 } }, [{ _id: "n", _source: { x: 1 } }], "beforeWrite inject afterWrite"],
  ["replace", { _id: "a", body: { x: 1 } }, [{ _id: "a", _source: { x: 1 } }], "beforeWrite inject afterWrite"],
  ["update", { _id: "a", body: { x: 1 } }, [{ _id: "a", _source: { x: 1 } }], "beforeUpdate inject afterUpdate"],
  [
    "upsert",
    { _id: "a", body: { changes: { x: 1 } } },
    [{ _id: "a", _source: { x: 1 } }],
    "beforeUpdate inject afterUpdate",
  ],
  [
    "deleteFields",
    { _id: "a", body: { fields: ["year"] } },
    [{ _id: "a", _source: ["year"] }],
    "beforeUpdate afterUpdate",
  ],
  ["delete", { _id: "a" }, [{ _id: "a" }], "beforeDelete afterDelete"],
  ["get", { _id: "a" }, [{ _id: "a" }], "beforeGet afterGet"],
  ["exists", { _id: "a" }, [{ _id: "a" }], "beforeGet afterGet"],
  ["mGet", { body: { ids: ["a", "x"] } }, [{ _id: "a" }, { _id: "x" }], "beforeGet afterGet"],
  ["mGet", { ids: "a,x" }, [{ _id: "a" }, { _id: "x" }], "beforeGet afterGet"],
  ["mExists", { body: { ids: ["a"] } }, [{ _id: "a" }], "beforeGet afterGet"],
  ["mDelete", { body: { ids: ["a"] } }, [{ _id: "a" }], "beforeDelete afterDelete"],
  [
    "mCreate",
    { body: { documents: [{ _id: "n", body: { x: 1 } }] } },
    [{ _id: "n", _source: { x: 1 } }],
    "beforeWrite afterWrite",
  ],
  [
    "mCreateOrReplace",
    { body: { documents: [{ _id: "n", body: { x: 1 } }] } },
    [{ _id: "n", _source: { x: 1 } }],
    "beforeWrite afterWrite",
  ],
  [
    "mReplace",
    { body: { documents: [{ _id: "a", body: { x: 1 } }] } },
    [{ _id: "a", _source: { x: 1 } }],
    "beforeWrite afterWrite",
  ],
  [
    "mUpdate",
    { body: { documents: [{ _id: "a", body: { x: 1 } }] } },
    [{ _id: "a", _source: { x: 1 } }],
    "beforeUpdate afterUpdate",
  ],
  [
    "mUpsert",
    { body: { documents: [{ _id: "a", changes: { x: 1 } }] } },
    [{ _id: "a", _source: { x: 1 } }],
    "beforeUpdate afterUpdate",
  ],
  ["search", {}, undefined, "afterGet"],
  ["deleteByQuery", { body: { query: {} } }, undefined, "afterDelete"],
  ["updateByQuery", { body: { query: {}, changes: { x: 1 } } }, undefined, "afterUpdate"],
  ["count", {}, undefined, ""],
  ["validate", { body: {} }, undefined, ""],
];

for (const [action, request, before, events] of actions) {
  test(`${action} ${JSON.stringify(request)} tells the pipes: ${events || "nothing"}`, async () => {
    const result = await run<Written & Partial & { hits?: unknown; documents?: unknown }>(action, request);
    assert.deepEqual(seen.map(({ event }) => event).join(" "), events);
    if (before !== undefined) assert.deepEqual(seen[0]?.documents, before);
    if (events === "") return;
    const told = seen.at(-1)?.documents;
    if (action === "mExists" || action === "mDelete") {
      const { successes } = result as unknown as { successes: string[] };
      assert.deepEqual(
        told,
        successes.map((_id) => ({ _id })),
      );
    } else if (action !== "exists")
      assert.deepEqual(told, result.successes ?? result.hits ?? result.documents ?? [result]);
  });
}

test("what a pipe before answers is what is written", async () => {
  answers.set("generic:document:beforeWrite", () => [{ _id: "other", _source: { piped: true } }]);
  const created = await run("create", { _id: "n", body: { x: 1 } });
  assert.deepEqual([created._id, created._source.piped, created._source.x], ["other", true, undefined]);

  answers.set("generic:document:beforeUpdate", (documents) =>
    documents.map((one) => ({ ...one, _source: { piped: 1 } })),
  );
  await run("upsert", { _id: "up", body: { changes: { x: 1 }, default: { d: 1 } } });
  const { _kuzzle_info: _, ...upserted } = (await run("get", { _id: "up" }))._source;
  assert.deepEqual(upserted, { piped: 1, d: 1 });

  answers.set("generic:document:beforeUpdate", () => [{ _id: "a", _source: ["year"] }]);
  await run("deleteFields", { _id: "a", body: { fields: ["nothing"] } });
  assert.equal((await run("get", { _id: "a" }))._source.year, undefined);

  answers.set("generic:document:beforeWrite", (documents) => documents.slice(1));
  const documents = [
    { _id: "m1", body: {} },
    { _id: "m2", body: { x: 1 }, more: 1 },
  ];
  const { successes } = await run<Partial>("mCreate", { body: { documents } });
  assert.deepEqual(
    successes.map(({ _id }) => _id),
    ["m2"],
  );

  answers.set("generic:document:beforeUpdate", (documents) =>
    documents.map((one) => ({ ...one, _source: { piped: 1 } })),
  );
  const upserts = [{ _id: "m3", changes: { x: 1 }, default: { d: 1 } }];
  const done = await run<Partial>("mUpsert", { body: { documents: upserts } });
  assert.deepEqual([done.successes[0]?._source.piped, done.successes[0]?._source.d], [1, 1]);

  answers.set("generic:document:beforeGet", () => [{ _id: "b" }]);
  const found = await run<Partial>("mGet", { ids: "a" });
  assert.deepEqual(
    found.successes.map(({ _id }) => _id),
    ["b"],
  );
});

test("what a pipe after answers is what the client gets", async () => {
  answers.set("generic:document:afterGet", ([document]) => [{ ...document, _source: { hidden: true } }]);
  assert.deepEqual((await run("get", { _id: "a" }))._source, { hidden: true });
  answers.set("generic:document:afterGet", () => []);
  assert.deepEqual(await run("mExists", { body: { ids: ["a", "x"] } }), { successes: [], errors: ["x"] });
  answers.set("generic:document:afterGet", (hits) => hits.slice(0, 1));
  const page = await run<{ hits: unknown[]; total: number }>("search");
  assert.deepEqual([page.hits.length, page.total], [1, 2]);
});

test("a pipe that answers no documents, or fails, fails the request", async () => {
  answers.set("generic:document:beforeWrite", () => undefined);
  const nothing = await line.ask({ controller: "document", action: "create", ...books, _id: "n", body: {} });
  assert.equal(nothing.status, 500);
  answers.set("generic:document:beforeWrite", () => {
    throw new Error("not with me");
  });
  const failed = await line.ask({ controller: "document", action: "create", ...books, _id: "n", body: {} });
  assert.deepEqual([failed.status, failed.error?.id], [500, "plugin.runtime.unexpected_error"]);
  assert.equal(await run("exists", { _id: "n" }), false);
});

test("injectMetadata may change and extend the metadata, and is given the defaults by upsert only", async () => {
  const extend = (injection: JSONObject) => ({
    ...injection,
    metadata: { ...(injection.metadata as object), more: 1 },
  });
  for (const [action, body] of [
    ["create", {}],
    ["createOrReplace", {}],
    ["replace", {}],
    ["update", {}],
    ["upsert", { changes: {} }],
  ] as const) {
    seen = [];
    answers.set("inject", extend as never);
    await run(action, { _id: action === "create" ? "n" : "a", body });
    const { _source } = await run("get", { _id: action === "create" ? "n" : "a" });
    assert.equal((_source._kuzzle_info as JSONObject).more, 1, action);
    const given = seen.find(({ event }) => event === "inject")?.documents;
    assert.deepEqual(given, action === "upsert" ? ["defaultMetadata", "metadata", "request"] : ["metadata", "request"]);
  }
});

test("ids in a query string pass through the pipes too", async () => {
  const { result } = await http<Partial>(server, "GET", "/lib/books/_mGet?ids=a,b");
  assert.deepEqual(
    result.successes.map(({ _id }) => _id),
    ["a", "b"],
  );
  assert.deepEqual(seen[0]?.documents, [{ _id: "a" }, { _id: "b" }]);
});

test("malformed payloads are the client's mistake, also when pipes listen", async () => {
  const payloads: readonly [action: string, body: unknown][] = [
    ["mCreate", {}],
    ["mCreate", { documents: [null, 3, []] }],
    ["mUpsert", { documents: "x" }],
    ["mUpdate", { documents: [null] }],
    ["mGet", { ids: "a,b" }],
    ["mDelete", { ids: "a" }],
    ["upsert", { changes: null }],
    ["deleteFields", { fields: null }],
    ["create", []],
    ["update", [1]],
  ];
  for (const [action, body] of payloads) {
    const { status, error } = await line.ask({ controller: "document", action, ...books, _id: "a", body });
    assert.ok(status < 500, `${action} ${JSON.stringify(body)}: ${status} ${error?.message}`);
  }
});
