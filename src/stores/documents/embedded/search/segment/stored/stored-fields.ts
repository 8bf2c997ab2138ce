import { isPlainObject } from "../../../../../../kernel/index.ts";
import type { FieldStore } from "../field-store.ts";
import type { FieldTable } from "../space.ts";
import { checkField } from "./check-field.ts";
import type { Column } from "./columns.ts";
import { asDamage, DamagedSegment, type StoredField } from "./directory.ts";
import type { FieldBudget } from "./field-budget.ts";
import { putTogether } from "./field-parts.ts";
import type { SegmentFile } from "./segment-file.ts";

/**
 * Fields of a stored segment: each is read when it is first asked for, and may be let go again. Reading one throws a `DamagedSegment` when it is
 * not what was written.
 */
export class StoredFields implements FieldTable {
  readonly #file: SegmentFile;
  readonly #stored: ReadonlyMap<string, StoredField>;
  readonly #budget: FieldBudget;
  /** Documents of the space. */
  readonly #count: number;
  readonly #loaded = new Map<string, FieldStore>();

  constructor(file: SegmentFile, stored: Readonly<Record<string, StoredField>>, budget: FieldBudget, count: number) {
    this.#file = file;
    this.#count = count;
    if (!isPlainObject(stored) || !Object.values(stored).every(isPlainObject))
      throw new DamagedSegment("Its fields are not where the directory says.");
    this.#stored = new Map(Object.entries(stored));
    this.#budget = budget;
  }

  get memory(): number {
    let total = 0;
    for (const { memory } of this.#loaded.values()) total += memory;
    return total;
  }

  get size(): number {
    let total = 0;
    for (const { columns } of this.#stored.values())
      for (const [, stored, , , unpacked] of Object.values(columns)) total += unpacked === 0 ? stored : unpacked;
    return total;
  }

  names(): Iterable<string> {
    return this.#stored.keys();
  }

  get(path: string): FieldStore | undefined {
    const loaded = this.#loaded.get(path);
    if (loaded !== undefined) {
      this.#budget.used(this, path);
      return loaded;
    }
    const stored = this.#stored.get(path);
    if (stored === undefined) return undefined;
    const field = this.#read(path, stored);
    this.keep(path, field);
    return field;
  }

  #read(path: string, { kind, numbers, columns: places }: StoredField): FieldStore {
    try {
      const columns: Record<string, Column> = {};
      for (const [name, place] of Object.entries(places)) columns[name] = this.#file.read(place, `${path} ${name}`);
      const field = putTogether({ kind, numbers, columns });
      checkField(path, field, this.#count);
      return field;
    } catch (error) {
      throw asDamage(this.#file.path, error);
    }
  }

  /** A field that is in memory already. */
  keep(path: string, field: FieldStore): void {
    this.#loaded.set(path, field);
    this.#budget.loaded(this, path, field.memory);
  }

  /** Lets a field go; who reads it still has it. */
  drop(path: string): void {
    this.#loaded.delete(path);
  }

  /** Gives what is loaded back to the budget. */
  release(): void {
    this.#budget.release(this, this.#loaded.keys());
  }

  *[Symbol.iterator](): Iterator<readonly [string, FieldStore]> {
    for (const path of this.#stored.keys()) yield [path, this.get(path) as FieldStore];
  }
}
