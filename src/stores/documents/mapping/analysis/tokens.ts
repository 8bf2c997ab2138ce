/** What an analyzer found in a text. One instance is reused: columns instead of one object per token. */
export class Tokens {
  count = 0;
  readonly terms: string[] = [];
  readonly positions: number[] = [];
  /** Offsets in UTF-16 units, for highlights. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];

  clear(): void {
    this.count = 0;
  }

  push(term: string, position: number, start: number, end: number): void {
    const at = this.count++;
    this.terms[at] = term;
    this.positions[at] = position;
    this.starts[at] = start;
    this.ends[at] = end;
  }
}
