import type { Change } from "./history.ts";
import type { OwnCollection } from "./own-engine.ts";
import type { ReferenceAnswer, ReferenceEngine } from "./reference-engine.ts";
import type { Search } from "./searches.ts";

const writtenAtOnce = 5_000;

/** One collection in an engine of reference. */
export class ReferenceCollection implements AsyncDisposable {
  readonly #engine: ReferenceEngine;
  readonly #name: string;
  /** What became of the writes, in the order of the history. */
  readonly statuses: { readonly status: number; readonly answer: unknown }[] = [];

  private constructor(engine: ReferenceEngine, name: string) {
    this.#engine = engine;
    this.#name = name;
  }

  /** What is replaced or removed later stays in its segment, as it does on our side, so that statistics of terms are the same. */
  static async open(engine: ReferenceEngine, name: string, collection: OwnCollection): Promise<ReferenceCollection> {
    const { mappings, settings, history } = collection;
    const made = new ReferenceCollection(engine, name);
    const single = {
      index: { number_of_shards: 1, number_of_replicas: 0, refresh_interval: -1, ...(await notes(engine)) },
    };
    const { status, body } = await engine.request("PUT", `/${name}`, { settings: merge(settings, single), mappings });
    if (status !== 200) throw new Error(`The reference refused the mapping: ${JSON.stringify(body)}`);
    for (const changes of [history.first, history.later]) await made.#write(changes);
    return made;
  }

  async #write(changes: readonly Change[]): Promise<void> {
    for (let at = 0; at < changes.length; at += writtenAtOnce) {
      const part = changes.slice(at, at + writtenAtOnce);
      const lines = part.flatMap((change) => {
        const action = JSON.stringify({ [change.kind]: { _id: change.id } });
        return change.kind === "index" ? [action, change.source] : [action];
      });
      const isLast = at + writtenAtOnce >= changes.length;
      const path = `/${this.#name}/_bulk?refresh=${isLast}`;
      const { body } = await this.#engine.request("POST", path, `${lines.join("\n")}\n`);
      for (const item of body.items) {
        const answer = item.index ?? item.delete;
        this.statuses.push({ status: answer.status, answer });
      }
    }
  }

  search({ body, from, size }: Search): Promise<ReferenceAnswer> {
    return this.#engine.request("POST", `/${this.#name}/_search?track_total_hits=true`, { ...body, from, size });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine.request("DELETE", `/${this.#name}`);
  }
}

/**
 * Of a removal the engine keeps a note, which counts as a document in some statistics until it is thrown away. Without it these can be
 * compared; the second engine cannot do without.
 */
async function notes(engine: ReferenceEngine): Promise<object> {
  const { body } = await engine.request("GET", "/");
  return body.version.distribution === "opensearch" ? {} : { "soft_deletes.enabled": false };
}

/** Settings of a collection may have an `index` of their own. */
function merge(settings: OwnCollection["settings"], single: { readonly index: object }): object {
  const index = settings.index;
  return { ...settings, index: { ...(typeof index === "object" && index !== null ? index : {}), ...single.index } };
}
