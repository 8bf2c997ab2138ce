import { malformed } from "../query/parameters.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import type { NumberField } from "../segment/number-field.ts";

interface Best {
  doc: number;
  keys: Float64Array;
}

/** The best document of each group (`collapse`). Documents without value are one group. */
export class GroupedDocs {
  readonly size: number;
  /** A group can always get a better document. */
  readonly isFull = false;
  readonly worst = Number.NaN;
  readonly #field: KeywordField | NumberField | undefined;
  readonly #directions: readonly number[];
  readonly #best = new Map<number, Best>();

  constructor(size: number, directions: readonly number[], field: KeywordField | NumberField | undefined) {
    this.size = size;
    this.#directions = directions;
    this.#field = field;
  }

  #groupOf(doc: number): number {
    const field = this.#field;
    if (field === undefined || field.countOf(doc) === 0) return Number.NaN;
    if (field.countOf(doc) > 1) throw malformed("[collapse] needs a field with one value for each document.");
    return field.kind === "keyword" ? field.ordAt(doc, 0) : field.valueAt(doc, 0);
  }

  offer(doc: number, keys: Float64Array): void {
    const group = this.#groupOf(doc);
    const best = this.#best.get(group);
    if (best === undefined) this.#best.set(group, { doc, keys: keys.slice() });
    else if (this.#compare(keys, best.keys) < 0) {
      best.doc = doc;
      best.keys.set(keys);
    }
  }

  #compare(a: Float64Array, b: Float64Array): number {
    for (const [k, direction] of this.#directions.entries()) {
      const left = a[k] as number;
      const right = b[k] as number;
      if (left !== right) return left < right ? -direction : direction;
    }
    return 0;
  }

  /** Best first. */
  sorted(): { readonly doc: number; readonly keys: readonly number[]; readonly group: string | number | null }[] {
    const list = [...this.#best].sort((a, b) => this.#compare(a[1].keys, b[1].keys) || a[1].doc - b[1].doc);
    return list
      .slice(0, this.size)
      .map(([group, { doc, keys }]) => ({ doc, keys: Array.from(keys), group: this.#name(group) }));
  }

  #name(group: number): string | number | null {
    if (Number.isNaN(group)) return null;
    return this.#field?.kind === "keyword" ? this.#field.dictionary.term(group) : group;
  }
}
