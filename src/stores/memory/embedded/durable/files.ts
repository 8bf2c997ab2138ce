import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";

const pattern = /^(journal|snapshot)-(\d{8})\.jsonl$/;

/** The files of a directory: a snapshot of everything up to a number, and the journals after it. */
export interface Files {
  readonly snapshot: number | undefined;
  /** Numbers of the journals to be played after the snapshot, ascending. */
  readonly journals: readonly number[];
  /** Paths that the snapshot has made superfluous. */
  readonly stale: readonly string[];
}

export const pathOf = (directory: string, kind: "journal" | "snapshot", number: number): string =>
  join(directory, `${kind}-${String(number).padStart(8, "0")}.jsonl`);

/** `upTo` leaves out later journals. */
export function listFiles(directory: string, upTo = Number.POSITIVE_INFINITY): Files {
  const numbers: { journal: number[]; snapshot: number[] } = { journal: [], snapshot: [] };
  for (const name of readdirSync(directory)) {
    const [, kind, number] = pattern.exec(name) ?? [];
    if (kind === "journal" || kind === "snapshot") numbers[kind].push(Number(number));
  }
  const snapshot = numbers.snapshot.length === 0 ? undefined : Math.max(...numbers.snapshot);
  const covered = snapshot ?? -1;
  return {
    snapshot,
    journals: numbers.journal.filter((number) => number > covered && number <= upTo).sort((a, b) => a - b),
    stale: [
      ...numbers.journal.filter((number) => number <= covered).map((number) => pathOf(directory, "journal", number)),
      ...numbers.snapshot.filter((number) => number < covered).map((number) => pathOf(directory, "snapshot", number)),
    ],
  };
}

/** Bytes of the journals that no snapshot covers. */
export function journalBytes(directory: string): number {
  let bytes = 0;
  for (const number of listFiles(directory).journals) bytes += statSync(pathOf(directory, "journal", number)).size;
  return bytes;
}

const chunkBytes = 1024 * 1024;
const newline = 10;

/** Complete lines of a file, one at a time. What follows the last line break was torn by a crash, and is left out. */
export function* readLines(path: string): Generator<string> {
  const file = openSync(path, "r");
  try {
    // Of a line that is longer than a chunk.
    let parts: Buffer[] = [];
    for (;;) {
      const chunk = Buffer.allocUnsafe(chunkBytes);
      const length = readSync(file, chunk, 0, chunkBytes, null);
      if (length === 0) return;
      let start = 0;
      for (let end = chunk.indexOf(newline); end >= 0 && end < length; end = chunk.indexOf(newline, start)) {
        const tail = chunk.subarray(start, end);
        yield parts.length === 0 ? tail.toString("utf8") : Buffer.concat([...parts, tail]).toString("utf8");
        parts = [];
        start = end + 1;
      }
      if (start < length) parts.push(chunk.subarray(start, length));
    }
  } finally {
    closeSync(file);
  }
}
