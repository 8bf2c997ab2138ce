import type { NumberField } from "./number-field.ts";

/** The documents of a field of booleans of a frozen segment that have one of both, as bits: made when it is first asked for. */
export class FlagBits {
  #yes: Uint32Array | undefined;
  #no: Uint32Array | undefined;

  get memory(): number {
    return (this.#yes?.byteLength ?? 0) + (this.#no?.byteLength ?? 0);
  }

  /** Undefined for a field with other numbers, or with several in one document. */
  of(field: NumberField, flag: number): Uint32Array | undefined {
    const { exists, values, flags, isMultiple } = field;
    if (isMultiple || (flag !== 0 && flag !== 1) || (flags[0] ?? 0) + (flags[1] ?? 0) !== exists.count)
      return undefined;
    if (this.#yes === undefined) {
      const yes = new Uint32Array(exists.words.length);
      for (let doc = 0; doc < values.length; doc++)
        if (values[doc] === 1) yes[doc >>> 5] = (yes[doc >>> 5] as number) | (1 << (doc & 31));
      this.#yes = yes;
      this.#no = exists.words.map((word, i) => word & ~(yes[i] as number));
    }
    return flag === 1 ? this.#yes : this.#no;
  }
}
