/** Every error that the contract lists for an action of these controllers, with the request that causes it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "yaml";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { Line } from "./wire.ts";

const contract = join(import.meta.dirname, "../../contract/api");

let server: TestServer;
let line: Line;

before(async () => {
  server = await startServer({
    data: ":memory:",
    config: {
      "limits.documentsWriteCount": 2,
      "limits.documentsFetchCount": 10,
      "limits.subscriptionConditionsCount": 3,
      "limits.subscriptionRooms": 1,
      "stats.enabled": false,
    },
  });
  line = await Line.open(server);
  await line.result({ controller: "index", action: "create", index: "lib" });
  const create = { controller: "collection", action: "create", index: "lib" };
  const properties = { title: { type: "text" }, year: { type: "integer" }, tag: { type: "keyword" } };
  await line.result({ ...create, collection: "books", body: { mappings: { properties } } });
  await line.result({ ...create, collection: "strict", body: { mappings: { dynamic: "strict", properties } } });
  await line.result({ ...create, collection: "many" });
  await line.result({ ...create, collection: "checked" });
  const specification = { strict: true, fields: { year: { type: "integer" } } };
  await line.result({
    controller: "collection",
    action: "updateSpecifications",
    index: "lib",
    collection: "checked",
    body: specification,
  });
  const write = { controller: "bulk", action: "write", index: "lib" };
  for (const collection of ["books", "strict", "checked"]) {
    await line.result({ ...write, collection, _id: "a", body: { year: 1969 } });
  }
  for (const id of ["1", "2", "3"]) await line.result({ ...write, collection: "many", _id: id, body: { year: 1 } });
  await line.result({ controller: "realtime", action: "subscribe", index: "lib", collection: "books", body: {} });
});

after(async () => {
  await line?.[Symbol.asyncDispose]();
  await server?.close();
});

/** `[error id, what differs from a good request]`; undefined takes a member away. */
type Case = readonly [id: string, change: JSONObject];

const missing = "api.assert.missing_argument";
const wrongType = "api.assert.invalid_type";
const noBody = "api.assert.body_required";
const storage = (name: string): string => `services.storage.${name}`;

const place: readonly Case[] = [
  [missing, { index: undefined }],
  [missing, { index: "" }],
  [missing, { collection: undefined }],
  [missing, { collection: null }],
];
const existence: readonly Case[] = [
  [storage("unknown_index"), { index: "nowhere" }],
  [storage("unknown_index"), { index: "kuzzle", collection: "users" }],
  [storage("unknown_collection"), { collection: "nowhere" }],
];
const target = [...place, ...existence];
const id: readonly Case[] = [
  [missing, { _id: undefined }],
  [missing, { _id: "" }],
  [missing, { _id: null }],
  [wrongType, { _id: 42 }],
];
const refresh: readonly Case[] = [
  [wrongType, { refresh: true }],
  [wrongType, { refresh: null }],
  [storage("invalid_argument"), { refresh: "now" }],
];
const flags = (...names: readonly string[]): readonly Case[] =>
  names.flatMap((name): Case[] => [
    [wrongType, { [name]: "true" }],
    [wrongType, { [name]: 1 }],
  ]);
