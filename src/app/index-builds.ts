import type { RebuildProgress } from "../stores/documents/index.ts";

type Listener = (progress: RebuildProgress) => void;

/** What the engine tells of the search indexes that it builds, from before there is anybody to hear of it. */
export class IndexBuilds {
  readonly #running = new Map<string, RebuildProgress>();
  readonly #listeners: Listener[] = [];

  tell(progress: RebuildProgress): void {
    const key = `${progress.index}/${progress.collection}`;
    if (progress.done < progress.total) this.#running.set(key, progress);
    else this.#running.delete(key);
    for (const listener of this.#listeners) listener(progress);
  }

  /** Hears of those that run already, too. */
  listen(listener: Listener): void {
    this.#listeners.push(listener);
    for (const progress of this.#running.values()) listener(progress);
  }
}
