import { lstatSync, readdirSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { isIgnored } from "./ignored-files.ts";
import { WatchedFolder } from "./watched-folder.ts";

export interface ApplicationFolders {
  readonly root: string;
  /** The code of the application is in the root, outside of its plugins. */
  readonly hasCode: boolean;
  /** The file that `--config` names. */
  readonly configFile: string | undefined;
}

/** What has changed in an application. */
export type Change =
  /** A plugin: `path` is its folder in `plugins/enabled`, `file` is from there, "" for the folder itself. */
  | { readonly kind: "plugin"; readonly path: string; readonly file: string }
  /** Configuration, protocols or the application's own code; `file` is from the root. */
  | { readonly kind: "application"; readonly file: string };

/** Tops of the root that are not the application's code: others watch them, or the server writes there. */
const notCode = new Set(["plugins", "protocols", "config", "data", "dump"]);

/** Watches all that a server is made of. The answer ends it. */
export function watchApplication(
  { root, hasCode, configFile }: ApplicationFolders,
  onChange: (change: Change) => void,
): () => void {
  const enabled = join(root, "plugins", "enabled");
  const linked = new LinkedPlugins(enabled, onChange);
  const onApplication = (path: string): void => {
    // A plugin may be linked from anywhere, also from inside of the application.
    if (!linked.contains(path)) onChange({ kind: "application", file: relative(root, path) });
  };
  const watched = [
    new WatchedFolder(enabled, {
      recursive: true,
      isIgnored,
      onChange: (path) => {
        linked.refresh();
        const [plugin = "", ...file] = path.split(sep);
        if (plugin !== "") onChange({ kind: "plugin", path: join(enabled, plugin), file: file.join(sep) });
        else for (const name of linked.names()) onChange({ kind: "plugin", path: join(enabled, name), file: "" });
      },
    }),
    new WatchedFolder(root, {
      recursive: hasCode,
      isIgnored: (path) => !isConfiguration(path) && (!hasCode || !isCode(path)),
      onChange: (path) => onApplication(join(root, path)),
    }),
    ...[join(root, "config"), join(root, "protocols", "enabled")].map(
      (folder) =>
        new WatchedFolder(folder, {
          recursive: true,
          isIgnored,
          onChange: (path) => onApplication(join(folder, path)),
        }),
    ),
    ...(configFile === undefined ? [] : [watchFile(resolve(root, configFile), onApplication)]),
  ];
  return () => {
    linked.close();
    for (const folder of watched) folder.close();
  };
}

const isConfiguration = (path: string): boolean => path === ".kuzzlerc" || path === ".tenonrc";

function isCode(path: string): boolean {
  const [top = ""] = path.split(sep);
  return !notCode.has(top) && !isIgnored(path) && !/\.(log|md)$/.test(path);
}

/** By its folder: editors put another file in its place. */
function watchFile(file: string, onChange: (path: string) => void): WatchedFolder {
  return new WatchedFolder(dirname(file), {
    recursive: false,
    isIgnored: (path) => path !== basename(file),
    onChange: () => onChange(file),
  });
}

/** Plugins whose folder in `plugins/enabled` is a link: their files are elsewhere. */
class LinkedPlugins {
  readonly #enabled: string;
  readonly #onChange: (change: Change) => void;
  /** By name of the link. */
  readonly #watched = new Map<string, { readonly target: string; readonly folder: WatchedFolder }>();
  #names = new Set<string>();

  constructor(enabled: string, onChange: (change: Change) => void) {
    this.#enabled = enabled;
    this.#onChange = onChange;
    this.refresh();
  }

  /** All that is or was in `plugins/enabled`, linked or not. */
  names(): readonly string[] {
    return [...this.#names];
  }

  contains(path: string): boolean {
    return this.#watched.values().some(({ target }) => path === target || path.startsWith(target + sep));
  }

  /** Looks which links there are. A link to nothing stays watched: what it leads to may come back. */
  refresh(): void {
    const names = namesIn(this.#enabled);
    this.#names = new Set([...this.#names, ...names]);
    for (const [name, { target, folder }] of this.#watched) {
      const now = names.includes(name) ? targetOf(join(this.#enabled, name)) : undefined;
      if (names.includes(name) && (now === undefined || now === target)) continue;
      folder.close();
      this.#watched.delete(name);
    }
    for (const name of names) {
      const target = targetOf(join(this.#enabled, name));
      if (target !== undefined && !this.#watched.has(name)) this.#watch(name, target);
    }
  }

  #watch(name: string, target: string): void {
    const path = join(this.#enabled, name);
    const onChange = (file: string): void => this.#onChange({ kind: "plugin", path, file });
    this.#watched.set(name, { target, folder: new WatchedFolder(target, { recursive: true, isIgnored, onChange }) });
  }

  close(): void {
    for (const { folder } of this.#watched.values()) folder.close();
    this.#watched.clear();
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith("."));
  } catch {
    return []; // not there, or not now
  }
}

/** Where a link leads; undefined when it is none, or leads nowhere. */
function targetOf(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? realpathSync(path) : undefined;
  } catch {
    return undefined;
  }
}