const content: readonly Case[] = [[noBody, { body: undefined }]];
const specification: readonly Case[] = [
  ["validation.check.failed_field", { collection: "checked", body: { year: "x" } }],
  ["validation.check.failed_document", { collection: "checked", body: { year: 1, other: 1 } }],
];
const strictMapping: readonly Case[] = [
  [storage("strict_mapping_rejection"), { collection: "strict", body: { unknown: 1 } }],
];
const badValue: readonly Case[] = [[storage("unexpected_bad_request"), { body: { year: "not a year" } }]];
const routing: readonly Case[] = [[storage("no_routing"), { body: { _routing: "x" } }]];
const many: readonly Case[] = [
  ...content,
  [missing, { body: {} }],
  [wrongType, { body: { documents: "all" } }],
  [wrongType, { body: { documents: { _id: "a" } } }],
  [storage("write_limit_exceeded"), { body: { documents: [{ body: {} }, { body: {} }, { body: {} }] } }],
  ["api.process.incomplete_multiple_request", { strict: true, body: { documents: [{ _id: "a", body: 3 }] } }],
];
const query = (holder: (query: unknown) => JSONObject): readonly Case[] => [
  [wrongType, holder([])],
  [wrongType, holder("x")],
  [storage("invalid_query_keyword"), holder({ bool: { filter: [{ script: { source: "1" } }] } })],
  [storage("invalid_query_keyword"), holder({ script: "x" })],
  [storage("unknown_query_keyword"), holder({ nonsense: {} })],
  [storage("unknown_query_keyword"), holder({ term: 3 })],
  [storage("unexpected_bad_request"), holder({ range: { year: { gte: "not a year" } } })],
];
const koncorde = (holder: (query: unknown) => JSONObject): readonly Case[] => [
  ["api.assert.invalid_argument", { lang: "sql" }],
  ["api.assert.koncorde_restricted_keyword", { lang: "koncorde", ...holder({ and: [{ bool: {} }] }) }],
  ["services.koncorde.elastic_translation_error", { lang: "koncorde", ...holder({ exists: "tags[x" }) }],
];
const inBody = (query: unknown): JSONObject => ({ body: { query } });
const withChanges = (query: unknown): JSONObject => ({ body: { query, changes: { year: 2 } } });
const ids: readonly Case[] = [
  [storage("get_limit_exceeded"), { body: { ids: Array.from({ length: 11 }, String) } }],
  [wrongType, { body: undefined, ids: 42 }],
  [wrongType, { body: { ids: [{}] } }],
  ["api.process.incomplete_multiple_request", { strict: true, body: { ids: ["a", "nobody"] } }],
];
const mappings = (holder: (mappings: JSONObject) => JSONObject): readonly Case[] => [
  [storage("invalid_mapping"), holder({ nonsense: {} })],
  [storage("invalid_mapping"), holder({ properties: { a: { properties: {}, nonsense: 1 } } })],
  [storage("invalid_mapping"), holder({ dynamic: "sometimes" })],
  [storage("invalid_mapping"), holder({ properties: { a: { dynamic: 3, properties: {} } } })],
  [storage("cannot_change_mapping"), holder({ properties: { year: { type: "keyword" } } })],
  [storage("invalid_mapping_type"), holder({ properties: { a: { type: "nonsense" } } })],
  [storage("unexpected_properties"), holder({ properties: { a: { type: "integer", analyzer: "standard" } } })],
  [storage("wrong_mapping_property"), holder({ properties: { a: { type: "keyword", ignore_above: "many" } } })],
  [storage("wrong_mapping_property"), holder({ properties: { a: { type: "text", analyzer: "nobody" } } })],
];
const staticSetting: Case = [storage("unexpected_bad_request"), { body: { settings: { number_of_shards: 5 } } }];
const inMappings = (mappings: JSONObject): JSONObject => ({ body: { mappings } });
const room: readonly Case[] = [...content, [missing, { body: {} }], [wrongType, { body: { roomId: 42 } }]];
const options: readonly Case[] = [
  ["core.realtime.invalid_scope", { scope: "both" }],
  ["core.realtime.invalid_scope", { scope: null }],
  ["core.realtime.invalid_users", { users: "some" }],
  ["core.realtime.invalid_users", { users: null }],
];
const scrolls: readonly Case[] = [
  [wrongType, { scroll: 42 }],
  [storage("scroll_duration_too_great"), { scroll: "2m" }],
];
const pages: readonly Case[] = [
  [wrongType, { from: "x" }],
  [wrongType, { size: 1.5 }],
  [wrongType, { size: null }],
];

const books = { index: "lib", collection: "books" };

