/** What an analyzer found in a text. One instance is reused: columns instead of one object per token. */
export class Tokens {
  count = 0;
  readonly terms: string[] = [];
  readonly positions: number[] = [];
  /** Offsets in UTF-16 units, for highlights. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];

  /** Whether the three columns below are kept: only chains that need them pay for them. */
  isRich = false;
  /** How many positions a token stands for. */
  readonly lengths: number[] = [];
  readonly types: string[] = [];
  /** Tokens that stemmers leave alone. */
  readonly keywords: boolean[] = [];

  /** The position before the first of the text at hand. Written by the analyzer. */
  base = -1;
  /** The position after the last; filters that insert or join words move it. */
  next = 0;
  /** The length of the text at hand. Written by the analyzer. */
  textEnd = 0;

  clear(): void {
    this.count = 0;
  }

  push(term: string, position: number, start: number, end: number): void {
    const at = this.count++;
    this.terms[at] = term;
    this.positions[at] = position;
    this.starts[at] = start;
    this.ends[at] = end;
    if (this.isRich) this.#fill(at, 1, "word", false);
  }

  /** A token with all that is known of it; what only rich tokens keep is left out of others. */
  pushRich(term: string, position: number, start: number, end: number, length: number, type: string): void {
    this.push(term, position, start, end);
    if (this.isRich) this.#fill(this.count - 1, length, type, false);
  }

  /** Appends a token of other tokens, which must be as rich. */
  pushCopy(source: Tokens, i: number): void {
    const at = this.count++;
    source.#copy(i, this, at);
  }

  /** Appends a token of other tokens with another term. */
  pushAs(source: Tokens, i: number, term: string): void {
    this.pushCopy(source, i);
    this.terms[this.count - 1] = term;
  }

  /** Moves a token to an earlier place. */
  move(from: number, to: number): void {
    if (from !== to) this.#copy(from, this, to);
  }

  /** Puts other tokens in the place of those from `from` on. */
  replaceFrom(from: number, others: Tokens): void {
    this.count = from;
    for (let i = 0; i < others.count; i++) this.pushCopy(others, i);
  }

  #copy(from: number, target: Tokens, to: number): void {
    target.terms[to] = this.terms[from] as string;
    target.positions[to] = this.positions[from] as number;
    target.starts[to] = this.starts[from] as number;
    target.ends[to] = this.ends[from] as number;
    if (this.isRich)
      target.#fill(to, this.lengths[from] as number, this.types[from] as string, this.keywords[from] as boolean);
  }

  #fill(at: number, length: number, type: string, isKeyword: boolean): void {
    this.lengths[at] = length;
    this.types[at] = type;
    this.keywords[at] = isKeyword;
  }
}
