import { longerThan } from "../bytes.ts";
import { Slots, type Slotted } from "../slots.ts";

/** Fields and bytes up to which a hash is small: one page of a scan holds it whole. */
const smallFields = 512;
const smallBytes = 64;

export class Field implements Slotted {
  readonly key: string;
  value: string;
  slot = -1;

  constructor(key: string, value: string) {
    this.key = key;
    this.value = value;
  }
}

/** A hash: fields in the order they came in. */
export class HashValue {
  readonly type = "hash";
  readonly fields = new Slots<Field>();
  /** Once large it stays large, as in Redis. */
  small = true;

  get size(): number {
    return this.fields.size;
  }

  get(name: string): string | undefined {
    return this.fields.get(name)?.value;
  }

  /** True when the field is new. */
  set(name: string, value: string): boolean {
    const field = this.fields.get(name);
    if (field === undefined) this.fields.add(new Field(name, value));
    else field.value = value;
    if (this.small && (this.size > smallFields || longerThan(name, smallBytes) || longerThan(value, smallBytes))) {
      this.small = false;
    }
    return field === undefined;
  }

  delete(name: string): boolean {
    const field = this.fields.get(name);
    if (field === undefined) return false;
    this.fields.remove(field);
    return true;
  }
}
