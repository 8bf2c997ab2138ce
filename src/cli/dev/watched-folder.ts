import { type FSWatcher, statSync, watch } from "node:fs";

export interface WatchedFolderOptions {
  /** What lies in its folders, too. Links are not followed. */
  readonly recursive: boolean;
  /** Takes a path from the folder. What is ignored is not even looked into. */
  readonly isIgnored: (path: string) => boolean;
  /** `path` is from the folder; "" when it has come or gone itself. */
  readonly onChange: (path: string) => void;
}

/** How often a folder that is not there is looked for. */
const lookAgainMs = 150;

/** A folder under observation, which may not exist yet, and may be deleted and put back. */
export class WatchedFolder {
  readonly #folder: string;
  readonly #options: WatchedFolderOptions;
  #watcher: FSWatcher | undefined;
  /** Tells a folder that was put back from the one that was there. */
  #identity: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(folder: string, options: WatchedFolderOptions) {
    this.#folder = folder;
    this.#options = options;
    this.#open();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#watcher?.close();
  }

  #open(): void {
    if (this.#isClosed) return;
    const { recursive, isIgnored } = this.#options;
    this.#identity = identityOf(this.#folder);
    if (this.#identity === undefined) {
      this.#lookAgain();
      return;
    }
    try {
      this.#watcher = watch(this.#folder, { recursive, ignore: isIgnored });
      this.#watcher.on("change", (_, name) => this.#onEvent(String(name ?? "")));
      this.#watcher.on("error", () => this.#openAgain());
    } catch {
      this.#lookAgain(); // gone in this very moment
    }
  }

  #lookAgain(): void {
    this.#timer = setTimeout(() => {
      this.#open();
      if (this.#watcher !== undefined) this.#options.onChange("");
    }, lookAgainMs);
  }

  #onEvent(path: string): void {
    if (this.#isClosed) return;
    if (identityOf(this.#folder) !== this.#identity) this.#openAgain();
    else if (path !== "" && !this.#options.isIgnored(path)) this.#options.onChange(path);
  }

  #openAgain(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#open();
    this.#options.onChange("");
  }
}

const identityOf = (folder: string): number | undefined => statSync(folder, { throwIfNoEntry: false })?.ino;
