import type { Collections } from "../../../data/index.ts";
import type { JSONObject } from "../../../kernel/index.ts";
import type { DocumentStore, StoredDocument, WriteOutcome } from "../../../stores/documents/index.ts";
import { runBulk } from "./bulk.ts";
import { answered, type ClientAnswer, type ClientVersion, whether } from "./client-answer.ts";
import { IndicesClient } from "./indices-client.ts";
import { badRequest, ResponseError } from "./response-error.ts";
import { scrollMs, searchAnswer, searchOf } from "./search.ts";
import { bodyOf, nameOf, readTarget, readTargets } from "./targets.ts";
import { answerOf, operationOf, sequenceOf, type WriteKind } from "./writes.ts";

export interface ClientDeps {
  readonly store: DocumentStore;
  readonly collections: Collections;
  /** Which major version of the client the application was written for. */
  readonly version: ClientVersion;
}

/**
 * A search client's shape over the embedded engine: the calls in common use for documents, searches, bulks and indices. Nothing here checks
 * rights, fires events or notifies. What the engine has no counterpart for is told by `unsupported`.
 * Errors: {@link ResponseError}, with the status of the engine that the client was made for.
 */
export class StorageClient {
  readonly indices: IndicesClient;
  readonly #deps: ClientDeps;

  constructor(deps: ClientDeps) {
    this.#deps = deps;
    this.indices = new IndicesClient(deps);
  }

  ping(): Promise<ClientAnswer | boolean> {
    return whether(this.#deps.version, async () => true);
  }

  info(): Promise<ClientAnswer> {
    const { backend, version } = this.#deps.store.engine;
    return this.#answer(async () => ({ name: backend, cluster_name: backend, version: { number: version } }));
  }

  search(parameters: JSONObject = {}): Promise<ClientAnswer> {
    return this.#answer(async () => {
      const startedAt = performance.now();
      const { store } = this.#deps;
      const known = await store.describe();
      const page = await store.search(searchOf(parameters, readTargets(parameters.index, known)));
      return searchAnswer(page, known, performance.now() - startedAt);
    });
  }

  scroll(parameters: JSONObject): Promise<ClientAnswer> {
    return this.#answer(async () => {
      const startedAt = performance.now();
      const { store } = this.#deps;
      const { scroll_id: id, scroll = "1m" } = bodyOf(parameters, ["scroll_id", "scroll"]);
      if (typeof id !== "string") throw badRequest('"scroll_id" is missing.');
      const page = await store.scroll(id, scrollMs(String(scroll)));
      return searchAnswer(page, await store.describe(), performance.now() - startedAt);
    });
  }

  clearScroll(parameters: JSONObject): Promise<ClientAnswer> {
    return this.#answer(async () => {
      const { scroll_id: written } = bodyOf(parameters, ["scroll_id"]);
      const ids = Array.isArray(written) ? (written as unknown[]) : [written];
      for (const id of ids) if (typeof id === "string") await this.#deps.store.closeScroll(id);
      return { succeeded: true, num_freed: ids.length };
    });
  }

  count(parameters: JSONObject = {}): Promise<ClientAnswer> {
    return this.#answer(async () => {
      const { store } = this.#deps;
      const { query = { match_all: {} } } = bodyOf(parameters, ["query"]);
      const targets = readTargets(parameters.index, await store.describe());
      const counts = await Promise.all(targets.map((target) => store.count(target, query as JSONObject)));
      return { count: counts.reduce((sum, count) => sum + count, 0) };
    });
  }

  get(parameters: JSONObject): Promise<ClientAnswer> {
    return this.#answer(async () => {
      const name = nameOf(readTarget(parameters.index));
      const found = await this.#find(parameters);
      if (found === undefined) {
        throw new ResponseError(404, { type: "not_found", reason: `[${String(parameters.id)}] is not in ${name}` });
      }
      return documentOf(name, found);
    });
  }

  exists(parameters: JSONObject): Promise<ClientAnswer | boolean> {
    return whether(this.#deps.version, async () => (await this.#find(parameters)) !== undefined);
  }

  mget(parameters: JSONObject): Promise<ClientAnswer> {
    return this.#answer(async () => {
      const { ids } = bodyOf(parameters, ["ids"]);
      if (!Array.isArray(ids)) throw badRequest('"ids" must be an array.');
      const target = readTarget(parameters.index);
      const found = await this.#deps.store.mFind(target, ids.map(String));
      const name = nameOf(target);
      return {
        docs: found.map((one, i) =>
          one === undefined ? { _index: name, _id: ids[i], found: false } : documentOf(name, one),
        ),
      };
    });
  }

  index(parameters: JSONObject): Promise<ClientAnswer> {
    return this.#write(parameters.op_type === "create" ? "create" : "index", parameters, contentOf(parameters));
  }

  create(parameters: JSONObject): Promise<ClientAnswer> {
    return this.#write("create", parameters, contentOf(parameters));
  }

  update(parameters: JSONObject): Promise<ClientAnswer> {
    const content = bodyOf(parameters, ["doc", "doc_as_upsert", "upsert", "script", "_source"]);
    return this.#write("update", parameters, content);
  }

  delete(parameters: JSONObject): Promise<ClientAnswer> {
    return this.#write("delete", parameters, {});
  }

  bulk(parameters: JSONObject): Promise<ClientAnswer> {
    return this.#answer(() => runBulk(this.#deps.store, parameters));
  }

  async #find(parameters: JSONObject): Promise<StoredDocument | undefined> {
    const { index, id } = parameters;
    if (typeof id !== "string") throw badRequest('"id" is missing.');
    return this.#deps.store.find(readTarget(index), id);
  }

  #write(kind: WriteKind, parameters: JSONObject, content: JSONObject): Promise<ClientAnswer> {
    return this.#answer(async () => {
      const target = readTarget(parameters.index);
      const { refresh } = parameters;
      const operation = operationOf(kind, parameters, content);
      const options = { refresh: refresh !== undefined && refresh !== false && refresh !== "false" };
      const [outcome] = (await this.#deps.store.write(target, [operation], options)) as [WriteOutcome];
      const { status, answer } = answerOf(nameOf(target), kind, outcome);
      if (status === 404)
        throw new ResponseError(404, { type: "not_found", reason: `${String(answer._id)} is missing` });
      return answer;
    });
  }

  #answer(run: () => Promise<JSONObject>): Promise<ClientAnswer> {
    return answered(this.#deps.version, run);
  }
}

/** What a client writes: `document` of newer versions, `body` of older ones. */
function contentOf({ document, body }: JSONObject): JSONObject {
  const content = document ?? body;
  return typeof content === "object" && content !== null ? { ...content } : {};
}

function documentOf(name: string, { id, version, source }: StoredDocument): JSONObject {
  const _source: unknown = JSON.parse(source);
  return { _index: name, _id: id, _version: version, ...sequenceOf(version), found: true, _source };
}
