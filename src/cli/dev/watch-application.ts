import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { isIgnored } from "./ignored-files.ts";
import { PluginFolders } from "./plugin-folders.ts";
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
  onError: (error: Error) => void,
): () => void {
  const plugins = new PluginFolders({
    enabled: join(root, "plugins", "enabled"),
    onError,
    onChange: (path, file) => onChange({ kind: "plugin", path, file }),
  });
  const onApplication = (path: string): void => {
    // A plugin may be linked from anywhere, also from inside of the application.
    if (!plugins.contains(path)) onChange({ kind: "application", file: relative(root, path) });
  };
  const watched = [
    new WatchedFolder(root, {
      recursive: hasCode,
      isIgnored: (path) => !isConfiguration(path) && (!hasCode || !isCode(path)),
      onError,
      onChange: (path) => onApplication(join(root, path)),
    }),
    ...[join(root, "config"), join(root, "protocols", "enabled")].map(
      (folder) =>
        new WatchedFolder(folder, {
          recursive: true,
          isIgnored,
          onError,
          onChange: (path) => onApplication(join(folder, path)),
        }),
    ),
    ...(configFile === undefined ? [] : [watchFile(resolve(root, configFile), onApplication, onError)]),
  ];
  return () => {
    plugins.close();
    for (const folder of watched) folder.close();
  };
}

const isConfiguration = (path: string): boolean => path === ".kuzzlerc" || path === ".tenonrc";

function isCode(path: string): boolean {
  const [top = ""] = path.split(sep);
  return !notCode.has(top) && !isIgnored(path) && !/\.(log|md)$/.test(path);
}

/** By its folder: editors put another file in its place. */
function watchFile(file: string, onChange: (path: string) => void, onError: (error: Error) => void): WatchedFolder {
  return new WatchedFolder(dirname(file), {
    recursive: false,
    isIgnored: (path) => path !== basename(file),
    onError,
    onChange: () => onChange(file),
  });
}
