import type { PartOptions } from "../part-options.ts";

export const lower = 1;
export const upper = 2;
export const digit = 4;
const delimiter = 8;
const alpha = lower | upper;
const alphanumeric = alpha | digit;

const typeNames: Readonly<Record<string, number>> = {
  LOWER: lower,
  UPPER: upper,
  ALPHA: alpha,
  DIGIT: digit,
  ALPHANUM: alphanumeric,
  SUBWORD_DELIM: delimiter,
};

/** A part of a word, `kind` is {@link alpha} or {@link digit}; offsets count units of the word. */
export interface WordPart {
  readonly start: number;
  readonly end: number;
  readonly isWord: boolean;
  readonly isNumber: boolean;
}

export interface WordParts {
  readonly parts: readonly WordPart[];
  /** One part with nothing but delimiters around it. */
  readonly isSingle: boolean;
}

/** How words are taken apart: `PowerShot-500's` has the parts `Power`, `Shot` and `500`. */
export class WordSplitter {
  readonly #onCase: boolean;
  readonly #onNumbers: boolean;
  readonly #possessive: boolean;
  readonly #types: ReadonlyMap<string, number>;

  constructor(options: PartOptions) {
    this.#onCase = options.flag("split_on_case_change", true);
    this.#onNumbers = options.flag("split_on_numerics", true);
    this.#possessive = options.flag("stem_english_possessive", true);
    const types = new Map<string, number>();
    options.refuseFile("type_table_path", "type_table");
    for (const rule of options.list("type_table") ?? []) {
      const match = /^\s*(.+?)\s*=>\s*(\w+)\s*$/s.exec(rule);
      const type = Object.hasOwn(typeNames, match?.[2] ?? "") ? typeNames[match?.[2] as string] : undefined;
      const char = (match?.[1] ?? "").replace(/^\\u([0-9a-fA-F]{4})$/, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      );
      const plain = char.length === 2 && char[0] === "\\" ? (char[1] as string) : char;
      if (type === undefined || plain.length !== 1) throw options.wrong("type_table", `"${rule}"`);
      types.set(plain, type);
    }
    this.#types = types;
  }

  #typeAt(word: string, at: number): number {
    return this.#types.get(word[at] as string) ?? typeOf(word.charCodeAt(at), this.#types.size > 0);
  }

  #isBreak(last: number, next: number): boolean {
    if ((last & next) !== 0) return false;
    if (!this.#onCase && (last & alpha) !== 0 && (next & alpha) !== 0) return false;
    if ((last & upper) !== 0 && (next & alpha) !== 0) return false;
    const isNumber = ((last & alpha) !== 0 && (next & digit) !== 0) || ((last & digit) !== 0 && (next & alpha) !== 0);
    return this.#onNumbers || !isNumber;
  }

  /** Whether `'s` ends at a place. */
  #isPossessive(word: string, at: number, end: number): boolean {
    return (
      this.#possessive &&
      at > 2 &&
      word[at - 2] === "'" &&
      (word[at - 1] === "s" || word[at - 1] === "S") &&
      (this.#typeAt(word, at - 3) & alpha) !== 0 &&
      (at === end || (this.#typeAt(word, at) & delimiter) !== 0)
    );
  }

  split(word: string): WordParts {
    let first = 0;
    let end = word.length;
    while (first < end && (this.#typeAt(word, first) & delimiter) !== 0) first++;
    while (end > first && (this.#typeAt(word, end - 1) & delimiter) !== 0) end--;
    const hasFinalPossessive = this.#isPossessive(word, end, end);
    const parts: WordPart[] = [];
    for (let at = first; at < end; ) {
      let type = 0;
      while (at < end) {
        type = this.#typeAt(word, at);
        if ((type & delimiter) === 0) break;
        at++;
      }
      if (at >= end) break;
      const kind = type;
      let stop = at + 1;
      for (; stop < end; stop++) {
        const next = this.#typeAt(word, stop);
        if (this.#isBreak(type, next)) break;
        type = next;
      }
      parts.push({ start: at, end: stop, isWord: (kind & alpha) !== 0, isNumber: (kind & digit) !== 0 });
      at = stop;
      if (stop < end - 1 && this.#isPossessive(word, stop + 2, end)) at += 2;
    }
    const [only] = parts;
    const isSingle = parts.length === 1 && only?.start === first && only.end === (hasFinalPossessive ? end - 2 : end);
    return { parts, isSingle };
  }
}

/** Below 256 only plain digits are digits, unless there is a table of types. */
function typeOf(code: number, hasTable: boolean): number {
  const char = String.fromCharCode(code);
  if ((code & 0xf800) === 0xd800) return alphanumeric;
  if (/\p{Lu}/u.test(char)) return upper;
  if (/\p{Ll}/u.test(char) || (code < 256 && /\p{Lowercase}/u.test(char))) return lower;
  if (code < 256 && !hasTable) return /\p{Nd}/u.test(char) ? digit : delimiter;
  if (/\p{L}|\p{M}/u.test(char)) return alpha;
  return /\p{N}/u.test(char) ? digit : delimiter;
}
