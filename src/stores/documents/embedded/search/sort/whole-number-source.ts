import type { NumberField } from "../segment/number-field.ts";
import type { NumberForm } from "./number-form.ts";
import type { Reduction } from "./reduction.ts";
import { SortSource } from "./sort-source.ts";

/** The whole parts of decimal numbers. Different values have the same key, so what is known of the order of values says nothing here. */
export class WholeNumberSource extends SortSource {
  readonly #field: NumberField;
  readonly #missing: number;
  readonly #reduction: Reduction;
  readonly #form: NumberForm;

  constructor(field: NumberField, missing: number, reduction: Reduction, form: NumberForm) {
    super();
    this.#field = field;
    this.#missing = missing;
    this.#reduction = reduction;
    this.#form = form;
  }

  key(doc: number): number {
    this.#reduction.clear();
    this.addTo(this.#reduction, doc);
    const { result } = this.#reduction;
    return Number.isNaN(result) ? this.#missing : result;
  }

  override addTo(reduction: Reduction, doc: number): void {
    const count = this.#field.countOf(doc);
    // Never -0, which would read like a number of its own.
    for (let i = 0; i < count; i++) reduction.add(Math.trunc(this.#field.valueAt(doc, i)) + 0);
  }

  value(doc: number): unknown {
    const key = this.key(doc);
    return Number.isFinite(key) ? this.print(key) : null;
  }

  override print(key: number): unknown {
    return this.#form.print(key);
  }

  keyOf(value: unknown): number {
    return value === null ? this.#missing : this.#form.keyOf(value);
  }
}
