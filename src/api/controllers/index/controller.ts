import type { Catalog, Collections } from "../../../data/index.ts";
import { action, arg, type ControllerDefinition, schema } from "../../../events/index.ts";
import { isPlainObject, type KuzzleRequest, kerror } from "../../../kernel/index.ts";

export interface IndexControllerDeps {
  readonly catalog: Catalog;
  readonly collections: Collections;
  /** May the user of this request do this on this index? Always, when the request has no user. */
  readonly isAllowed: (
    request: KuzzleRequest,
    controller: string,
    action: string,
    index: string,
  ) => boolean | Promise<boolean>;
}

/** Indexes (contract/api/index.yaml). */
export function createIndexController({ catalog, collections, isAllowed }: IndexControllerDeps): ControllerDefinition {
  return {
    name: "index",
    actions: {
      create: action({
        summary: "Creates an empty index",
        http: [{ verb: "POST", path: "/:index/_create" }],
        args: { index: arg.index() },
        errors: ["services.storage.index_already_exists", "services.storage.invalid_index_name"],
        run: ({ index }) => collections.createIndex(index),
      }),
      delete: action({
        summary: "Deletes an index with all its collections",
        http: [{ verb: "DELETE", path: "/:index" }],
        args: { index: arg.index() },
        result: schema.object({ acknowledged: schema.oneOf([true]) }),
        errors: ["services.storage.unknown_index"],
        run: async ({ index }) => {
          await collections.deleteIndex(index);
          return { acknowledged: true };
        },
      }),
      exists: action({
        summary: "Tells whether an index exists",
        http: [{ verb: "GET", path: "/:index/_exists" }],
        args: { index: arg.index() },
        result: schema.boolean(),
        run: ({ index }) => catalog.hasIndex(index),
      }),
      list: action({
        summary: "Lists the indexes",
        http: [{ verb: "GET", path: "/_list" }],
        args: { countCollection: arg.flag() },
        result: schema.object({ indexes: schema.array(schema.string()) }),
        run: ({ countCollection }) => {
          const indexes = catalog.indexes();
          if (!countCollection) return { indexes };
          return {
            indexes,
            collections: Object.fromEntries(indexes.map((index) => [index, catalog.collections(index).length])),
          };
        },
      }),
      mDelete: action({
        summary: "Deletes several indexes, those that the caller may delete",
        http: [
          { verb: "DELETE", path: "/_mDelete" },
          {
            verb: "DELETE",
            path: "/_mdelete",
            deprecated: { since: "2.4.0", message: "Use this route instead: DELETE /_mDelete" },
          },
        ],
        result: schema.object({ deleted: schema.array(schema.string()) }),
        run: async (_, request) => {
          const allowed: string[] = [];
          for (const index of namedIndexes(request)) {
            if (await isAllowed(request, "index", "delete", index)) allowed.push(index);
          }
          return { deleted: await collections.deleteIndexes(allowed) };
        },
      }),
      stats: action({
        summary: "Storage used by each index and collection",
        http: [{ verb: "GET", path: "/_storageStats" }],
        result: schema.object({
          size: schema.integer({ description: "Bytes" }),
          indexes: schema.array(schema.object()),
        }),
        run: () => collections.stats(),
      }),
    },
  };
}

/** Absent body or list: none, so that a slip deletes nothing. */
function namedIndexes({ input }: KuzzleRequest): readonly string[] {
  const indexes = isPlainObject(input.body) ? (input.body.indexes ?? []) : [];
  if (!Array.isArray(indexes)) throw kerror("api.assert.invalid_type", "body.indexes", "array");
  return indexes.filter((index) => typeof index === "string");
}
