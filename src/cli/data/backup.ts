import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { type BackupManifest, backUp, readTenonVersion, textOfSize } from "../../operation/index.ts";
import { answer, runDataCommand, say } from "./run-data-command.ts";

/** `tenon backup DESTINATION`. Answers the exit code. */
export function backup(argv: readonly string[]): Promise<number> {
  return runDataCommand("backup", argv, { word: "DESTINATION" }, async ({ directory, word, json }) => {
    const destination = resolve(word);
    const startedAt = performance.now();
    let draft: string | undefined;
    removeWhenInterrupted(() => draft);
    say("backup", `${directory} -> ${destination}`);
    const manifest = await backUp({
      directory,
      destination,
      tenon: readTenonVersion(),
      onDraft: (path) => {
        draft = path;
      },
      onProgress: (written, ofAbout) => say("backup", `${textOfSize(written)} of about ${textOfSize(ofAbout)}`),
    });
    say("backup", `done in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
    await answer(json ? JSON.stringify(manifest) : summaryOf(destination, manifest));
    return 0;
  });
}

/** What a backup or a restore answers people. */
export function summaryOf(place: string, { collections, files, createdAt }: BackupManifest): string {
  const documents = collections.reduce((sum, one) => sum + one.documents, 0);
  const bytes = files.reduce((sum, one) => sum + one.bytes, 0);
  return `${place}: ${documents} documents in ${collections.length} collections, ${textOfSize(bytes)}, as of ${createdAt}`;
}

/** The thread that copies cannot be told to stop: the process goes as the signal would have it, and leaves nothing behind. */
function removeWhenInterrupted(draft: () => string | undefined): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      const path = draft();
      if (path !== undefined) rmSync(path, { recursive: true, force: true });
      process.kill(process.pid, signal);
    });
  }
}
