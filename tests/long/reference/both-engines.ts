import { type JSONObject, silentLogger, systemClock } from "../../../src/kernel/index.ts";
import { createEmbeddedStore, type DocumentStore, type Mappings } from "../../../src/stores/documents/index.ts";
import { findDifference, type OwnAnswer } from "./compare.ts";
import type { ReferenceEngine } from "./reference-engine.ts";
import type { Search } from "./searches.ts";

/** The same collection in our engine and in the reference. */
export class BothEngines implements AsyncDisposable {
  readonly #store: DocumentStore;
  readonly #reference: ReferenceEngine;
  readonly #name: string;

  private constructor(store: DocumentStore, reference: ReferenceEngine, name: string) {
    this.#store = store;
    this.#reference = reference;
    this.#name = name;
  }

  static async open(
    reference: ReferenceEngine,
    name: string,
    mappings: Mappings,
    settings: JSONObject,
    documents: readonly JSONObject[],
  ): Promise<BothEngines> {
    const store = await createEmbeddedStore({ directory: ":memory:", log: silentLogger, clock: systemClock });
    const both = new BothEngines(store, reference, name);
    try {
      await both.#fill(mappings, settings, documents);
    } catch (err) {
      await store.close();
      throw err;
    }
    return both;
  }

  get #target(): { readonly index: string; readonly collection: string } {
    return { index: "reference", collection: this.#name };
  }

  async #fill(mappings: Mappings, settings: JSONObject, documents: readonly JSONObject[]): Promise<void> {
    const single = { index: { number_of_shards: 1, number_of_replicas: 0, refresh_interval: -1 } };
    const made = await this.#reference.request("PUT", `/${this.#name}`, {
      settings: { ...settings, ...single },
      mappings,
    });
    if (made.status !== 200) throw new Error(`The reference refused the mapping: ${JSON.stringify(made.body)}`);
    await this.#store.createCollection(this.#target, "public", mappings, settings);
    const lines = documents.flatMap((one, i) => [JSON.stringify({ index: { _id: `d${i}` } }), JSON.stringify(one)]);
    const written = await this.#reference.request("POST", `/${this.#name}/_bulk?refresh=true`, `${lines.join("\n")}\n`);
    const operations = documents.map((one, i) => ({
      kind: "index" as const,
      id: `d${i}`,
      source: JSON.stringify(one),
    }));
    const outcomes = await this.#store.write(this.#target, operations);
    for (const [i, outcome] of outcomes.entries()) {
      const theirs = written.body.items[i].index;
      if (outcome.ok === theirs.status < 300) continue;
      throw new Error(
        `Writing ${lines[2 * i + 1]}: ours ${JSON.stringify(outcome)}, the reference ${JSON.stringify(theirs)}`,
      );
    }
  }

  /** What the two answer differently; undefined when nothing. */
  async compare({ body, from, size }: Search): Promise<string | undefined> {
    const own: Promise<OwnAnswer> = this.#store.search({ targets: [this.#target], body, from, size }).then(
      (page) => ({ page }),
      (error: unknown) => ({ error }),
    );
    const path = `/${this.#name}/_search?track_total_hits=true`;
    return findDifference(await own, await this.#reference.request("POST", path, { ...body, from, size }));
  }

  /** Our hits of a search, for the sort values of `search_after`. */
  async sortValues({ body, from, size }: Search): Promise<readonly unknown[] | undefined> {
    const page = await this.#store.search({ targets: [this.#target], body, from, size });
    return page.hits[page.hits.length >> 1]?.sort;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reference.request("DELETE", `/${this.#name}`);
    await this.#store.close();
  }
}
