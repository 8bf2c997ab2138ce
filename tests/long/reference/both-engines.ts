import { type JSONObject, silentLogger, systemClock } from "../../../src/kernel/index.ts";
import { createEmbeddedStore, type DocumentStore, type Mappings } from "../../../src/stores/documents/index.ts";
import { findDifference, isMissingKey, type OwnAnswer } from "./compare.ts";
import type { ReferenceAnswer, ReferenceEngine } from "./reference-engine.ts";
import type { Search } from "./searches.ts";

/** The same collection in our engine and in the reference. */
export class BothEngines implements AsyncDisposable {
  readonly #store: DocumentStore;
  readonly #reference: ReferenceEngine;
  readonly #name: string;
  /** Documents that one engine took and the other refused. */
  readonly differences: string[] = [];

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
      this.differences.push(
        `Writing ${lines[2 * i + 1]}: ours ${JSON.stringify(outcome)}, the reference ${JSON.stringify(theirs)}`,
      );
    }
  }

  /** What the two answer differently; undefined when nothing. */
  async compare(search: Search): Promise<string | undefined> {
    const own = await this.#ask(search);
    const theirs = await this.#askReference(search);
    const difference = findDifference(own, theirs);
    if (difference !== undefined || search.continues !== true || "error" in own) return difference;
    const middle = own.page.hits.length >> 1;
    const ours = own.page.hits[middle]?.sort;
    const sort: unknown[] = theirs.body.hits.hits[middle]?.sort ?? [];
    // The reference does not read its own numbers for missing values once they have been JSON.
    if (ours === undefined || sort.some(isMissingKey)) return undefined;
    // Each engine goes on from its own values, which may be written differently where there are none.
    const next = (after: readonly unknown[]): Search => ({ ...search, body: { ...search.body, search_after: after } });
    const later = await this.#askReference(next(sort));
    return findDifference(await this.#ask(next(ours)), later);
  }

  /** What each of the two answers, for comparisons of what {@link compare} leaves out. */
  async answers(search: Search): Promise<{ readonly own: OwnAnswer; readonly reference: ReferenceAnswer }> {
    return { own: await this.#ask(search), reference: await this.#askReference(search) };
  }

  #ask({ body, from, size }: Search): Promise<OwnAnswer> {
    return this.#store.search({ targets: [this.#target], body, from, size }).then(
      (page) => ({ page }),
      (error: unknown) => ({ error }),
    );
  }

  #askReference({ body, from, size }: Search): Promise<ReferenceAnswer> {
    return this.#reference.request("POST", `/${this.#name}/_search?track_total_hits=true`, { ...body, from, size });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reference.request("DELETE", `/${this.#name}`);
    await this.#store.close();
  }
}
