import { isDeepStrictEqual } from "node:util";
import { type JSONObject, KuzzleError, silentLogger, systemClock } from "../../../src/kernel/index.ts";
import { createEmbeddedStore, type DocumentStore, type Mappings } from "../../../src/stores/documents/index.ts";
import { normalForm } from "./dynamic-mappings.ts";
import type { ReferenceEngine } from "./reference-engine.ts";

/** A collection in both engines whose mapping changes: by documents, or by updates. */
export class MappingTwin implements AsyncDisposable {
  readonly #store: DocumentStore;
  readonly #reference: ReferenceEngine;
  readonly #name: string;

  private constructor(store: DocumentStore, reference: ReferenceEngine, name: string) {
    this.#store = store;
    this.#reference = reference;
    this.#name = name;
  }

  /** Answers a text when one engine takes the mapping and the other does not, undefined when both refuse it. */
  static async open(
    reference: ReferenceEngine,
    name: string,
    mappings: JSONObject,
    settings: JSONObject = {},
  ): Promise<MappingTwin | string | undefined> {
    const store = await createEmbeddedStore({ directory: ":memory:", log: silentLogger, clock: systemClock });
    const twin = new MappingTwin(store, reference, name);
    const single = { index: { number_of_shards: 1, number_of_replicas: 0, refresh_interval: -1 } };
    const theirs = await reference.request("PUT", `/${name}`, { mappings, settings: { ...settings, ...single } });
    const ours = await refusalOf(store.createCollection(twin.#target, "public", mappings as Mappings, settings));
    const isTaken = theirs.status === 200;
    if (isTaken && ours === undefined) return twin;
    await twin[Symbol.asyncDispose]();
    return isTaken === (ours === undefined)
      ? undefined
      : `${show(mappings)}: ours ${ours}, theirs ${show(theirs.body)}`;
  }

  get #target(): { readonly index: string; readonly collection: string } {
    return { index: "reference", collection: this.#name };
  }

  /** Writes to both; answers what they make of it differently. */
  async write(id: string, document: JSONObject): Promise<string | undefined> {
    const [ours] = await this.#store.write(this.#target, [{ kind: "index", id, source: JSON.stringify(document) }]);
    const theirs = await this.#reference.request("PUT", `/${this.#name}/_doc/${id}`, document);
    const place = `writing ${show(document)}`;
    if (ours?.ok !== theirs.status < 300) return `${place}: ours ${show(ours)}, theirs ${show(theirs.body)}`;
    return ours.ok ? await this.compareMappings(place) : compareRefusals(ours.failure, theirs.body, place);
  }

  /** Changes the mapping of both; answers what they make of it differently. */
  async update(mappings: JSONObject): Promise<string | undefined> {
    const ours = await refusalOf(this.#store.updateMappings(this.#target, mappings as Mappings));
    const theirs = await this.#reference.request("PUT", `/${this.#name}/_mapping`, mappings);
    const place = `updating to ${show(mappings)}`;
    if ((ours === undefined) !== theirs.status < 300) return `${place}: ours ${ours}, theirs ${show(theirs.body)}`;
    return await this.compareMappings(place);
  }

  async compareMappings(place: string): Promise<string | undefined> {
    const own = (await this.#store.getMappings(this.#target)) as JSONObject;
    const theirs = (await this.#reference.request("GET", `/${this.#name}/_mapping`)).body[this.#name].mappings;
    const ours = normalForm({ properties: own.properties ?? {} });
    const wanted = normalForm({ properties: theirs.properties ?? {} });
    return isDeepStrictEqual(ours, wanted) ? undefined : `${place}: mapping ${show(ours)}, not ${show(wanted)}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reference.request("DELETE", `/${this.#name}`);
    await this.#store.close();
  }
}

function refusalOf(done: Promise<unknown>): Promise<string | undefined> {
  return done.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof KuzzleError && error.status < 500) return `${error.id}: ${error.message}`;
      throw error;
    },
  );
}

/** A strict mapping has an error of its own. */
function compareRefusals(failure: unknown, theirs: JSONObject, place: string): string | undefined {
  const isStrict = JSON.stringify(theirs).includes("strict_dynamic_mapping_exception");
  const saysStrict = JSON.stringify(failure).includes("strict_mapping_rejection");
  return isStrict === saysStrict ? undefined : `${place}: ours ${show(failure)}, theirs ${show(theirs)}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
