import { join } from "node:path";
import type { Clock, Logger } from "../kernel/index.ts";
import { createEmbeddedStore, type DocumentStore } from "../stores/documents/index.ts";
import { createEmbeddedMemoryStore, type MemoryStore } from "../stores/memory/index.ts";
import { IndexBuilds } from "./index-builds.ts";
import { reportRebuild } from "./rebuild-progress.ts";

export interface Stores extends AsyncDisposable {
  readonly documents: DocumentStore;
  readonly memory: MemoryStore;
  readonly builds: IndexBuilds;
}

export interface StoresParts {
  /** Where the data lives; ":memory:" keeps nothing. */
  readonly directory: string;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Opens the engines of one server: the only place that names concrete ones. A failure closes what was open. */
export async function openStores({ directory, log, clock }: StoresParts): Promise<Stores> {
  const builds = new IndexBuilds();
  builds.listen(reportRebuild(log));
  const onRebuild = builds.tell.bind(builds);
  const documents = await createEmbeddedStore({ directory, log: log.child("store"), clock, onRebuild });
  try {
    // After the documents, whose engine makes the directory and locks it against a second process.
    const options = { clock, log: log.child("memory") };
    const memory = createEmbeddedMemoryStore(
      directory === ":memory:" ? options : { ...options, directory: join(directory, "memory") },
    );
    return {
      documents,
      memory,
      builds,
      async [Symbol.asyncDispose]() {
        await memory[Symbol.asyncDispose]();
        await documents[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await documents[Symbol.asyncDispose]();
    throw error;
  }
}
