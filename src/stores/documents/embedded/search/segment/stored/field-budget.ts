/** What holds fields that can be read again. */
export interface FieldHolder {
  drop(path: string): void;
}

interface Loaded {
  readonly holder: FieldHolder;
  readonly path: string;
  readonly bytes: number;
}

/** Bounds the memory of the fields that were read from files: beyond it, those that were not used for longest are let go. */
export class FieldBudget {
  readonly #maxBytes: number;
  /** In the order of their last use. */
  readonly #loaded = new Map<string, Loaded>();
  readonly #names = new WeakMap<FieldHolder, number>();
  #nextName = 0;
  bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  loaded(holder: FieldHolder, path: string, bytes: number): void {
    this.#forget(this.#nameOf(holder, path));
    this.#loaded.set(this.#nameOf(holder, path), { holder, path, bytes });
    this.bytes += bytes;
    for (const [name, oldest] of this.#loaded) {
      // The newest stays, however large: a collection beyond the budget gets slower, not unusable.
      if (this.bytes <= this.#maxBytes || this.#loaded.size === 1) break;
      this.#forget(name);
      oldest.holder.drop(oldest.path);
    }
  }

  used(holder: FieldHolder, path: string): void {
    const name = this.#nameOf(holder, path);
    const loaded = this.#loaded.get(name);
    if (loaded === undefined) return;
    this.#loaded.delete(name);
    this.#loaded.set(name, loaded);
  }

  /** The holder and its fields are gone. */
  release(holder: FieldHolder, paths: Iterable<string>): void {
    for (const path of paths) this.#forget(this.#nameOf(holder, path));
  }

  #forget(name: string): void {
    this.bytes -= this.#loaded.get(name)?.bytes ?? 0;
    this.#loaded.delete(name);
  }

  #nameOf(holder: FieldHolder, path: string): string {
    let name = this.#names.get(holder);
    if (name === undefined) {
      name = this.#nextName++;
      this.#names.set(holder, name);
    }
    return `${name} ${path}`;
  }
}