/** For each action a request that is good, and all that can be wrong with it. */
const refused: Readonly<Record<string, { readonly good: JSONObject; readonly cases: readonly Case[] }>> = {
  "document:count": {
    good: { ...books, body: {} },
    cases: [
      ...target,
      ...pages,
      [wrongType, { scroll: 42 }],
      ...query(inBody),
      ...koncorde(inBody),
      [storage("invalid_search_query"), { body: { nonsense: 1 } }],
    ],
  },
  "document:create": {
    good: { ...books, body: { year: 1 } },
    cases: [
      ...target,
      ...content,
      ...flags("silent"),
      ...specification,
      ...strictMapping,
      ...routing,
      ...badValue,
      [wrongType, { _id: 42 }],
      [storage("document_already_exists"), { _id: "a" }],
      [storage("unexpected_bad_request"), { body: { _id: "x" } }],
    ],
  },
  "document:createOrReplace": {
    good: { ...books, _id: "a", body: { year: 1 } },
    cases: [
      ...id,
      ...target,
      ...content,
      ...flags("silent"),
      ...refresh,
      ...specification,
      ...strictMapping,
      ...routing,
      ...badValue,
    ],
  },
  "document:delete": {
    good: { ...books, _id: "a" },
    cases: [
      ...id,
      ...target,
      ...flags("silent", "source"),
      ...refresh,
      [storage("not_found"), { _id: "nobody" }],
      [storage("search_as_an_id"), { _id: "_search" }],
    ],
  },
  "document:deleteByQuery": {
    good: { ...books, body: { query: {} } },
    cases: [
      ...target,
      ...flags("silent", "source"),
      [wrongType, { refresh: 3 }],
      ...query(inBody),
      ...koncorde(inBody),
      [storage("write_limit_exceeded"), { collection: "many" }],
    ],
  },
  "document:deleteFields": {
    good: { ...books, _id: "a", body: { fields: ["year"] } },
    cases: [
      ...id,
      ...target,
      ...content,
      ...flags("silent", "source"),
      ...refresh,
      [missing, { body: {} }],
      [wrongType, { body: { fields: "year" } }],
      [wrongType, { body: { fields: [42] } }],
      [storage("not_found"), { _id: "nobody" }],
    ],
  },
  "document:exists": { good: { ...books, _id: "a" }, cases: [...id, ...target] },
  "document:export": {
    good: { ...books, body: {} },
    cases: [
      ...place,
      [wrongType, { format: 42 }],
      [wrongType, { body: { query: [] } }],
      [wrongType, { body: { fields: "year" } }],
      ...koncorde(inBody),
      ["api.assert.unsupported_protocol", {}],
    ],
  },
  "document:get": {
    good: { ...books, _id: "a" },
    cases: [
      ...id,
      ...target,
      [storage("not_found"), { _id: "nobody" }],
      [storage("search_as_an_id"), { _id: "_search" }],
    ],
  },
  "document:mCreate": {
    good: { ...books, body: { documents: [{ body: {} }] } },
    cases: [...target, ...many, ...flags("strict", "silent"), ...refresh],
  },
  "document:mCreateOrReplace": {
    good: { ...books, body: { documents: [{ body: {} }] } },
    cases: [...target, ...many, ...flags("strict", "silent"), [wrongType, { source: "yes" }], ...refresh],
  },
  "document:mReplace": {
    good: { ...books, body: { documents: [{ _id: "a", body: {} }] } },
    cases: [...target, ...many, ...flags("strict", "silent"), ...refresh],
  },
  "document:mUpdate": {
    good: { ...books, body: { documents: [{ _id: "a", body: {} }] } },
    cases: [...target, ...many, ...flags("strict", "silent"), ...refresh, [wrongType, { retryOnConflict: "x" }]],
  },
  "document:mUpsert": {
    good: { ...books, body: { documents: [{ _id: "a", changes: {} }] } },
    cases: [...target, ...many, ...flags("strict", "silent"), ...refresh, [wrongType, { retryOnConflict: "x" }]],
  },
  "document:mDelete": {
    good: { ...books, body: { ids: ["nobody"] } },
    cases: [
      ...target,
      ...content,
      ...flags("strict", "silent"),
      [wrongType, { refresh: true }],
      [missing, { body: {} }],
      [wrongType, { body: { ids: "a" } }],
      [storage("write_limit_exceeded"), { collection: "many", body: { ids: ["1", "2", "3"] } }],
      ["api.process.incomplete_multiple_request", { strict: true }],
    ],
  },
  "document:mExists": { good: { ...books, body: { ids: ["a"] } }, cases: [...target, ...ids, ...flags("strict")] },
  "document:mGet": { good: { ...books, body: { ids: ["a"] } }, cases: [...target, ...ids, ...flags("strict")] },
  "document:replace": {
    good: { ...books, _id: "a", body: { year: 1 } },
    cases: [
      ...id,
      ...target,
      ...content,
      ...flags("silent"),
      ...refresh,
      ...specification,
      ...strictMapping,
      ...badValue,
      [storage("not_found"), { _id: "nobody" }],
      // The content is judged before the document is looked for.
      ["validation.check.failed_field", { _id: "nobody", collection: "checked", body: { year: "x" } }],
    ],
  },
  "document:scroll": {
    good: { scrollId: "nobody" },
    cases: [
      [missing, { scrollId: undefined }],
      [wrongType, { scrollId: 42 }],
      ...scrolls,
      [storage("unknown_scroll_id"), {}],
    ],
  },
  "document:search": {
    good: { ...books, body: {} },
    cases: [
      ...target,
      ...pages,
      ...scrolls,
      ...query(inBody),
      ...koncorde(inBody),
      [missing, { index: undefined, collection: undefined }],
      ["api.assert.mutually_exclusive", { targets: [{ index: "lib", collections: ["books"] }] }],
      ["api.assert.mutually_exclusive", { index: undefined, targets: [{ index: "lib", collections: ["books"] }] }],
      [wrongType, { targets: "lib" }],
      [wrongType, { index: undefined, collection: undefined, targets: ["lib"] }],
      [missing, { index: undefined, collection: undefined, targets: [{ collections: ["books"] }] }],
      [missing, { index: undefined, collection: undefined, targets: [{ index: "lib" }] }],
      [wrongType, { index: undefined, collection: undefined, targets: [{ index: "lib", collections: "books" }] }],
      [
        "api.assert.empty_argument",
        { index: undefined, collection: undefined, targets: [{ index: "lib", collections: [] }] },
      ],
      [
        storage("invalid_target_format"),
        { index: undefined, collection: undefined, targets: [{ index: "li+", collections: ["books"] }] },
      ],
      [
        storage("unknown_collection"),
        { index: undefined, collection: undefined, targets: [{ index: "lib", collections: ["books", "nowhere"] }] },
      ],
      [storage("invalid_multi_index_collection_usage"), { index: "lib,other" }],
      [storage("invalid_multi_index_collection_usage"), { collection: "_all" }],
      [storage("get_limit_exceeded"), { size: 11 }],
      [storage("unexpected_bad_request"), { from: 9_999, size: 10 }],
      [storage("invalid_search_query"), { body: { script_fields: {} } }],
      [storage("unexpected_bad_request"), { body: { sort: "title" } }],
    ],
  },
  "document:update": {
    good: { ...books, _id: "a", body: { year: 1 } },
    cases: [
      ...id,
      ...target,
      ...content,
      ...flags("silent", "source"),
      ...refresh,
      ...specification,
      ...strictMapping,
      ...badValue,
      [storage("not_found"), { _id: "nobody" }],
      // The document is fetched before the content is judged.
      [storage("not_found"), { _id: "nobody", collection: "checked", body: { year: "x" } }],
    ],
  },
  "document:updateByQuery": {
    good: { ...books, body: { query: {}, changes: { year: 1 } } },
    cases: [
      ...target,
      ...content,
      ...flags("silent", "source"),
      ...refresh,
      ...query(withChanges),
      ...koncorde(withChanges),
      [missing, { body: { query: {} } }],
      [missing, { body: { changes: {} } }],
      [wrongType, { body: { query: {}, changes: [] } }],
      [storage("write_limit_exceeded"), { collection: "many" }],
    ],
  },
  "document:upsert": {
    good: { ...books, _id: "a", body: { changes: { year: 1 } } },
    cases: [
      ...id,
      ...target,
      ...content,
      ...flags("silent", "source"),
      ...refresh,
      [missing, { body: {} }],
      [wrongType, { body: { changes: [] } }],
      [wrongType, { body: { changes: {}, default: 3 } }],
      [storage("strict_mapping_rejection"), { collection: "strict", body: { changes: { unknown: 1 } } }],
      [storage("unexpected_bad_request"), { body: { changes: { year: "not a year" } } }],
    ],
  },
  "document:validate": { good: { ...books, body: {} }, cases: [...place, ...content] },

  "index:create": {
    good: { index: "fresh" },
    cases: [
      [missing, { index: undefined }],
      [storage("index_already_exists"), { index: "lib" }],
      [storage("index_already_exists"), { index: "kuzzle" }],
      [storage("invalid_index_name"), { index: "Lib" }],
      [storage("invalid_index_name"), { index: "_all" }],
      [storage("invalid_index_name"), { index: "a/b" }],
      [storage("invalid_index_name"), { index: "é".repeat(64) }],
    ],
  },
  "index:delete": {
    good: { index: "lib" },
    cases: [
      [missing, { index: undefined }],
      [storage("unknown_index"), { index: "nowhere" }],
      [storage("unknown_index"), { index: "kuzzle" }],
    ],
  },
  "index:exists": { good: { index: "lib" }, cases: [[missing, { index: undefined }]] },
  "index:list": { good: {}, cases: flags("countCollection") },
  "index:mDelete": { good: {}, cases: [[wrongType, { body: { indexes: "lib" } }]] },
  "index:stats": { good: {}, cases: [] },

  "collection:create": {
    good: { ...books, body: {} },
    cases: [
      ...place,
      ...mappings(inMappings),
      staticSetting,
      [storage("invalid_index_name"), { index: "Lib" }],
      [storage("invalid_collection_name"), { collection: "Books" }],
      [storage("invalid_collection_name"), { collection: "a.b" }],
      [storage("collection_reserved"), { collection: "_kuzzle_keep" }],
      [storage("index_already_exists"), { index: "kuzzle" }],
      // The order of the checks: index name, collection name.
      [storage("invalid_index_name"), { index: "Lib", collection: "Books" }],
      [storage("invalid_collection_name"), { collection: "Books", body: { mappings: { dynamic: 1 } } }],
      [storage("invalid_mapping"), { collection: "new", body: { mappings: { nonsense: 1 } } }],
      [
        storage("invalid_mapping_type"),
        { collection: "new", body: { mappings: { properties: { a: { type: "x" } } } } },
      ],
    ],
  },
  "collection:update": { good: { ...books, body: {} }, cases: [...target, ...mappings(inMappings), staticSetting] },
  "collection:updateMapping": {
    good: { ...books, body: {} },
    cases: [...target, ...content, ...mappings((body) => ({ body }))],
  },
  "collection:delete": { good: books, cases: target },
  "collection:exists": { good: books, cases: place },
  "collection:getMapping": { good: books, cases: [...target, ...flags("includeKuzzleMeta")] },
  "collection:getSettings": { good: books, cases: target },
  "collection:list": {
    good: { index: "lib" },
    cases: [
      [missing, { index: undefined }],
      [wrongType, { from: "x" }],
      [wrongType, { size: 1.5 }],
      [wrongType, { type: 3 }],
      ["api.assert.invalid_argument", { type: "some" }],
      [storage("unknown_index"), { index: "nowhere" }],
      [storage("unknown_index"), { index: "nowhere", type: "stored" }],
    ],
  },
  "collection:refresh": { good: books, cases: target },
  "collection:truncate": { good: books, cases: target },

  "bulk:deleteByQuery": {
    good: { ...books, body: { query: {} } },
    cases: [...target, ...content, [missing, { body: {} }], ...query(inBody)],
  },
  "bulk:import": {
    good: { ...books, body: { bulkData: [] } },
    cases: [
      ...target,
      ...content,
      ...flags("strict"),
      [missing, { body: {} }],
      [wrongType, { body: { bulkData: {} } }],
      [
        storage("invalid_query_keyword"),
        { body: { bulkData: [{ update: { _id: "a" } }, { script: { source: "1" } }] } },
      ],
      [storage("unexpected_bad_request"), { body: { bulkData: [{ index: {} }] } }],
      [storage("unexpected_bad_request"), { body: { bulkData: [{ year: 1 }] } }],
      [storage("unexpected_bad_request"), { body: { bulkData: [null] } }],
      [storage("unexpected_bad_request"), { body: { bulkData: [{ index: null }, {}] } }],
      [
        "api.process.incomplete_multiple_request",
        { strict: true, body: { bulkData: [{ delete: { _id: "nobody" } }] } },
      ],
    ],
  },
  "bulk:mWrite": {
    good: { ...books, body: { documents: [] } },
    cases: [
      ...target,
      ...content,
      ...flags("strict", "notify"),
      [missing, { body: {} }],
      [wrongType, { body: { documents: {} } }],
      ["api.process.incomplete_multiple_request", { strict: true, body: { documents: [{ body: 3 }] } }],
    ],
  },
  "bulk:updateByQuery": {
    good: { ...books, body: { query: {}, changes: { year: 1 } } },
    cases: [
      ...target,
      ...content,
      ...query(withChanges),
      [missing, { body: { query: {} } }],
      [missing, { body: { changes: {} } }],
      [wrongType, { body: { query: {}, changes: [] } }],
      [storage("incomplete_update"), { body: { query: {}, changes: { year: "not a year" } } }],
    ],
  },
  "bulk:write": {
    good: { ...books, body: { year: 1 } },
    cases: [...target, ...content, ...flags("notify"), [wrongType, { _id: 42 }], ...strictMapping, ...badValue],
  },

  "realtime:count": { good: { body: { roomId: "x" } }, cases: room },
  "realtime:join": {
    good: { body: { roomId: "x" } },
    cases: [...room, ...options, ["core.realtime.room_not_found", {}]],
  },
  "realtime:list": { good: {}, cases: [] },
  "realtime:publish": {
    good: { ...books, body: { year: 1 } },
    cases: [...place, ...content, ...specification],
  },
  "realtime:subscribe": {
    good: { ...books, body: { exists: "elsewhere" } },
    cases: [
      ...place,
      ...content,
      ...options,
      ["api.assert.koncorde_dsl_error", { body: { nonsense: {} } }],
      ["api.assert.koncorde_dsl_error", { body: { or: ["a", "b", "c", "d"].map((exists) => ({ exists })) } }],
      ["core.realtime.too_many_rooms", {}],
    ],
  },
  "realtime:unsubscribe": {
    good: { body: { roomId: "x" } },
    cases: [...room, ["core.realtime.not_subscribed", {}]],
  },
  "realtime:validate": { good: { ...books, body: {} }, cases: [...place, ...content] },

  "server:adminExists": { good: {}, cases: [] },
  "server:capabilities": { good: {}, cases: [] },
  "server:getAllStats": { good: {}, cases: [["services.statistics.not_available", {}]] },
  "server:getConfig": { good: {}, cases: [] },
  "server:getLastStats": { good: {}, cases: [["services.statistics.not_available", {}]] },
  "server:getStats": { good: {}, cases: [["services.statistics.not_available", {}]] },
  "server:healthCheck": { good: {}, cases: [] },
  "server:info": { good: {}, cases: [] },
  "server:metrics": { good: {}, cases: [] },
  "server:now": { good: {}, cases: [] },
  "server:openapi": {
    good: {},
    cases: [
      [wrongType, { format: 3 }],
      [wrongType, { scope: 3 }],
      ["api.assert.unexpected_argument", { scope: "other" }],
    ],
  },
  "server:publicApi": { good: {}, cases: [] },
};

