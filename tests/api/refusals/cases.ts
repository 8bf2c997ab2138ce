/** What can be wrong with requests in general, for the tables beside this file. */
import type { JSONObject } from "../../../src/kernel/index.ts";

/** `[error id, what differs from a good request]`; undefined takes a member away. */
export type Case = readonly [id: string, change: JSONObject];

export const missing = "api.assert.missing_argument";
export const wrongType = "api.assert.invalid_type";
export const noBody = "api.assert.body_required";
export const storage = (name: string): string => `services.storage.${name}`;

export const place: readonly Case[] = [
  [missing, { index: undefined }],
  [missing, { index: "" }],
  [missing, { collection: undefined }],
  [missing, { collection: null }],
];
export const existence: readonly Case[] = [
  [storage("unknown_index"), { index: "nowhere" }],
  [storage("unknown_index"), { index: "kuzzle", collection: "users" }],
  [storage("unknown_collection"), { collection: "nowhere" }],
];
export const target = [...place, ...existence];
export const id: readonly Case[] = [
  [missing, { _id: undefined }],
  [missing, { _id: "" }],
  [missing, { _id: null }],
  [wrongType, { _id: 42 }],
];
export const refresh: readonly Case[] = [
  [wrongType, { refresh: true }],
  [wrongType, { refresh: null }],
  [storage("invalid_argument"), { refresh: "now" }],
];
export const flags = (...names: readonly string[]): readonly Case[] =>
  names.flatMap((name): Case[] => [
    [wrongType, { [name]: "true" }],
    [wrongType, { [name]: 1 }],
  ]);
export const content: readonly Case[] = [[noBody, { body: undefined }]];
export const specification: readonly Case[] = [
  ["validation.check.failed_field", { collection: "checked", body: { year: "x" } }],
  ["validation.check.failed_document", { collection: "checked", body: { year: 1, other: 1 } }],
];
export const strictMapping: readonly Case[] = [
  [storage("strict_mapping_rejection"), { collection: "strict", body: { unknown: 1 } }],
];
export const badValue: readonly Case[] = [[storage("unexpected_bad_request"), { body: { year: "not a year" } }]];
export const routing: readonly Case[] = [[storage("no_routing"), { body: { _routing: "x" } }]];
export const many: readonly Case[] = [
  ...content,
  [missing, { body: {} }],
  [wrongType, { body: { documents: "all" } }],
  [wrongType, { body: { documents: { _id: "a" } } }],
  [storage("write_limit_exceeded"), { body: { documents: [{ body: {} }, { body: {} }, { body: {} }] } }],
  ["api.process.incomplete_multiple_request", { strict: true, body: { documents: [{ _id: "a", body: 3 }] } }],
];
export const query = (holder: (query: unknown) => JSONObject): readonly Case[] => [
  [wrongType, holder([])],
  [wrongType, holder("x")],
  [storage("invalid_query_keyword"), holder({ bool: { filter: [{ script: { source: "1" } }] } })],
  [storage("invalid_query_keyword"), holder({ script: "x" })],
  [storage("unknown_query_keyword"), holder({ nonsense: {} })],
  [storage("unknown_query_keyword"), holder({ term: 3 })],
  [storage("unexpected_bad_request"), holder({ range: { year: { gte: "not a year" } } })],
];
export const koncorde = (holder: (query: unknown) => JSONObject): readonly Case[] => [
  ["api.assert.invalid_argument", { lang: "sql" }],
  ["api.assert.koncorde_restricted_keyword", { lang: "koncorde", ...holder({ and: [{ bool: {} }] }) }],
  ["services.koncorde.elastic_translation_error", { lang: "koncorde", ...holder({ exists: "tags[x" }) }],
];
export const inBody = (query: unknown): JSONObject => ({ body: { query } });
export const withChanges = (query: unknown): JSONObject => ({ body: { query, changes: { year: 2 } } });
export const ids: readonly Case[] = [
  [storage("get_limit_exceeded"), { body: { ids: Array.from({ length: 11 }, String) } }],
  [wrongType, { body: undefined, ids: 42 }],
  [wrongType, { body: { ids: [{}] } }],
  ["api.process.incomplete_multiple_request", { strict: true, body: { ids: ["a", "nobody"] } }],
];
export const mappings = (holder: (mappings: JSONObject) => JSONObject): readonly Case[] => [
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
export const staticSetting: Case = [storage("unexpected_bad_request"), { body: { settings: { number_of_shards: 5 } } }];
export const inMappings = (mappings: JSONObject): JSONObject => ({ body: { mappings } });
export const room: readonly Case[] = [...content, [missing, { body: {} }], [wrongType, { body: { roomId: 42 } }]];
export const options: readonly Case[] = [
  ["core.realtime.invalid_scope", { scope: "both" }],
  ["core.realtime.invalid_scope", { scope: null }],
  ["core.realtime.invalid_users", { users: "some" }],
  ["core.realtime.invalid_users", { users: null }],
];
export const scrolls: readonly Case[] = [
  [wrongType, { scroll: 42 }],
  [storage("scroll_duration_too_great"), { scroll: "2m" }],
];
export const pages: readonly Case[] = [
  [wrongType, { from: "x" }],
  [wrongType, { size: 1.5 }],
  [wrongType, { size: null }],
];

export const books = { index: "lib", collection: "books" };

/** For each action a request that is good, and all that can be wrong with it. */
export type Refusals = Readonly<Record<string, { readonly good: JSONObject; readonly cases: readonly Case[] }>>;
