import { type FSWatcher, watch } from "node:fs";
import { basename } from "node:path";

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

/** A folder under observation, which may not exist yet, and may be deleted and put back. */
export class WatchedFolder {
  readonly #folder: string;
  readonly #options: WatchedFolderOptions;
  #watchers: readonly FSWatcher[] = [];
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
    for (const watcher of this.#watchers) watcher.close();
  }

  /** Looks anew which folders there are. A watcher that saw one deleted and put back in a moment would go on with the one that is gone. */
  refresh(): void {
    clearTimeout(this.#openingAgain);
    this.#openingAgain = setTimeout(() => this.#openAgain(), openAgainMs);
  }

  #open(): void {
    clearTimeout(this.#lookingAgain);
    if (this.#isClosed) return;
    const watchers: FSWatcher[] = [];
    try {
      // Of the folder itself, whose end the one that follows the tree would not tell when it is put back in the same moment.
      watchers.push(this.#watch({}, (kind, name) => this.#onOwnEvent(kind, name)));
      if (this.#options.recursive) {
        watchers.push(this.#watch({ recursive: true }, (kind, path) => this.#onEvent(kind, path)));
      }
      this.#watchers = watchers;
    } catch (error) {
      for (const watcher of watchers) watcher.close();
      this.#onFailure(error as Error);
    }
  }

  #watch(options: { readonly recursive?: boolean }, onEvent: (kind: string, path: string) => void): FSWatcher {
    // The plain one gets all events: it would not tell of itself when its name were ignored.
    const watcher = watch(
      this.#folder,
      options.recursive === true ? { ...options, ignore: this.#options.isIgnored } : {},
    );
    watcher.on("change", (kind, name) => {
      if (!this.#isClosed) onEvent(kind, String(name ?? ""));
    });
    watcher.on("error", (error) => this.#onFailure(error));
    return watcher;
  }

  #onFailure(error: Error): void {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR" && !this.#hasFailed) {
      this.#hasFailed = true;
      this.#options.onError(error);
    }
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
    this.#lookAgain();
  }

  #lookAgain(): void {
    clearTimeout(this.#lookingAgain);
    this.#lookingAgain = setTimeout(() => {
      this.#open();
      if (this.#watchers.length > 0) this.#options.onChange("");
    }, lookAgainMs);
  }

  /** An event of the folder itself has its name, others have that of what lies in it. */
  #onOwnEvent(kind: string, name: string): void {
    if (name === basename(this.#folder)) {
      this.refresh();
      this.#options.onChange("");
    } else if (!this.#options.recursive) this.#onEvent(kind, name);
  }

  #onEvent(kind: string, path: string): void {
    if (kind === "rename") this.refresh();
    if (path !== "" && !this.#options.isIgnored(path)) this.#options.onChange(path);
  }

  #openAgain(): void {
    const former = this.#watchers;
    if (former.length === 0) return; // is being looked for
    this.#watchers = [];
    this.#open();
    if (this.#watchers.length === 0) this.#options.onChange("");
    // Both for a while: what the former ones have seen and not told yet would be lost.
    setTimeout(() => {
      for (const watcher of former) watcher.close();
    }, openAgainMs).unref();
  }
}