/** What the contract lists and no request here can cause, with the reason. */
const elsewhere: Readonly<Record<string, string>> = {
  "document:update services.storage.too_many_changes":
    "needs a conflict in the middle of a write; the store's tests have it",
  "document:upsert services.storage.too_many_changes": "idem",
  "document:mCreate api.assert.unexpected_argument": "for calls of the embedded SDK",
  "document:mCreateOrReplace api.assert.unexpected_argument": "idem",
  "document:mReplace api.assert.unexpected_argument": "idem",
  "document:mUpdate api.assert.unexpected_argument": "idem",
  "document:mExists api.assert.missing_argument": "only index and collection, which are there",
  "collection:getMapping services.storage.unknown_index_collection": "a storage that changes behind our back",
  "collection:getMapping services.storage.multiple_indice_alias": "idem",
  "collection:getSettings services.storage.unknown_index_collection": "idem",
  "collection:updateMapping services.storage.unexpected_bad_request": "each wrong mapping has an error of its own",
  "bulk:mWrite services.storage.unexpected_bad_request": "per document, in its entry of errors",
  "realtime:join core.realtime.too_many_rooms": "for rooms of other nodes",
  "server:getStats api.assert.invalid_argument": "with statistics on: server.test.ts",
  "server:healthCheck core.fatal.service_unavailable": "needs a broken service",
};

