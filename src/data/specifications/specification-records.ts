import { type Clock, isPlainObject, type JSONObject } from "../../kernel/index.ts";
import type { CollectionRef, DocumentStore, WriteOperation } from "../../stores/documents/index.ts";
import { replaced, withMetadata } from "../metadata.ts";
import { writeError } from "../write-errors.ts";

/** A specification as it is stored, not read yet. */
export interface SpecificationRecord {
  readonly target: CollectionRef;
  readonly validation: unknown;
}

export interface SpecificationRecordsDeps {
  readonly store: DocumentStore;
  readonly clock: Clock;
  /** The private collection, `{ index: "kuzzle", collection: "validations" }`; it must exist. */
  readonly collection: CollectionRef;
}

/** The documents that hold specifications: id `<index>#<collection>`, content `{ index, collection, validation }`. */
export class SpecificationRecords {
  readonly #deps: SpecificationRecordsDeps;

  constructor(deps: SpecificationRecordsDeps) {
    this.#deps = deps;
  }

  /** All of them, up to `limit`. `ignored` holds the ids of documents that are something else. */
  async list(limit: number): Promise<{ records: SpecificationRecord[]; ignored: string[] }> {
    const { store, collection } = this.#deps;
    const records: SpecificationRecord[] = [];
    const ignored: string[] = [];
    for await (const batch of store.walk(collection, { match_all: {} })) {
      for (const { id, source } of batch) {
        if (records.length === limit) return { records, ignored };
        const record = readRecord(JSON.parse(source));
        if (record === undefined) ignored.push(id);
        else records.push(record);
      }
    }
    return { records, ignored };
  }

  /** The whole document, with its metadata. */
  async find(target: CollectionRef): Promise<JSONObject | undefined> {
    const { store, collection } = this.#deps;
    const document = await store.find(collection, idOf(target));
    return document && (JSON.parse(document.source) as JSONObject); // stored documents are objects
  }

  async put({ index, collection }: CollectionRef, validation: JSONObject): Promise<void> {
    const content = withMetadata({ index, collection, validation }, replaced(null, this.#deps.clock.now()));
    await this.#write({ kind: "index", id: idOf({ index, collection }), source: JSON.stringify(content) });
  }

  async delete(target: CollectionRef): Promise<void> {
    await this.#write({ kind: "delete", id: idOf(target) });
  }

  async #write(operation: WriteOperation & { readonly id: string }): Promise<void> {
    const { store, collection } = this.#deps;
    const [outcome] = await store.write(collection, [operation], { refresh: true });
    if (outcome === undefined || outcome.ok) return;
    if (operation.kind === "delete" && outcome.failure.reason === "missing") return;
    throw writeError(outcome.failure, operation.id, collection);
  }
}

/** A stored document as a record; undefined when it is none. */
export function readRecord(content: unknown): SpecificationRecord | undefined {
  if (!isPlainObject(content)) return undefined;
  const { index, collection, validation } = content;
  if (typeof index !== "string" || typeof collection !== "string" || !isPlainObject(validation)) return undefined;
  return { target: { index, collection }, validation };
}

function idOf({ index, collection }: CollectionRef): string {
  return `${index}#${collection}`;
}
