import { isPlainObject, type JSONObject } from "../../../src/kernel/index.ts";
import type { Random } from "./random.ts";

/** Values that the documents of a collection have, so that what is searched for is there. */
export class Values {
  readonly #documents: readonly JSONObject[];
  readonly #byPath = new Map<string, readonly unknown[]>();

  constructor(documents: readonly JSONObject[]) {
    this.#documents = documents;
  }

  /** One of the values of a field; `otherwise` where no document has any. */
  pick(random: Random, path: string, otherwise: unknown = "nothing"): unknown {
    const all = this.#at(path);
    return all.length === 0 ? otherwise : random.pick(all);
  }

  /** A word of a text. */
  word(random: Random, path: string): string {
    return random.pick(this.#words(random, path));
  }

  /** Words as they follow each other in a text. */
  phrase(random: Random, path: string, most: number): string {
    const words = this.#words(random, path);
    const from = random.below(words.length);
    return words.slice(from, from + random.between(1, most)).join(" ");
  }

  #words(random: Random, path: string): readonly string[] {
    const words = String(this.pick(random, path, "oak")).split(/[ ,]+/);
    return words.some((word) => word !== "") ? words.filter((word) => word !== "") : ["oak"];
  }

  #at(path: string): readonly unknown[] {
    let values = this.#byPath.get(path);
    if (values === undefined) {
      values = this.#documents.flatMap((one) => leaves(one, path.split(".")));
      this.#byPath.set(path, values);
    }
    return values;
  }
}

function leaves(value: unknown, path: readonly string[]): unknown[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((one) => leaves(one, path));
  const [name, ...rest] = path;
  if (name === undefined) return [value];
  return isPlainObject(value) && Object.hasOwn(value, name) ? leaves(value[name], rest) : [];
}
