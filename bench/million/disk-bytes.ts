import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** What a folder takes on the disk, bytes allocated. */
export function diskBytes(folder: string): number {
  let total = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    // Files may go while we look.
    total += (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.blocks ?? 0) * 512;
  }
  return total;
}
