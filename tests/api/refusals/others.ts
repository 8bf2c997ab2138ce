/** Everything that the actions of indexes, collections, bulk, realtime and the server refuse. */
import {
  badValue,
  books,
  content,
  flags,
  inBody,
  inMappings,
  mappings,
  missing,
  options,
  place,
  query,
  type Refusals,
  room,
  specification,
  staticSetting,
  storage,
  strictMapping,
  target,
  withChanges,
  wrongType,
} from "./cases.ts";

export const otherRefusals: Refusals = {
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
      ...[{ upsert: "x" }, { upsert: null }, { doc_as_upsert: "yes" }].map(
        (odd) =>
          [
            storage("unexpected_bad_request"),
            { body: { bulkData: [{ update: { _id: "a" } }, { doc: {}, ...odd }] } },
          ] as const,
      ),
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
