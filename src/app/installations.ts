import { kerrorFrom, type Logger } from "../kernel/index.ts";
import type { DocumentStore } from "../stores/documents/index.ts";

/** Something that an application does once in the life of its database. */
export interface Installation {
  readonly id: string;
  readonly handler: () => unknown;
  readonly description: string | undefined;
}

export interface InstallationParts {
  readonly installations: readonly Installation[];
  /** Calls a handler in the name of the application. */
  readonly run: (handler: () => unknown) => Promise<unknown>;
  readonly store: DocumentStore;
  /** The server's private index. */
  readonly index: string;
  readonly now: () => number;
  readonly log: Logger;
}

/**
 * Runs, in their order, those that never ran on this database; what ran is kept in the collection `installations`.
 * Error: `plugin.runtime.unexpected_installation_error` (500), the start ends with it.
 */
export async function runInstallations({
  installations,
  run,
  store,
  index,
  now,
  log,
}: InstallationParts): Promise<void> {
  const target = { index, collection: "installations" };
  for (const { id, handler, description } of installations) {
    if ((await store.find(target, id)) !== undefined) continue;
    try {
      await run(handler);
    } catch (error) {
      throw kerrorFrom(error, "plugin.runtime.unexpected_installation_error", id, error);
    }
    const trace = { description, handler: handler.toString(), installedAt: now() };
    await store.write(target, [{ kind: "create", id, source: JSON.stringify(trace) }], { refresh: true });
    log.info("server.installed", { installation: id });
  }
}
