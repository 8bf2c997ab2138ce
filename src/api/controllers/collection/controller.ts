import type { Catalog, CollectionChange, Collections, Operations } from "../../../data/index.ts";
import { type Action, action, arg, type ControllerDefinition, schema } from "../../../events/index.ts";
import { isPlainObject, type JSONObject, type KuzzleRequest, kerror } from "../../../kernel/index.ts";

export interface CollectionControllerDeps {
  readonly catalog: Catalog;
  readonly collections: Collections;
  readonly operations: Operations;
  /** Collections of an index that have a subscription somewhere. */
  readonly realtimeCollections: (index: string) => readonly string[] | Promise<readonly string[]>;
  /** The actions on specifications, which live beside this controller. */
  readonly specificationActions: Readonly<Record<string, Action>>;
}

const place = { index: arg.index(), collection: arg.collection() };
const acknowledged = schema.object({ acknowledged: schema.oneOf([true]) });
const targetErrors = ["services.storage.unknown_index", "services.storage.unknown_collection"] as const;
const mappingErrors = [
  "services.storage.invalid_mapping",
  "services.storage.cannot_change_mapping",
  "services.storage.invalid_mapping_type",
  "services.storage.unexpected_properties",
  "services.storage.wrong_mapping_property",
  "services.storage.unexpected_bad_request",
] as const;

