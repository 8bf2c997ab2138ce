import type { Effort } from "./effort.ts";

/** One word of a phrase while its positions are walked. */
export interface SloppyPlace {
  /** Where the word stands in the phrase. */
  readonly offset: number;
  /** Places of the phrase with the same word, this one included; they must not take the same word of the text. */
  readonly group: readonly number[];
  /** How many of the group come before this one. */
  readonly rank: number;
}

/** The terms of a phrase's places by what they are; those of several places are the same objects there. */
export function sloppyPlaces(
  places: readonly { readonly terms: readonly object[]; readonly offset: number }[],
): SloppyPlace[] {
  const standing = new Map<object, number[]>();
  for (const [i, { terms }] of places.entries())
    for (const term of terms) {
      const list = standing.get(term);
      if (list === undefined) standing.set(term, [i]);
      else list.push(i);
    }
  return places.map(({ terms, offset }, i) => {
    const groups = terms.map((term) => standing.get(term) ?? []);
    const group = groups.length === 1 ? (groups[0] ?? []) : [...new Set(groups.flat())].sort((a, b) => a - b);
    return { offset, group, rank: group.indexOf(i) };
  });
}

/**
 * Sums 1 / (1 + distance) over the places where all words lie within `slop` moves of the phrase. `lists` holds positions less offsets,
 * so that the distance is that between the lowest and the highest. The walk is that of Lucene's sloppy phrases, as scores depend on it.
 */
export function countSloppy(
  lists: readonly (readonly number[])[],
  places: readonly SloppyPlace[],
  slop: number,
  hasChoices: boolean,
  effort: Effort,
): number {
  const walk = new SloppyWalk(lists, places, hasChoices, effort);
  return walk.place() ? walk.frequency(slop) : 0;
}

class SloppyWalk {
  readonly #lists: readonly (readonly number[])[];
  readonly #places: readonly SloppyPlace[];
  readonly #at: number[];
  readonly #hasChoices: boolean;
  readonly #effort: Effort;
  #end = Number.NEGATIVE_INFINITY;

  constructor(
    lists: readonly (readonly number[])[],
    places: readonly SloppyPlace[],
    hasChoices: boolean,
    effort: Effort,
  ) {
    this.#effort = effort;
    this.#lists = lists;
    this.#places = places;
    // The second occurrence of a word begins at the second position, and so on; where several words may stand, one has to look.
    this.#at = places.map(({ rank }) => (hasChoices ? 0 : rank));
    this.#hasChoices = hasChoices;
  }

  /** False when a word occurs more often in the phrase than in the text. */
  place(): boolean {
    for (let i = 0; i < this.#places.length; i++) {
      const position = this.#position(i);
      if (Number.isNaN(position)) return false;
      if (position > this.#end) this.#end = position;
    }
    return !this.#hasChoices || this.#places.every((_, i) => this.#settle(i));
  }

  /** Moves apart what has come to the place of one word. */
  #settle(i: number): boolean {
    for (;;) {
      const other = this.#collision(i);
      if (other < 0) return true;
      if (!this.#advance(this.#isBefore(i, other) ? i : other)) return false;
    }
  }

  #position(i: number): number {
    return this.#lists[i]?.[this.#at[i] as number] ?? Number.NaN;
  }

  /** The hindmost word, leaving out one. */
  #lowest(except: number): number {
    this.#effort.spend(this.#places.length);
    let lowest = -1;
    for (let i = 0; i < this.#places.length; i++)
      if (i !== except && (lowest < 0 || this.#isBefore(i, lowest))) lowest = i;
    return lowest;
  }

  #isBefore(a: number, b: number): boolean {
    const left = this.#position(a);
    const right = this.#position(b);
    return left === right ? (this.#places[a]?.offset ?? 0) < (this.#places[b]?.offset ?? 0) : left < right;
  }

  #advance(i: number): boolean {
    this.#at[i] = (this.#at[i] as number) + 1;
    const position = this.#position(i);
    if (Number.isNaN(position)) return false;
    if (position > this.#end) this.#end = position;
    return true;
  }

  /** Moves words of one group apart that have come to the same place. */
  #separate(moved: number): boolean {
    let i = moved;
    for (;;) {
      const other = this.#collision(i);
      if (other < 0) return true;
      if (!this.#isBefore(i, other)) i = other;
      if (!this.#advance(i)) return false;
    }
  }

  #collision(i: number): number {
    const place = this.#places[i];
    if (place === undefined || place.group.length === 1) return -1;
    this.#effort.spend(place.group.length);
    const own = this.#position(i) + place.offset;
    return place.group.find((k) => k !== i && this.#position(k) + (this.#places[k]?.offset ?? 0) === own) ?? -1;
  }

  frequency(slop: number): number {
    let frequency = 0;
    let current = this.#lowest(-1);
    let next = this.#position(this.#lowest(current));
    let length = this.#end - this.#position(current);
    while (this.#advance(current) && this.#separate(current)) {
      if (this.#position(current) > next) {
        if (length <= slop) frequency += 1 / (1 + length);
        current = this.#lowest(-1);
        next = this.#position(this.#lowest(current));
        length = this.#end - this.#position(current);
      } else {
        length = Math.min(length, this.#end - this.#position(current));
      }
    }
    return length <= slop ? frequency + 1 / (1 + length) : frequency;
  }
}
