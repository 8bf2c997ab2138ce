import { createRequire } from "node:module";
import { sep } from "node:path";
import { types } from "node:util";
import { codeVersionOf, isOwnCode, lastLoadedIn, setCodeVersion } from "./code-versions.ts";

const { cache } = createRequire(import.meta.url);

let lastVersion = 0;

/** The process must start again for a change to be seen; the message says why. */
export class RestartNeeded extends Error {}

/**
 * Makes the process forget the code of a plugin, so that it is loaded again from its files; `restore` gives back what there was.
 *
 * CommonJS modules are dropped from the cache of `require`. ES modules cannot be: they get a new URL instead, and the older ones stay in memory.
 * What lies in a `node_modules` is shared with others and stays loaded.
 */
export class FreshCode {
  /** The real path of the plugin's folder. */
  readonly folder: string;
  /** With a separator at its end. */
  readonly #folder: string;
  readonly #formerVersion: number | undefined;
  readonly #dropped = new Map<string, NodeJS.Module>();

  constructor(folder: string) {
    this.folder = folder;
    this.#folder = folder + sep;
    this.#formerVersion = codeVersionOf(this.#folder);
    for (const [file, loaded] of this.#cached()) {
      this.#dropped.set(file, loaded);
      delete cache[file];
    }
    setCodeVersion(this.#folder, ++lastVersion);
  }

  /** Error: {@link RestartNeeded} for an ES module that came by `require`, which knows such modules by their file and answers the former one. */
  assertFresh(): void {
    for (const [file, { exports }] of this.#cached()) {
      if (types.isModuleNamespaceObject(exports) && this.#dropped.get(file)?.exports === exports) {
        throw new RestartNeeded(`${file} is an ES module that is loaded by require(): it cannot be loaded again.`);
      }
    }
  }

  /** The file whose code was about to run when loading stopped. */
  get lastLoaded(): string | undefined {
    return lastLoadedIn(this.#folder);
  }

  /** The former code is what counts again. */
  restore(): void {
    for (const [file] of this.#cached()) delete cache[file];
    for (const [file, loaded] of this.#dropped) cache[file] = loaded;
    setCodeVersion(this.#folder, this.#formerVersion);
  }

  *#cached(): Generator<[string, NodeJS.Module]> {
    for (const [file, loaded] of Object.entries(cache)) {
      if (loaded !== undefined && isOwnCode(file, this.#folder)) yield [file, loaded];
    }
  }
}
