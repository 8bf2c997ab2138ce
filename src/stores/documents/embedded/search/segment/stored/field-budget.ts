/** What holds fields that can be read again. */
export interface FieldHolder {
  drop(path: string): void;
}

interface Loaded {
  readonly holder: FieldHolder;
  readonly path: string;
  readonly bytes: number;
  /** Grows with each use of any field. */
  usedAt: number;
}

/** Bounds the memory of the fields that were read from files: beyond it, those that were not used for longest are let go. */
export class FieldBudget {
  readonly #maxBytes: number;
  readonly #loaded = new Map<FieldHolder, Map<string, Loaded>>();
  #uses = 0;
  bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  loaded(holder: FieldHolder, path: string, bytes: number): void {
    this.#forget(holder, path);
    const own = this.#loaded.get(holder) ?? new Map<string, Loaded>();
    this.#loaded.set(holder, own);
    const newest = { holder, path, bytes, usedAt: this.#uses++ };
    own.set(path, newest);
    this.bytes += bytes;
    while (this.bytes > this.#maxBytes) {
      const oldest = this.#oldest();
      // The newest stays, however large: a collection beyond the budget gets slower, not unusable.
      if (oldest === newest) break;
      this.#forget(oldest.holder, oldest.path);
      oldest.holder.drop(oldest.path);
    }
  }

  /** Searches call it for each field that they look at; {@link loaded} looks for the oldest instead, which is seldom needed. */
  used(holder: FieldHolder, path: string): void {
    const loaded = this.#loaded.get(holder)?.get(path);
    if (loaded !== undefined) loaded.usedAt = this.#uses++;
  }

  /** The holder and its fields are gone. */
  release(holder: FieldHolder, paths: Iterable<string>): void {
    for (const path of paths) this.#forget(holder, path);
  }

  /** There is one at least. */
  #oldest(): Loaded {
    let oldest: Loaded | undefined;
    for (const own of this.#loaded.values())
      for (const one of own.values()) if (oldest === undefined || one.usedAt < oldest.usedAt) oldest = one;
    return oldest as Loaded;
  }

  #forget(holder: FieldHolder, path: string): void {
    const own = this.#loaded.get(holder);
    const loaded = own?.get(path);
    if (own === undefined || loaded === undefined) return;
    this.bytes -= loaded.bytes;
    own.delete(path);
    if (own.size === 0) this.#loaded.delete(holder);
  }
}
