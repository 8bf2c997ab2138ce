import { type Clock, isPlainObject, type JSONObject } from "../../kernel/index.ts";
import type { CollectionRef, DocumentStore, WriteOperation } from "../../stores/documents/index.ts";
import { replaced, withMetadata } from "../metadata.ts";
import { writeError } from "../write-errors.ts";

/** A specification as it is stored, not read yet. */
export interface SpecificationRecord {
  readonly target: CollectionRef;
  readonly validation: unknown;
}

/** The documents that hold specifications: id `<index>#<collection>`, content `{ index, collection, validation }`. */
export class SpecificationRecords {
  readonly #store: DocumentStore;
  readonly #clock: Clock;
  readonly #collection: CollectionRef;

  constructor(store: DocumentStore, clock: Clock, collection: CollectionRef) {
    this.#store = store;
    this.#clock = clock;
    this.#collection = collection;
  }

  /** All of them, up to `limit`. `ignored` holds the ids of documents that are something else. */
  async list(limit: number): Promise<{ records: SpecificationRecord[]; ignored: string[] }> {
    const records: SpecificationRecord[] = [];
    const ignored: string[] = [];
    for await (const batch of this.#store.walk(this.#collection, { match_all: {} })) {
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
    const document = await this.#store.find(this.#collection, idOf(target));
    return document && (JSON.parse(document.source) as JSONObject); // stored documents are objects
  }

  async put({ index, collection }: CollectionRef, validation: JSONObject): Promise<void> {
    const content = withMetadata({ index, collection, validation }, replaced(null, this.#clock.now()));
    await this.#write({ kind: "index", id: idOf({ index, collection }), source: JSON.stringify(content) });
  }

  async delete(target: CollectionRef): Promise<void> {
    await this.#write({ kind: "delete", id: idOf(target) });
  }

  async #write(operation: WriteOperation & { readonly id: string }): Promise<void> {
    const [outcome] = await this.#store.write(this.#collection, [operation], { refresh: true });
    if (outcome === undefined || outcome.ok) return;
    if (operation.kind === "delete" && outcome.failure.reason === "missing") return;
    throw writeError(outcome.failure, operation.id, this.#collection);
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
