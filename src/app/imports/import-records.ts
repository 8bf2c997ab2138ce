import { createHash } from "node:crypto";
import { isPlainObject } from "../../kernel/index.ts";
import type { CollectionRef, DocumentStore } from "../../stores/documents/index.ts";

/** Kinds of content that are loaded at the start. */
export type ImportKind = "userMappings" | "formerMappings" | "mappings" | "fixtures" | "permissions";

const idOf = (kind: ImportKind): string => `backend:init:import:${kind}`;

/** What was loaded at earlier starts, by fingerprint: documents `{ hash }` of the collection `imports` (contract/search.md section 13). */
export class ImportRecords {
  readonly #store: DocumentStore;
  readonly #target: CollectionRef;

  /** `index`: the server's private one. */
  constructor(store: DocumentStore, index: string) {
    this.#store = store;
    this.#target = { index, collection: "imports" };
  }

  async has(kind: ImportKind, content: unknown): Promise<boolean> {
    const stored = await this.#store.find(this.#target, idOf(kind));
    return stored?.source === JSON.stringify({ hash: fingerprint(content) });
  }

  async remember(kind: ImportKind, content: unknown): Promise<void> {
    const source = JSON.stringify({ hash: fingerprint(content) });
    await this.#store.write(this.#target, [{ kind: "index", id: idOf(kind), source }], { refresh: true });
  }

  /** The next start loads this kind again. */
  async forget(kind: ImportKind): Promise<void> {
    await this.#store.write(this.#target, [{ kind: "delete", id: idOf(kind) }], { refresh: true });
  }
}

/** SHA-256 of the JSON text with sorted keys: the order in which things were declared does not count. */
function fingerprint(content: unknown): string {
  const text = JSON.stringify(content, (_, value: unknown) =>
    isPlainObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
  return createHash("sha256").update(text).digest("hex");
}
