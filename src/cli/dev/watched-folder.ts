import { type Dirent, existsSync, type FSWatcher, readdirSync, watch } from "node:fs";
import { basename, join } from "node:path";

export interface WatchedFolderOptions {
  /** What lies in its folders, too. Links are not followed. */
  readonly recursive: boolean;
  /** Takes a path from the folder. What is ignored is not even looked into. */
  readonly isIgnored: (path: string) => boolean;
  /** `path` is from the folder; "" when it has come or gone itself. */
  readonly onChange: (path: string) => void;
  /** The system does not let it be watched: told once. */
  readonly onError: (error: Error) => void;
}

/** How often a folder that is not there is looked for. */
const lookAgainMs = 150;

/** Sooner than what has happened is acted on. */
const openAgainMs = 30;

/**
 * A folder under observation, which may not exist yet, and may be deleted and put back.
 *
 * One watcher for each folder of the tree, all of them made anew after whatever happens: the recursive watcher of Node goes on with a folder
 * that is gone when another was put in its place in the same moment, as version control does.
 */
export class WatchedFolder {
  readonly #folder: string;
  readonly #options: WatchedFolderOptions;
  /** By path from the folder. Empty while it is not there. */
  #watchers: ReadonlyMap<string, FSWatcher> = new Map();
  #lookingAgain: NodeJS.Timeout | undefined;
  #openingAgain: NodeJS.Timeout | undefined;
  #hasFailed = false;
  #isClosed = false;

  constructor(folder: string, options: WatchedFolderOptions) {
    this.#folder = folder;
    this.#options = options;
    this.#open();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#lookingAgain);
    clearTimeout(this.#openingAgain);
    for (const watcher of this.#watchers.values()) watcher.close();
  }

  /** Looks anew which folders there are. */
  refresh(): void {
    clearTimeout(this.#openingAgain);
    this.#openingAgain = setTimeout(() => this.#openAgain(), openAgainMs);
  }

  #open(): void {
    clearTimeout(this.#lookingAgain);
    if (this.#isClosed) return;
    const watchers = new Map<string, FSWatcher>();
    for (const path of this.#folders()) {
      const watcher = this.#watch(path);
      if (watcher !== undefined) watchers.set(path, watcher);
    }
    this.#watchers = watchers;
    if (watchers.size === 0) this.#lookAgain();
  }

  #lookAgain(): void {
    this.#lookingAgain = setTimeout(() => {
      this.#open();
      if (this.#watchers.size > 0) this.#options.onChange("");
    }, lookAgainMs);
  }

  /** Paths of all folders to watch, its own first. */
  *#folders(path = ""): Generator<string> {
    yield path;
    if (!this.#options.recursive) return;
    for (const entry of this.#entries(path)) {
      if (entry.isDirectory()) yield* this.#folders(join(path, entry.name));
    }
  }

  #entries(path: string): readonly Dirent[] {
    try {
      const entries = readdirSync(join(this.#folder, path), { withFileTypes: true });
      return entries.filter(({ name }) => !this.#options.isIgnored(join(path, name)));
    } catch {
      return []; // gone in this very moment
    }
  }

  #watch(path: string): FSWatcher | undefined {
    try {
      const watcher = watch(join(this.#folder, path));
      watcher.on("change", (_, name) => this.#onEvent(path, String(name ?? "")));
      watcher.on("error", (error) => this.#onFailure(error));
      return watcher;
    } catch (error) {
      this.#onFailure(error as Error);
      return undefined;
    }
  }

  #onFailure(error: Error): void {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EPERM" || this.#hasFailed) return; // it is gone, or was told
    this.#hasFailed = true;
    this.#options.onError(error);
  }

  #onEvent(folder: string, name: string): void {
    if (this.#isClosed) return;
    this.refresh();
    const path = join(folder, name);
    if (this.#isOfItself(folder, name)) {
      if (folder === "") this.#options.onChange("");
    } else if (name !== "" && !this.#options.isIgnored(path)) this.#options.onChange(path);
  }

  /** That a folder is gone is told by its own watcher, under the folder's name. */
  #isOfItself(folder: string, name: string): boolean {
    const path = join(this.#folder, folder);
    return name === basename(path) && !existsSync(join(path, name));
  }

  #openAgain(): void {
    const former = this.#watchers;
    if (former.size === 0) return; // is being looked for
    this.#open();
    if (this.#watchers.size === 0) this.#options.onChange("");
    // What was written into a new folder before it was watched.
    for (const path of this.#watchers.keys()) {
      if (former.has(path)) continue;
      for (const entry of this.#entries(path)) if (entry.isFile()) this.#options.onChange(join(path, entry.name));
    }
    // Both for a while: what the former ones have seen and not told yet would be lost.
    setTimeout(() => {
      for (const watcher of former.values()) watcher.close();
    }, openAgainMs).unref();
  }
}
