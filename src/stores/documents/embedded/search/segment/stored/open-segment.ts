import { FrozenSegment } from "../frozen-segment.ts";
import { FrozenSpace } from "../frozen-space.ts";
import { DamagedSegment } from "./directory.ts";
import type { FieldBudget } from "./field-budget.ts";
import { SegmentFile } from "./segment-file.ts";
import { StoredFields } from "./stored-fields.ts";

/** A frozen segment whose fields lie in a file. */
export interface StoredSegment {
  readonly segment: FrozenSegment;
  /** The file is needed no more. Fields that are in memory stay readable. */
  close(): void;
}

/** Opens a stored segment; of its fields nothing is read yet. Throws {@link DamagedSegment}. */
export function openSegment(path: string, budget: FieldBudget): StoredSegment {
  const file = new SegmentFile(path);
  try {
    const { docNumbers, spaces: stored } = file.directory;
    const spaces = new Map<string, FrozenSpace>();
    const tables: StoredFields[] = [];
    for (const { path: name, parent, count, parentOf, fields } of stored) {
      const table = new StoredFields(file, fields, budget);
      tables.push(table);
      const parents = u32(file.read(parentOf));
      spaces.set(
        name,
        new FrozenSpace(name, parent === undefined ? undefined : spaces.get(parent), table, count, parents),
      );
    }
    const segment = new FrozenSegment(u32(file.read(docNumbers)), spaces);
    return {
      segment,
      close: () => {
        for (const table of tables) table.release();
        file.close();
      },
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

function u32(column: unknown): Uint32Array {
  if (column instanceof Uint32Array) return column;
  throw new DamagedSegment("A column has another type than its place says.");
}
