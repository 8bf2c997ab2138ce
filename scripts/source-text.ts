/** A text in quotes or backticks. `${…}` inside a template stands as `*` in its `text`. */
export interface QuotedText {
  /** Offset of the opening quote. */
  readonly start: number;
  readonly text: string;
}

/** What stands for `${…}` in the text of a template. */
export const hole = "*";

/** A source of which only the code is left: comments and what is between quotes are blanks, offsets and lines are those of the file. */
export interface SourceText {
  readonly code: string;
  readonly quoted: ReadonlyMap<number, QuotedText>;
}

const valueBefore = /[\w$)\]}"'`]$/;
const keywordBefore =
  /(?:^|[^\w$.])(?:return|typeof|case|in|of|delete|void|throw|new|else|do|await|yield|instanceof|default)$/;

/** Reads comments, quotes, templates and regular expressions; enough to find imports and calls without a parser. */
export function readSource(source: string): SourceText {
  return new Scanner(source).read();
}

class Scanner {
  readonly #source: string;
  readonly #out: string[];
  readonly #quoted = new Map<number, QuotedText>();
  #at = 0;

  constructor(source: string) {
    this.#source = source;
    this.#out = source.split("");
  }

  read(): SourceText {
    this.#code(false);
    return { code: this.#out.join(""), quoted: this.#quoted };
  }

  /** Up to the end, or up to the brace that closes a `${`. */
  #code(inTemplate: boolean): void {
    let depth = 0;
    while (this.#at < this.#source.length) {
      const char = this.#source[this.#at] ?? "";
      if (inTemplate && char === "}" && depth === 0) return;
      if (char === "{") depth++;
      if (char === "}") depth--;
      if (!this.#special(char)) this.#at++;
    }
  }

  #special(char: string): boolean {
    if (char === '"' || char === "'") this.#string(char);
    else if (char === "`") this.#template();
    else if (char !== "/") return false;
    else if (this.#source[this.#at + 1] === "/") this.#blankTo(this.#source.indexOf("\n", this.#at));
    else if (this.#source[this.#at + 1] === "*") this.#blankTo(this.#source.indexOf("*/", this.#at + 2) + 2);
    else if (this.#dividesHere()) return false;
    else this.#regularExpression();
    return true;
  }

  /** Whether a slash here divides what stands before it; otherwise it opens a regular expression. */
  #dividesHere(): boolean {
    let end = this.#at;
    while (end > 0 && /\s/.test(this.#out[end - 1] ?? "")) end--;
    const before = this.#out.slice(Math.max(0, end - 16), end).join("");
    return valueBefore.test(before) && !keywordBefore.test(before);
  }

  #blankTo(end: number): void {
    const stop = end <= this.#at ? this.#source.length : end;
    for (; this.#at < stop; this.#at++) this.#blank();
  }

  #blank(): void {
    if (this.#source[this.#at] !== "\n") this.#out[this.#at] = " ";
  }

  #string(quote: string): void {
    const start = this.#at++;
    while (this.#at < this.#source.length && this.#source[this.#at] !== quote && this.#source[this.#at] !== "\n") {
      if (this.#source[this.#at] === "\\") this.#blankOne();
      this.#blankOne();
    }
    this.#quoted.set(start, { start, text: this.#source.slice(start + 1, this.#at) });
    this.#at++;
  }

  #template(): void {
    const start = this.#at++;
    let text = "";
    while (this.#at < this.#source.length && this.#source[this.#at] !== "`") {
      if (this.#source.startsWith("${", this.#at)) {
        this.#at += 2;
        this.#code(true);
        this.#at++;
        text += hole;
        continue;
      }
      if (this.#source[this.#at] === "\\") this.#blankOne();
      text += this.#source[this.#at] ?? "";
      this.#blankOne();
    }
    this.#quoted.set(start, { start, text });
    this.#at++;
  }

  #blankOne(): void {
    this.#blank();
    this.#at++;
  }

  #regularExpression(): void {
    this.#at++;
    let inClass = false;
    while (this.#at < this.#source.length) {
      const char = this.#source[this.#at];
      if (char === "\n" || (char === "/" && !inClass)) break;
      if (char === "[") inClass = true;
      if (char === "]") inClass = false;
      if (char === "\\") this.#blankOne();
      this.#blankOne();
    }
    this.#at++;
  }
}
