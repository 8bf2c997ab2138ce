import { KuzzleError, kerrorFrom, type Logger } from "../../../kernel/index.ts";
import type { CollectionRef } from "../document-store.ts";
import type { Engine } from "./engine.ts";
import { asReadError } from "./rows/sqlite-error.ts";
import { unknownCollection } from "./store-arguments.ts";

/** What failures of point reads are to the caller, and to the log. */
export class ReadFailures {
  readonly #engine: Engine;
  readonly #log: Logger;
  /** Collections in which damaged data was met. */
  readonly #damaged = new Set<number>();

  constructor(engine: Engine, log: Logger) {
    this.#engine = engine;
    this.#log = log;
  }

  /** The tables of a collection go with the commit of its deletion, a moment before the deletion is answered. */
  errorOf(target: CollectionRef, collection: number, error: unknown): KuzzleError {
    const known = asReadError(error);
    if (known instanceof KuzzleError) {
      this.#tellOfDamage(target, collection, known);
      return known;
    }
    if (this.#engine.reader.collection(collection) === undefined) return unknownCollection(target);
    return kerrorFrom(
      error,
      "services.storage.unexpected_error",
      error instanceof Error ? error.message : String(error),
    );
  }

  /** Once for each collection. */
  #tellOfDamage({ index, collection }: CollectionRef, id: number, { message }: KuzzleError): void {
    if (this.#damaged.has(id)) return;
    this.#damaged.add(id);
    this.#log.error("documents.damaged", { index, collection, message });
  }
}
