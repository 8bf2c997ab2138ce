/** States that were met; they are the same for all words. */
interface Table {
  /** By packed state: its number. */
  readonly numbers: Map<number, number>;
  /** By number. */
  readonly packed: number[];
  /** By number and matches of a character: the next state, -1 where it was not needed yet. */
  next: Int16Array;
}

const none = -1;
const dead = 0;

/**
 * Edit distances up to a limit of two, as an automaton: it reads a text character by character, each as the matches of that character with
 * the part of the word around the same place. A state is one row of the table of distances, as far as it lies within the limit of the diagonal, and
 * what an exchange of neighbours that has begun would cost.
 */
export class EditAutomaton {
  /** The state before the first character. */
  readonly start: number;
  readonly limit: number;
  readonly #isExchanging: boolean;
  readonly #table: Table = { numbers: new Map(), packed: [], next: new Int16Array(0) };
  /** The matches of a character that is the same as all those of the word. */
  readonly allMatches: number;
  readonly #matches: number;

  constructor(limit: number, isExchanging: boolean) {
    this.limit = limit;
    this.#isExchanging = isExchanging;
    this.#matches = 1 << (2 * limit + 1);
    this.allMatches = this.#matches - 1;
    const far = limit + 1;
    this.#numberOf(pack(new Array<number>(2 * limit + 1).fill(far), new Array<number>(2 * limit + 1).fill(far)));
    const row = Array.from({ length: 2 * limit + 1 }, (_, r) => (r < limit ? far : r - limit));
    this.start = this.#numberOf(pack(row, new Array<number>(row.length).fill(far)));
  }

  /** No text can be near enough any more. */
  isDead(state: number): boolean {
    return state === dead;
  }

  /** `matches`: bit `r` when the character is that of the word at its own place plus `r` minus the limit. */
  next(state: number, matches: number): number {
    const place = state * this.#matches + matches;
    const known = this.#table.next[place] as number;
    if (known !== none) return known;
    const next = this.#numberOf(this.#step(this.#table.packed[state] as number, matches));
    this.#table.next[place] = next;
    return next;
  }

  /** Edits between the text that led to a state and a word that is so much longer; more than the limit when they are too many. */
  edits(state: number, longer: number): number {
    const { limit } = this;
    if (longer < -limit || longer > limit) return limit + 1;
    return cell(this.#table.packed[state] as number, longer + limit);
  }

  #numberOf(packed: number): number {
    const { numbers, packed: list } = this.#table;
    let number = numbers.get(packed);
    if (number === undefined) {
      number = list.length;
      numbers.set(packed, number);
      list.push(packed);
      if (list.length * this.#matches > this.#table.next.length) this.#grow();
    }
    return number;
  }

  #grow(): void {
    const next = new Int16Array(Math.max(64, 2 * this.#table.packed.length) * this.#matches).fill(none);
    next.set(this.#table.next);
    this.#table.next = next;
  }

  #step(packed: number, matches: number): number {
    const { limit } = this;
    const width = 2 * limit + 1;
    const far = limit + 1;
    const row: number[] = [];
    const begun: number[] = [];
    for (let r = 0; r < width; r++) {
      const isMatch = ((matches >>> r) & 1) === 1;
      const above = r + 1 < width ? cell(packed, r + 1) + 1 : far;
      const before = r > 0 ? (row[r - 1] as number) + 1 : far;
      const isExchange = this.#isExchanging && r > 0 && ((matches >>> (r - 1)) & 1) === 1;
      const exchanged = isExchange ? cell(packed, width + r) : far;
      row.push(Math.min(far, cell(packed, r) + (isMatch ? 0 : 1), above, before, exchanged));
      // Counts when the next character is the one of the word before the one that this character is.
      const isNextMatch = r + 1 < width && ((matches >>> (r + 1)) & 1) === 1;
      begun.push(isNextMatch ? Math.min(far, cell(packed, r) + 1) : far);
    }
    return pack(row, begun);
  }
}

/** Two bits for each number: a row, and what exchanges that have begun would cost. */
function pack(row: readonly number[], begun: readonly number[]): number {
  let packed = 0;
  for (const [r, value] of [...row, ...begun].entries()) packed |= value << (2 * r);
  return packed;
}

const cell = (packed: number, at: number): number => (packed >>> (2 * at)) & 3;
