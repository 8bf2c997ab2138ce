import type { LoadPreparation } from "../api/index.ts";
import type { Collections } from "../data/index.ts";
import type { Events } from "../events/index.ts";
import { isPlainObject, type JSONObject, KuzzleRequest, kerror } from "../kernel/index.ts";
import type { CollectionRef } from "../stores/documents/index.ts";
import type { ImportRecords } from "./imports/import-records.ts";

export interface DataTasksDeps {
  readonly events: Events;
  readonly collections: Pick<Collections, "createIndex">;
  readonly hasIndex: (index: string) => boolean;
}

export interface FirstBootParts {
  readonly records: ImportRecords;
  /** Runs an action of the controller `security`, and answers its result. */
  readonly run: (action: string, args: JSONObject) => Promise<unknown>;
}

/**
 * The events around whole sets of data that are written or deleted: `prepareDb:*` and `cleanDb:deleteIndexes`, which plugins of the first
 * generation may change. Each is fired with a request of the controller `admin` as it was then; nothing is done where nobody listens.
 * Source: contract/plugins/events.yaml, legacy.v0.
 */
export class DataTasks implements LoadPreparation {
  readonly #deps: DataTasksDeps;

  constructor(deps: DataTasksDeps) {
    this.#deps = deps;
  }

  async mapping(target: CollectionRef, mapping: JSONObject): Promise<readonly [CollectionRef, JSONObject]> {
    const changed = await this.#fire("prepareDb:importMapping", "updateMapping", { ...target, body: mapping });
    return changed === undefined ? [target, mapping] : [targetOf(changed, target), objectOf(changed, mapping)];
  }

  async fixtures(target: CollectionRef, lines: readonly unknown[]): Promise<readonly [CollectionRef, unknown]> {
    const changed = await this.#fire("prepareDb:importFixtures", "bulkImport", { ...target, body: lines });
    if (changed === undefined) return [target, lines];
    const { body } = changed.input;
    return [targetOf(changed, target), isPlainObject(body) ? (body.bulkData ?? body) : body];
  }

  async fixturesIndex(index: string): Promise<void> {
    const changed = await this.#fire("prepareDb:createFixturesIndex", "createIndex", { index });
    const other = changed?.getIndex();
    if (other !== undefined && other !== index && !this.#deps.hasIndex(other)) {
      await this.#deps.collections.createIndex(other);
    }
  }

  /** Of the indexes that are about to go, those that shall. Error: `api.assert.invalid_type` when a plugin answers no list. */
  async indexesToDelete(indexes: readonly string[]): Promise<readonly string[]> {
    const changed = await this.#fire("cleanDb:deleteIndexes", "deleteIndexes", { body: { indexes: [...indexes] } });
    if (changed === undefined) return indexes;
    const chosen = changed.getBodyArray("indexes");
    return indexes.filter((index) => chosen.includes(index));
  }

  /**
   * Once for a store: the index of users and rights, and the mappings of its collections, which plugins may extend. The index is there by then, and
   * keeps the name that the configuration gives.
   */
  async firstBoot({ records, run }: FirstBootParts): Promise<void> {
    const isHeard = ["createInternalIndex", ...kinds.map((kind) => `updateMapping${kind}s`)].some((name) =>
      this.#deps.events.hasListeners(`prepareDb:${name}`),
    );
    if (!isHeard || (await records.has("formerMappings", done))) return;
    const index = "%kuzzle"; // as plugins know it, whatever its name here
    await this.#fire("prepareDb:createInternalIndex", "createIndex", { index });
    for (const kind of kinds) {
      const { mapping } = (await run(`get${kind}Mapping`, {})) as { mapping: JSONObject };
      const collection = `${kind.toLowerCase()}s`;
      const body = { properties: mapping };
      const changed = await this.#fire(`prepareDb:updateMapping${kind}s`, "updateMapping", { index, collection, body });
      if (changed !== undefined) await run(`update${kind}Mapping`, { body: objectOf(changed, body) });
    }
    await records.remember("formerMappings", done);
  }

  /** Tells of data that could not be prepared at the start. */
  async failed(error: unknown): Promise<void> {
    await this.#deps.events.pipe("prepareDb:error", error);
  }

  /** Answers the request as the pipes have left it; undefined when nobody listens. */
  async #fire(event: string, action: string, data: JSONObject): Promise<KuzzleRequest | undefined> {
    if (!this.#deps.events.hasListeners(event)) return undefined;
    const request = new KuzzleRequest({ controller: "admin", action, ...data });
    await this.#deps.events.pipe(event, request);
    return request;
  }
}

const kinds = ["Role", "Profile", "User"] as const;
const done = { done: true };

function targetOf(request: KuzzleRequest, { index, collection }: CollectionRef): CollectionRef {
  const { args } = request.input;
  return { index: String(args.index ?? index), collection: String(args.collection ?? collection) };
}

function objectOf({ input }: KuzzleRequest, before: JSONObject): JSONObject {
  const { body } = input;
  if (Array.isArray(body)) throw kerror("api.assert.invalid_type", "body", "object");
  return body ?? before;
}
