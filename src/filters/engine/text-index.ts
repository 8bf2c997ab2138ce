import type { Literal } from "./indexed-condition.ts";

/** Characters in a fragment: shorter required texts cannot be kept here. */
const fragmentLength = 3;

interface Bucket {
  readonly literals: Literal[];
  /** The last match call that found it, so that a repetitive text finds it once. */
  epoch: number;
}

/**
 * Literals that can only hold for texts with a certain part: each is kept under one fragment of that part, the one with
 * the fewest companions. Fragments are hashed; a collision only costs a look.
 */
export class TextIndex {
  readonly #buckets = new Map<number, Bucket>();
  #size = 0;

  /** False when the part is too short to be kept. `literal.position` then belongs to the caller. */
  add(literal: Literal, part: string): boolean {
    if (part.length < fragmentLength) return false;
    let bestKey = 0;
    let fewest = Number.POSITIVE_INFINITY;
    for (let i = 0; i + fragmentLength <= part.length; i++) {
      const key = fragmentKey(part, i);
      const count = this.#buckets.get(key)?.literals.length ?? 0;
      if (count >= fewest) continue;
      bestKey = key;
      fewest = count;
    }
    const bucket = this.#buckets.get(bestKey);
    if (bucket === undefined) this.#buckets.set(bestKey, { literals: [literal], epoch: 0 });
    else bucket.literals.push(literal);
    literal.position = bestKey;
    this.#size++;
    return true;
  }

  remove(literal: Literal): void {
    const key = literal.position;
    literal.position = -1;
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return;
    const at = bucket.literals.indexOf(literal);
    const last = bucket.literals.pop();
    if (last !== undefined && last !== literal) bucket.literals[at] = last;
    if (bucket.literals.length === 0) this.#buckets.delete(key);
    this.#size--;
  }

  /** Appends the literals whose part may be in the text. */
  collect(text: string, epoch: number, found: Literal[]): void {
    if (this.#size < text.length) {
      for (const bucket of this.#buckets.values()) for (const literal of bucket.literals) found.push(literal);
      return;
    }
    for (let i = 0; i + fragmentLength <= text.length; i++) {
      const bucket = this.#buckets.get(fragmentKey(text, i));
      if (bucket === undefined || bucket.epoch === epoch) continue;
      bucket.epoch = epoch;
      for (const literal of bucket.literals) found.push(literal);
    }
  }
}

/** A small integer of three UTF-16 units; exact for Latin text. */
function fragmentKey(text: string, at: number): number {
  const key = (text.charCodeAt(at) << 16) ^ (text.charCodeAt(at + 1) << 8) ^ text.charCodeAt(at + 2);
  return key & 0x3fffffff;
}
