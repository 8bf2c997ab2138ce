import { mkdirSync } from "node:fs";
import type { Logger } from "../../../../kernel/index.ts";
import type { Keyspace } from "../keyspace.ts";
import { removeStale } from "./compaction.ts";
import { journalBytes, listFiles } from "./files.ts";
import { Journal } from "./journal.ts";
import { recover } from "./recovery.ts";

const defaultCompactAfterBytes = 64 * 1024 * 1024;
/** Each start begins a new file; a few are fine. */
const maxJournals = 16;

export interface OpenJournalOptions {
  readonly directory: string;
  readonly log: Logger;
  readonly compactAfterBytes?: number;
}

/** Fills the keyspace from the directory's files and answers a journal that goes on after them. Reads the files before it returns. */
export function openJournal(keys: Keyspace, options: OpenJournalOptions): Journal {
  const { directory, log, compactAfterBytes = defaultCompactAfterBytes } = options;
  mkdirSync(directory, { recursive: true });
  removeStale(directory);
  const last = recover(directory, keys, log);
  const compactFirst =
    journalBytes(directory) > compactAfterBytes || listFiles(directory).journals.length > maxJournals;
  return new Journal({ directory, number: last + 1, compactAfterBytes, compactFirst, log });
}
