import type { Logger } from "../../../../kernel/index.ts";
import { commands } from "../commands/table.ts";
import type { Keyspace } from "../keyspace.ts";
import { listFiles, pathOf, readLines } from "./files.ts";
import { restoreBytes } from "./snapshot.ts";

export type OnSkippedLine = (path: string, line: number, error: unknown) => void;

/**
 * Plays a snapshot and the journals after it into a keyspace whose clock stands still, so that nothing expires meanwhile: what expired is
 * in the journal. Answers the number of the last file. A line that cannot be read is logged and skipped; `onSkipped` hears of it, too.
 */
export function recover(
  directory: string,
  keys: Keyspace,
  log: Logger,
  upTo?: number,
  onSkipped: OnSkippedLine = () => {},
): number {
  const { snapshot, journals } = listFiles(directory, upTo);
  if (snapshot !== undefined) play(pathOf(directory, "snapshot", snapshot), keys, log, onSkipped);
  for (const number of journals) play(pathOf(directory, "journal", number), keys, log, onSkipped);
  return journals.at(-1) ?? snapshot ?? 0;
}

function play(path: string, keys: Keyspace, log: Logger, onSkipped: OnSkippedLine): void {
  let lineNumber = 0;
  for (const line of readLines(path)) {
    lineNumber++;
    try {
      playLine(JSON.parse(line), keys);
    } catch (err) {
      log.error("memory.journal_line_skipped", { path, lineNumber, err });
      onSkipped(path, lineNumber, err);
    }
  }
}

function playLine(effects: unknown, keys: Keyspace): void {
  if (!Array.isArray(effects)) throw new TypeError("A line of the journal must be a list of commands.");
  for (const effect of effects as readonly unknown[]) {
    if (!Array.isArray(effect)) throw new TypeError("A command of the journal must be a list of texts.");
    const [name = "", ...args] = effect.map(String);
    if (name === restoreBytes) keys.put(args[0] ?? "", Buffer.from(args[1] ?? "", "base64"));
    else if (commands.get(name)?.run(keys, args) === undefined) throw new TypeError(`Unknown command "${name}".`);
  }
}
