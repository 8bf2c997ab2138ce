/** Operating the data directory of the embedded engines: backup, restore, check, compaction. For a server that runs and for one that does not. */
export { type BackupOptions, backUp } from "./backup.ts";
export { type CheckReport, checkData, type RepairReport } from "./check.ts";
export { type CompactReport, compactData } from "./compact.ts";
export { OperationFailure } from "./failure.ts";
export { type BackupManifest, readManifest } from "./manifest.ts";
export { type RestoreOptions, restore } from "./restore.ts";
export { textOfSize } from "./sizes.ts";
export { readTenonVersion } from "./tenon-version.ts";
