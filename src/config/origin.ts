import { isPlainObject, type JSONObject } from "../kernel/index.ts";
import { valueAt } from "./key-path.ts";

/** Where a part of the configuration was read from. */
export interface Origin {
  /** For messages: `file /srv/app/.kuzzlerc`, `variable kuzzle_server__port`, `argument --server.port`. */
  readonly label: string;
  /** Tenon's own sources refuse unknown keys; Kuzzle's, and the application's code, get a warning. */
  readonly strict: boolean;
}

/** What one source says, weakest first in the list of all. */
export interface Layer {
  readonly origin: Origin;
  readonly tree: JSONObject;
}

interface Entry {
  readonly label: string;
  readonly value: unknown;
}

const inCode = "the application's code";

/** Remembers which source set which key, so that an error can say it. */
export class Origins {
  readonly #entries = new Map<string, Entry>();

  record(names: readonly string[], label: string, value: unknown): void {
    this.#entries.set(names.join("."), { label, value });
  }

  has(path: string): boolean {
    return this.#entries.has(path);
  }

  /** The keys that sources set, with their sources. */
  *[Symbol.iterator](): Generator<readonly [key: string, label: string]> {
    for (const [key, { label }] of this.#entries) yield [key, label];
  }

  /** Who set this key, or the section around it; `value` is what is there now. */
  of(path: string, value: unknown, defaultTree: JSONObject): string {
    const names = path.split(".");
    for (let length = names.length; length > 0; length--) {
      const entry = this.#entries.get(names.slice(0, length).join("."));
      if (entry === undefined) continue;
      // An application may assign to the tree without telling: then the value is no longer the one that was recorded.
      // Lists are copied on the way, so they cannot be compared.
      const changed = length === names.length && !Array.isArray(value) && !Object.is(entry.value, value);
      return changed ? inCode : entry.label;
    }
    const initial = valueAt(defaultTree, names);
    return Object.is(initial, value) || (isPlainObject(value) && initial !== undefined) ? "the defaults" : inCode;
  }
}
