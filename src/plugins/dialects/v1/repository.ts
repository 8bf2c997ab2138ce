import type { JSONObject } from "../../../kernel/index.ts";
import type { PluginStorage } from "../../storage/plugin-storage.ts";
import { Repository, type WriteChoices, type WriteResult } from "../../storage/repository.ts";

type Model = (new () => object) | null;

/** What plugins of this generation read in the answer of a write. */
interface FormerAnswer extends WriteResult {
  readonly _index: string;
  readonly _type: string;
  readonly _shards: JSONObject;
}

/** A search body has one of these, a query alone has none. */
const bodyKeys = new Set(["query", "sort", "aggs", "aggregations", "from", "size", "_source", "highlight", "collapse"]);

/** `constructors.Repository`, with answers as the search engine of that time gave them. Source: contract/plugins/v1.md section 8. */
export function formerRepository(
  storage: PluginStorage,
  plugin: string,
): new (
  collection: string,
  Model?: Model,
) => Repository {
  return class FormerRepository extends Repository {
    readonly #collection: string;

    constructor(collection: string, Model?: Model) {
      super(storage, collection, Model);
      this.#collection = collection;
    }

    override async create(document: JSONObject, choices?: WriteChoices): Promise<FormerAnswer> {
      return this.#answer(await super.create(document, choices));
    }

    override async createOrReplace(document: JSONObject, choices?: WriteChoices): Promise<FormerAnswer> {
      return this.#answer(await super.createOrReplace(document, choices));
    }

    override async replace(document: JSONObject, choices?: WriteChoices): Promise<FormerAnswer> {
      return this.#answer(await super.replace(document, choices));
    }

    override async update(document: JSONObject, choices?: WriteChoices): Promise<FormerAnswer> {
      return this.#answer(await super.update(document, choices));
    }

    override search(body: JSONObject, page?: Parameters<Repository["search"]>[1]): ReturnType<Repository["search"]> {
      const isBody = Object.keys(body ?? {}).some((key) => bodyKeys.has(key));
      return super.search(isBody ? body : { query: body }, page);
    }

    #answer(written: WriteResult): FormerAnswer {
      return {
        ...written,
        _index: `%plugin:${plugin}`.toLowerCase(),
        _type: this.#collection,
        _shards: { total: 1, successful: 1, failed: 0 },
      };
    }
  };
}