for (const [name, { good, cases }] of Object.entries(refused)) {
  if (cases.length === 0) continue;
  test(`${name} refuses ${cases.length} requests as the contract says`, async () => {
    const [controller, action] = name.split(":");
    const wrong: unknown[] = [];
    for (const [expected, change] of cases) {
      const request = { controller, action, ...good, ...change };
      const { error, status } = await line.ask(request);
      if (error?.id !== expected || error.status !== status || error.status !== statuses.get(expected)) {
        wrong.push({
          change,
          expected,
          got: error === null ? "no error" : `${error.status} ${error.id}: ${error.message}`,
        });
      }
    }
    assert.deepEqual(wrong, []);
  });
}

const statuses: ReadonlyMap<string, number> = new Map(
  (JSON.parse(readFileSync(join(contract, "../errors.json"), "utf8")) as readonly { id: string; status: number }[]).map(
    ({ id, status }) => [id, status],
  ),
);

test("every error that the contract lists has a request here that causes it, or a reason why not", () => {
  const uncovered: string[] = [];
  for (const controller of ["document", "index", "collection", "bulk", "realtime", "server"]) {
    const page = parse(readFileSync(join(contract, `${controller}.yaml`), "utf8")) as {
      readonly actions: readonly { readonly name: string; readonly errors: readonly { readonly id: string }[] }[];
    };
    for (const { name, errors } of page.actions) {
      if (name.endsWith("pecifications")) continue; // tests of their own
      const key = `${controller}:${name}`;
      const covered = new Set(refused[key]?.cases.map(([id]) => id));
      if (refused[key] === undefined) uncovered.push(key);
      for (const { id } of errors) {
        if (!covered.has(id) && elsewhere[`${key} ${id}`] === undefined) uncovered.push(`${key} ${id}`);
      }
    }
  }
  assert.deepEqual(uncovered, []);
});

test("over HTTP a flag is true when it is present, whatever its value, also in a payload of _query", async () => {
  const { error } = await line.ask({ controller: "document", action: "delete", ...books, _id: "a", source: "false" });
  assert.equal(error?.id, wrongType);
  for (const path of ["silent=false&source=false", "source"]) {
    await line.result({ controller: "bulk", action: "write", ...books, _id: "flag", body: { year: 7 } });
    const response = await fetch(`${server.url}/lib/books/flag?${path}`, { method: "DELETE" });
    const { result } = (await response.json()) as { result: JSONObject };
    assert.deepEqual(result, { _id: "flag", _source: { year: 7 }, _version: result._version });
  }
  await line.result({ controller: "bulk", action: "write", ...books, _id: "flag", body: { year: 7 } });
  const response = await fetch(`${server.url}/_query`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ controller: "document", action: "delete", ...books, _id: "flag", source: false }),
  });
  const { result } = (await response.json()) as { result: JSONObject };
  assert.deepEqual(result._source, { year: 7 });
});
