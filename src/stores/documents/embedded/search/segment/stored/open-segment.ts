import { FrozenSegment } from "../frozen-segment.ts";
import { FrozenSpace } from "../frozen-space.ts";
import { asDamage, DamagedSegment, type StoredSpace } from "./directory.ts";
import type { FieldBudget } from "./field-budget.ts";
import { SegmentFile } from "./segment-file.ts";
import { StoredFields } from "./stored-fields.ts";

/** A frozen segment whose fields lie in a file. */
export interface StoredSegment {
  readonly segment: FrozenSegment;
  /** No new search will read it; those that run may. The file is let go with the last of them. */
  retire(): void;
  /** Lets go of the file at once: nobody reads any more. */
  close(): void;
}

/** Files of segments that were retired. */
const retired = new FinalizationRegistry<SegmentFile>((file) => file.close());

/**
 * Opens a stored segment; of its fields nothing is read yet, unless they are there in `loaded`, from which it was written.
 * Throws {@link DamagedSegment}.
 */
export function openSegment(path: string, budget: FieldBudget, loaded?: FrozenSegment): StoredSegment {
  const file = new SegmentFile(path);
  try {
    const tables: StoredFields[] = [];
    const spaces = new Map<string, FrozenSpace>();
    for (const space of file.directory.spaces) {
      const table = new StoredFields(file, space.fields, budget, space.count);
      for (const [name, field] of loaded?.space(space.path)?.fields ?? []) table.keep(name, field);
      tables.push(table);
      const parent = space.parent === undefined ? undefined : spaces.get(space.parent);
      const parentOf = u32(file.read(space.parentOf, `${space.path} parentOf`));
      checkParents(space, parentOf, parent);
      spaces.set(space.path, new FrozenSpace(space.path, parent, table, space.count, parentOf));
    }
    const segment = new FrozenSegment(u32(file.read(file.directory.docNumbers, "docNumbers")), spaces);
    if (segment.docNumbers.length !== segment.root.count) throw new DamagedSegment("Its documents are not all there.");
    // Documents have an id, whatever else they have.
    if (segment.root.count > 0 && ![...segment.root.fields.names()].includes("_id"))
      throw new DamagedSegment("Its documents have no ids.");
    const release = (): void => {
      for (const table of tables) table.release();
    };
    return {
      segment,
      retire: () => {
        release();
        retired.register(segment, file, file);
      },
      close: () => {
        retired.unregister(file);
        release();
        file.close();
      },
    };
  } catch (error) {
    file.close();
    throw asDamage(path, error);
  }
}

function checkParents(space: StoredSpace, parentOf: Uint32Array, parent: FrozenSpace | undefined): void {
  const { path, count, parent: parentPath } = space;
  let isWhole = Number.isInteger(count) && count >= 0 && (parent === undefined) === (parentPath === undefined);
  if (parent !== undefined) {
    isWhole &&= parentOf.length === count;
    let last = 0;
    for (let i = 0; isWhole && i < parentOf.length; i++) {
      const own = parentOf[i] as number;
      isWhole = own >= last && own < parent.count;
      last = own;
    }
  }
  if (!isWhole) throw new DamagedSegment(`The objects of "${path}" do not fit their parents.`);
}

function u32(column: unknown): Uint32Array {
  if (column instanceof Uint32Array) return column;
  throw new DamagedSegment("A column has another type than its place says.");
}
