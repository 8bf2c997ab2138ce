import { join, resolve } from "node:path";
import type { WrittenBackup } from "../api/index.ts";
import type { Operation } from "../data/index.ts";
import { BadRequestError, type Clock, type Logger, PreconditionError } from "../kernel/index.ts";
import { backUp, OperationFailure, readTenonVersion } from "../operation/index.ts";

export interface BackupsDeps {
  /** The data directory; ":memory:" when nothing is kept. */
  readonly data: string;
  readonly root: string;
  /** `tenon.backup.path`: where the backups lie; "" when the API may write none. */
  readonly path: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Backups that a client asks for: the very ones of `tenon backup`, in one folder and nowhere else. */
export class Backups {
  readonly #deps: BackupsDeps;
  #current: { readonly running: Operation; readonly work: Promise<unknown> } | undefined;

  constructor(deps: BackupsDeps) {
    this.#deps = deps;
  }

  /**
   * Writes the folder `<path>/<name>`, named for the instant unless it is given a name.
   * Errors: `BadRequestError` for a name that is none of a folder, `PreconditionError` for what an operator can put right.
   */
  async write(name: string | undefined, running: Operation): Promise<WrittenBackup> {
    const { clock } = this.#deps;
    const given = name ?? `${new Date(clock.now()).toISOString().replaceAll(/[-:]|\.\d+/g, "")}`;
    const destination = this.#placeOf(given);
    const work = this.#write(given, destination, running);
    this.#current = { running, work };
    try {
      return await work;
    } finally {
      this.#current = undefined;
    }
  }

  /** Cancels the one that runs, and waits until nothing is left of it. */
  async close(): Promise<void> {
    const { running, work } = this.#current ?? {};
    running?.cancel();
    await work?.catch(() => {});
  }

  #placeOf(name: string): string {
    const { data, path, root } = this.#deps;
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) {
      throw new BadRequestError(
        `"name" is the name of a folder: at most 100 letters, digits, "-", "_" and ".", of which the first is a letter or a digit.`,
      );
    }
    if (path === "") throw new PreconditionError('No folder is there for backups. Name one in "tenon.backup.path".');
    if (data === ":memory:")
      throw new PreconditionError("This server keeps its data in memory: there is nothing to back up.");
    return join(resolve(root, path), name);
  }

  async #write(name: string, destination: string, running: Operation): Promise<WrittenBackup> {
    const { data: directory, log } = this.#deps;
    const startedAt = performance.now();
    try {
      const { createdAt, collections, files } = await backUp({
        ...{ directory, destination, tenon: readTenonVersion(), signal: running.signal },
        onProgress: (written, ofAbout) => {
          running.expect(ofAbout);
          running.reach(written);
        },
      });
      const documents = collections.reduce((sum, one) => sum + one.documents, 0);
      const bytes = files.reduce((sum, one) => sum + one.bytes, 0);
      const durationMs = Math.round(performance.now() - startedAt);
      log.info("backup.written", { path: destination, documents, bytes, durationMs });
      return { name, createdAt, documents, bytes };
    } catch (error) {
      throw error instanceof OperationFailure ? new PreconditionError(error.message) : error;
    }
  }
}
