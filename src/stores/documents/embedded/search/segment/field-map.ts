import type { FieldStore } from "./field-store.ts";
import type { FieldTable } from "./space.ts";

/** Fields that are all in memory. */
export class FieldMap<F extends FieldStore = FieldStore> implements FieldTable {
  readonly #fields = new Map<string, F>();

  get memory(): number {
    let total = 0;
    for (const { memory } of this.#fields.values()) total += memory;
    return total;
  }

  get size(): number {
    return this.memory;
  }

  names(): Iterable<string> {
    return this.#fields.keys();
  }

  get(path: string): F | undefined {
    return this.#fields.get(path);
  }

  set(path: string, field: F): void {
    this.#fields.set(path, field);
  }

  [Symbol.iterator](): Iterator<readonly [string, F]> {
    return this.#fields.entries();
  }
}
