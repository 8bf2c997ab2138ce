import { resolve } from "node:path";
import { restore } from "../../operation/index.ts";
import { summaryOf } from "./backup.ts";
import { answer, runDataCommand, say } from "./run-data-command.ts";

/** `tenon restore BACKUP`. Answers the exit code. */
export function restoreBackup(argv: readonly string[]): Promise<number> {
  return runDataCommand("restore", argv, { word: "BACKUP", flag: "force" }, async ({ directory, word, json, flag }) => {
    const backup = resolve(word);
    say("restore", `${backup} -> ${directory}`);
    const manifest = restore({ backup, directory, force: flag, onStep: (what) => say("restore", what) });
    await answer(json ? JSON.stringify(manifest) : summaryOf(directory, manifest));
    return 0;
  });
}
