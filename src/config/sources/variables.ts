import { assignAt, parsePath } from "../key-path.ts";
import type { Layer } from "../origin.ts";
import { shortForms } from "./sources.ts";

export interface Variables {
  readonly layers: readonly Layer[];
  /** Files named by `kuzzle_config` and `tenon_config`. */
  readonly configs: readonly NamedFile[];
}

export interface NamedFile {
  readonly path: string;
  readonly strict: boolean;
}

/** Read by the vault, and secret: they never enter the configuration. */
const notKeys = new Set(["VAULT_KEY", "SECRETS_FILE"]);

/** `kuzzle_<path>` then `tenon_<path>`, `__` between levels. One layer each, so that an error can name the variable. */
export function readVariables(env: Readonly<Record<string, string | undefined>>): Variables {
  const kuzzle: Layer[] = [];
  const tenon: Layer[] = [];
  const configs: NamedFile[] = [];
  for (const name of variableNames(env)) {
    const strict = /^tenon_/i.test(name);
    const key = name.slice(name.indexOf("_") + 1);
    const value = env[name];
    if (value === undefined || (!strict && notKeys.has(key))) continue;
    if (key === "config") {
      configs.push({ path: value, strict });
      continue;
    }
    const names = namesOf(key, strict);
    if (names.length === 0) continue;
    const tree = {};
    assignAt(tree, parsePath(names), value);
    (strict ? tenon : kuzzle).push({ origin: { label: `variable ${name}`, strict }, tree });
  }
  return { layers: [...kuzzle, ...tenon], configs };
}

/** Sections come before the keys inside them, whatever order the environment has: the closer a variable says it, the stronger. */
function variableNames(env: Readonly<Record<string, string | undefined>>): string[] {
  const levels = (name: string): number => name.split("__").length;
  return Object.keys(env)
    .filter((name) => /^(kuzzle|tenon)_/i.test(name))
    .sort((a, b) => levels(a) - levels(b) || (a < b ? -1 : 1));
}

function namesOf(key: string, strict: boolean): string[] {
  if (strict && Object.hasOwn(shortForms, key)) return (shortForms[key] as string).split(".");
  return key.split("__").filter((name) => name !== "");
}
