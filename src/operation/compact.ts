import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Compacted, compactDocuments, openDataDirectory } from "../stores/documents/index.ts";
import { compactFiles } from "../stores/memory/index.ts";
import { OperationFailure } from "./failure.ts";
import { assertNoBackup } from "./manifest.ts";

/** Bytes of `store.db`. */
export type CompactReport = Compacted;

/** Writes the data anew, without what is free in it. Refused while a server is at work. Errors: {@link OperationFailure}, and those of the disk. */
export function compactData(directory: string): CompactReport {
  if (!existsSync(join(directory, "store.db"))) {
    throw new OperationFailure(
      `There is no data in "${directory}" ("store.db" is missing). Name the directory with --data.`,
    );
  }
  assertNoBackup(directory);
  const data = openDataDirectory(directory);
  try {
    const report = compactDocuments(data.database);
    compactFiles(join(directory, "memory"));
    return report;
  } finally {
    data.release();
  }
}
