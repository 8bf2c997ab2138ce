import { atom, endOfEscapedRun, endOfRun, isIn, literalText, quotedText } from "./address-characters.ts";
import { DomainNames } from "./domain-names.ts";

/** Local parts with quotes are not looked at any further: otherwise the time would grow faster than the text. */
const maxQuoted = 255;

/** The e-mail addresses of one text, in time that grows with its length only: runs of characters are looked through once. */
export class EmailAddresses {
  readonly #text: string;
  readonly #names: DomainNames;
  #nextAt: number;
  #atomStart = 0;
  #atomEnd = 0;
  #bracketStart = -1;
  #bracketEnd = -1;

  constructor(text: string) {
    this.#text = text;
    // Its own: what it knows of a row is for hosts, and would go lost to those of URLs.
    this.#names = new DomainNames(text);
    this.#nextAt = text.indexOf("@");
  }

  /** Behind the address that begins at `at`, as far as `limit`; -1 where there is none. */
  endOf(at: number, limit: number): number {
    if (this.#nextAt >= 0 && this.#nextAt < at) this.#nextAt = this.#text.indexOf("@", at);
    if (this.#nextAt < 0 || this.#nextAt >= limit) return -1;
    const local = this.#endOfLocal(at, limit);
    if (local < 0 || local >= limit || this.#text[local] !== "@") return -1;
    return this.#text[local + 1] === "[" ? this.#endOfBracketed(local + 1, limit) : this.#endOfDomain(local + 1, limit);
  }

  #endOfLocal(start: number, limit: number): number {
    const text = this.#text;
    let at = start;
    let end = limit;
    for (;;) {
      if (at < end && text[at] === '"') {
        end = Math.min(end, start + maxQuoted);
        at = endOfEscapedRun(text, at + 1, end, quotedText);
        if (at >= end || text[at] !== '"') return -1;
        at++;
        if (at >= end || text[at] !== ".") return at;
        at++;
      } else {
        const label = at;
        at = this.#endOfAtoms(at);
        if (at === label) return -1;
        const hasQuoteNext = at < end && text[at] === '"' && text[at - 1] === "." && at > label + 1;
        if (!hasQuoteNext) return at;
      }
    }
  }

  #endOfAtoms(at: number): number {
    if (!isIn(this.#text, at, atom)) return at;
    if (at < this.#atomStart || at >= this.#atomEnd) {
      this.#atomStart = at;
      this.#atomEnd = endOfRun(this.#text, at, this.#text.length, atom);
    }
    return this.#atomEnd;
  }

  #endOfDomain(at: number, limit: number): number {
    const end = this.#names.endOfName(at, limit);
    return end >= 0 && end < limit && this.#text[end] === "." ? end + 1 : end;
  }

  #endOfBracketed(at: number, limit: number): number {
    if (this.#bracketStart !== at) {
      const end = endOfEscapedRun(this.#text, at + 1, this.#text.length, literalText);
      this.#bracketStart = at;
      this.#bracketEnd = this.#text[end] === "]" ? end + 1 : -1;
    }
    return this.#bracketEnd <= limit ? this.#bracketEnd : -1;
  }
}
