import { readdirSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { isIgnored } from "./ignored-files.ts";
import { WatchedFolder } from "./watched-folder.ts";

export interface PluginFoldersParts {
  /** `plugins/enabled` of the root. */
  readonly enabled: string;
  /** `path` is in `plugins/enabled`, `file` is from there; "" for the folder itself. */
  readonly onChange: (path: string, file: string) => void;
  readonly onError: (error: Error) => void;
}

interface Watched {
  /** Where the files are: elsewhere, when the folder is a link. */
  readonly target: string;
  readonly folder: WatchedFolder;
}

/** Watches the folders of all enabled plugins, linked or not. */
export class PluginFolders {
  readonly #parts: PluginFoldersParts;
  /** What lies in `plugins/enabled`, by name. */
  readonly #watched = new Map<string, Watched>();
  readonly #folder: WatchedFolder;

  constructor(parts: PluginFoldersParts) {
    this.#parts = parts;
    const { enabled, onError } = parts;
    this.#folder = new WatchedFolder(enabled, {
      recursive: false,
      isIgnored,
      onError,
      onChange: (name) => this.#onChange(name),
    });
    this.#refresh();
  }

  /** Whether a path is that of a plugin's file. */
  contains(path: string): boolean {
    return this.#watched.values().some(({ target }) => path === target || path.startsWith(target + sep));
  }

  close(): void {
    this.#folder.close();
    for (const { folder } of this.#watched.values()) folder.close();
  }

  #onChange(name: string): void {
    const before = [...this.#watched.keys()];
    this.#refresh();
    // Without a name all may have come or gone.
    const names = name === "" ? new Set([...before, ...this.#watched.keys()]) : [name];
    for (const one of names) this.#parts.onChange(join(this.#parts.enabled, one), "");
  }

  /** What leads nowhere for now stays watched: it may come back. */
  #refresh(): void {
    const { enabled } = this.#parts;
    const names = namesIn(enabled);
    for (const [name, { target, folder }] of this.#watched) {
      const now = names.includes(name) ? targetOf(join(enabled, name)) : "";
      if (now === undefined || now === target) {
        folder.refresh();
        continue;
      }
      folder.close();
      this.#watched.delete(name);
    }
    for (const name of names) {
      const target = targetOf(join(enabled, name));
      if (target !== undefined && !this.#watched.has(name)) this.#watch(name, target);
    }
  }

  #watch(name: string, target: string): void {
    const { enabled, onChange, onError } = this.#parts;
    const folder = new WatchedFolder(target, {
      recursive: true,
      isIgnored,
      onError,
      onChange: (file) => onChange(join(enabled, name), file),
    });
    this.#watched.set(name, { target, folder });
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !isIgnored(name));
  } catch {
    return []; // not there, or not now
  }
}

/** Undefined when it leads nowhere, or to no folder. */
function targetOf(path: string): string | undefined {
  try {
    const target = realpathSync(path);
    return statSync(target).isDirectory() ? target : undefined;
  } catch {
    return undefined;
  }
}
