import type { JSONObject, KuzzleRequest } from "../kernel/index.ts";

/** What happened to one document. */
export interface DocumentChange {
  readonly action: "create" | "update" | "replace" | "delete";
  readonly id: string;
  /** The whole new content; for `delete` the last one. */
  readonly source: JSONObject;
  /** What else the notification's result carries: `_version`, `created`, `status`. */
  readonly extra?: JSONObject;
  /** Dotted paths of what an update changed. */
  readonly updatedFields?: readonly string[];
}

/** Who wants to hear of changes. */
export interface ChangeListener {
  /** False when nobody could be interested: then nothing needs to be collected. */
  readonly watches: (index: string, collection: string) => boolean;
  /** Called before the write is answered, in the order of the writes. Must not throw. */
  readonly onChanges: (
    request: KuzzleRequest,
    index: string,
    collection: string,
    changes: readonly DocumentChange[],
  ) => void;
}

/** The feed of changes: the data room tells, the composition root connects who listens. */
export class ChangeFeed {
  readonly #listeners: ChangeListener[] = [];

  listen(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }

  isWatched(index: string, collection: string): boolean {
    return this.#listeners.some(({ watches }) => watches(index, collection));
  }

  publish(request: KuzzleRequest, index: string, collection: string, changes: readonly DocumentChange[]): void {
    if (changes.length === 0) return;
    for (const listener of this.#listeners) {
      if (listener.watches(index, collection)) listener.onChanges(request, index, collection, changes);
    }
  }
}

/** Dotted paths of the leaves of an update: objects are descended, `_kuzzle_info` is left out at every level. */
export function changedPaths(changes: JSONObject, prefix = "", paths: string[] = []): readonly string[] {
  for (const [key, value] of Object.entries(changes)) {
    if (key === "_kuzzle_info") continue;
    const path = prefix === "" ? key : `${prefix}.${key}`;
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      changedPaths(value as JSONObject, path, paths);
    else paths.push(path);
  }
  return paths;
}