/** Collections: mappings, settings, contents as a whole (contract/api/collection.yaml). */
export function createCollectionController(deps: CollectionControllerDeps): ControllerDefinition {
  const { catalog, collections, operations } = deps;
  return {
    name: "collection",
    actions: {
      create: action({
        summary: "Creates a collection, or updates an existing one",
        http: [{ verb: "PUT", path: "/:index/:collection" }],
        args: { ...place, content: arg.optionalContent() },
        result: acknowledged,
        errors: [
          "services.storage.invalid_index_name",
          "services.storage.invalid_collection_name",
          "services.storage.collection_reserved",
          ...mappingErrors,
        ],
        run: async ({ index, collection, content = {} }, request) => {
          await collections.create({ index, collection }, creationOf(request, content));
          return { acknowledged: true };
        },
      }),
      update: action({
        summary: "Updates the mappings and settings of a collection",
        http: [{ verb: "POST", path: "/:index/:collection" }],
        args: { ...place, content: arg.optionalContent() },
        errors: [...targetErrors, ...mappingErrors],
        run: async ({ index, collection, content = {} }) => {
          const reindex = content.reindexCollection === true;
          await collections.update({ index, collection }, { ...changeOf(content), reindex });
          return null;
        },
      }),
      updateMapping: action({
        summary: "Updates the mappings of a collection",
        http: [
          {
            verb: "PUT",
            path: "/:index/:collection/_mapping",
            deprecated: { since: "2.1.0", message: "Use this route instead: POST /:index/:collection" },
          },
        ],
        args: { ...place, content: arg.content() },
        errors: [...targetErrors, ...mappingErrors],
        run: async ({ index, collection, content }) => {
          await collections.update({ index, collection }, { mappings: content });
          const { dynamic, _meta, properties, ...detection } = await collections.mappings({ index, collection });
          return { dynamic, _meta, properties, ...detection };
        },
      }),
      delete: action({
        summary: "Removes a collection and its documents",
        http: [{ verb: "DELETE", path: "/:index/:collection" }],
        args: place,
        errors: targetErrors,
        run: async ({ index, collection }) => {
          await collections.delete({ index, collection });
          return null;
        },
      }),
      exists: action({
        summary: "Tells whether a collection exists",
        http: [{ verb: "GET", path: "/:index/:collection/_exists" }],
        args: place,
        result: schema.boolean(),
        run: ({ index, collection }) => catalog.hasCollection({ index, collection }),
      }),
      getMapping: action({
        summary: "Reads the mappings of a collection",
        http: [{ verb: "GET", path: "/:index/:collection/_mapping" }],
        args: { ...place, includeKuzzleMeta: arg.flag() },
        result: schema.object({ dynamic: schema.string(), properties: schema.object() }),
        errors: targetErrors,
        run: async ({ index, collection, includeKuzzleMeta }) => {
          const { dynamic, _meta, properties, ...detection } = await collections.mappings({ index, collection });
          const { _kuzzle_info: _, ...visible } = properties ?? {};
          return { dynamic, _meta, properties: includeKuzzleMeta ? properties : visible, ...detection };
        },
      }),
      getSettings: action({
        summary: "Reads the settings of a collection",
        http: [{ verb: "GET", path: "/:index/:collection/_settings" }],
        args: place,
        result: schema.object(),
        errors: targetErrors,
        run: async ({ index, collection }) => asTexts(await collections.settings({ index, collection })),
      }),
      list: action({
        summary: "Lists the collections of an index, stored and with subscriptions",
        http: [{ verb: "GET", path: "/:index/_list" }],
        args: {
          index: arg.index(),
          from: arg.default.integer(0),
          size: arg.default.integer(0),
          type: arg.default.string("all"),
        },
        result: schema.object({ type: schema.string(), collections: schema.array(schema.object()) }),
        errors: ["services.storage.unknown_index", "api.assert.invalid_argument"],
        run: async ({ index, from, size, type }, request) => {
          if (!["all", "stored", "realtime"].includes(type)) {
            throw kerror("api.assert.invalid_argument", "type", "all, stored or realtime");
          }
          if (request.input.args.type !== undefined)
            request.addDeprecation("2.10.2", 'The "type" option is deprecated.');
          if (type !== "realtime") catalog.assertIndex(index);
          const found = [
            ...(type === "realtime" ? [] : catalog.collections(index).map((name) => ({ name, type: "stored" }))),
            ...(type === "stored"
              ? []
              : (await deps.realtimeCollections(index)).map((name) => ({ name, type: "realtime" }))),
          ].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
          if (from === 0 && size === 0) return { type, collections: found };
          const end = size === 0 ? undefined : from + size;
          return { type, collections: found.slice(from, end), from, ...(size === 0 ? {} : { size }) };
        },
      }),
      refresh: action({
        summary: "Makes all former writes visible to searches",
        http: [{ verb: "POST", path: "/:index/:collection/_refresh" }],
        args: place,
        errors: targetErrors,
        run: async ({ index, collection }) => {
          await collections.refresh({ index, collection });
          return null;
        },
      }),
      truncate: action({
        summary: "Removes every document of a collection",
        http: [{ verb: "DELETE", path: "/:index/:collection/_truncate" }],
        args: place,
        result: acknowledged,
        errors: targetErrors,
        run: async ({ index, collection }, request) => {
          const user = request.getKuid();
          const start = { action: "collection:truncate", index, collection, user, unit: "documents" } as const;
          await operations.run({ ...start, isCancellable: false }, () => collections.truncate({ index, collection }));
          return { acknowledged: true };
        },
      }),
      ...deps.specificationActions,
    },
  };
}

function changeOf(content: JSONObject): CollectionChange {
  const { mappings, settings } = content;
  if (mappings !== undefined && !isPlainObject(mappings))
    throw kerror("api.assert.invalid_type", "body.mappings", "object");
  if (settings !== undefined && !isPlainObject(settings))
    throw kerror("api.assert.invalid_type", "body.settings", "object");
  return { ...(mappings === undefined ? {} : { mappings }), ...(settings === undefined ? {} : { settings }) };
}

/** Settings are told as text at every level, whatever they were given as. */
function asTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asTexts);
  if (isPlainObject(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asTexts(one)]));
  return value === null ? null : String(value);
}

/** The body may be the mappings themselves: the form before 2.1.0. */
function creationOf(request: KuzzleRequest, content: JSONObject): CollectionChange {
  if (!content.properties && !content.dynamic && !content._meta) return changeOf(content);
  request.addDeprecation("2.1.0", 'Give the mappings in the member "mappings" of the body.');
  return { mappings: content };
}
