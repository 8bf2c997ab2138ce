import { alphanumeric, isIn, isWordCharacter } from "./address-characters.ts";
import { isTopLevelDomain, longestTopLevelDomain } from "./top-level-domains.ts";

/** Where names of a row of labels may end: behind a top-level domain, which begins at the offset beside. Both ascend. */
class Ends {
  readonly #ends: number[] = [];
  readonly #labels: number[] = [];

  clear(): void {
    this.#ends.length = 0;
    this.#labels.length = 0;
  }

  push(label: number, end: number): void {
    this.#labels.push(label);
    this.#ends.push(end);
  }

  /** The last one as far as `limit`, with a label before it from `at` on; -1 when there is none. */
  last(at: number, limit: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] as number) <= limit) low = middle + 1;
      else high = middle;
    }
    return low > 0 && (this.#labels[low - 1] as number) > at ? (this.#ends[low - 1] as number) : -1;
  }
}

/**
 * The names of domains in one text. A row of labels is looked through once, wherever in it a name is asked for: the time that a text takes grows
 * with its length only.
 */
export class DomainNames {
  readonly #text: string;
  #start = 0;
  #end = 0;
  /** Of names whose last label begins with a top-level domain, and of those where the word ends with it. */
  readonly #all = new Ends();
  readonly #whole = new Ends();

  constructor(text: string) {
    this.#text = text;
  }

  /** Behind the labels from `at` on, as far as `limit`; -1 where there is none. */
  endOfLabels(at: number, limit: number): number {
    if (!this.#findRow(at, limit)) return -1;
    let end = Math.min(this.#end, limit);
    while (!isIn(this.#text, end - 1, alphanumeric)) end--;
    return end;
  }

  /** Behind the longest name from `at` on whose last label begins with a top-level domain (`b.com` of `b.comx`); -1 where there is none. */
  endOfName(at: number, limit: number): number {
    return this.#findRow(at, limit) ? this.#all.last(at, limit) : -1;
  }

  /** The same where the word ends there, too: nothing of `b.comx`. What lies behind `limit` does not count. */
  endOfWholeName(at: number, limit: number): number {
    if (!this.#findRow(at, limit)) return -1;
    return this.#all.last(at, limit) === limit ? limit : this.#whole.last(at, limit);
  }

  #findRow(at: number, limit: number): boolean {
    if (at >= limit || !isIn(this.#text, at, alphanumeric)) return false;
    // Whatever letter or digit of a row one begins with, the row ends at the same place.
    if (at < this.#start || at >= this.#end) this.#readRow(at);
    return true;
  }

  #readRow(start: number): void {
    const text = this.#text;
    this.#start = start;
    this.#end = start;
    this.#all.clear();
    this.#whole.clear();
    let label = start;
    for (let at = start; at < text.length; ) {
      if (isIn(text, at, alphanumeric)) this.#end = ++at;
      else if (text[at] === "-") at++;
      else if (text[at] !== "." || at !== this.#end || !isIn(text, at + 1, alphanumeric)) break;
      else {
        this.#closeLabel(label);
        label = ++at;
      }
    }
    this.#closeLabel(label);
  }

  #closeLabel(label: number): void {
    if (label === this.#start) return;
    const last = Math.min(this.#end, label + longestTopLevelDomain);
    for (let end = label + 2; end <= last; end++) {
      if (!isTopLevelDomain(this.#text.slice(label, end))) continue;
      this.#all.push(label, end);
      if (end === this.#end && !isWordCharacter(this.#text, end)) this.#whole.push(label, end);
    }
  }
}
