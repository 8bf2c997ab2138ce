import type { JSONObject } from "../../../../../../kernel/index.ts";
import { malformed } from "../parameters.ts";

/** How the parts of a query string become queries of the query language; the field is undefined where none was named. */
export interface PartBuilder {
  /** Undefined where the analyzers leave nothing of it to look for: the part is as if it had not been written. So it is with phrases and patterns. */
  words(field: string | undefined, text: string): JSONObject | undefined;
  phrase(field: string | undefined, text: string, slop: number): JSONObject | undefined;
  /** `fuzziness` is undefined after a bare `~`. */
  fuzzy(field: string | undefined, word: string, fuzziness: string | undefined): JSONObject;
  pattern(field: string | undefined, kind: "wildcard" | "regexp", text: string): JSONObject | undefined;
  range(field: string | undefined, bounds: JSONObject): JSONObject;
  readonly isAnd: boolean;
}

interface Clause {
  readonly query: JSONObject;
  occurs: "must" | "should" | "must_not";
}

const maxDepth = 20;

/**
 * Parses Lucene's query strings: `title:(quick OR "brown fox"~2) +size:[10 TO 20} -name:jo* colour:red^2 _exists_:tags`.
 * Errors (400): `services.storage.unexpected_bad_request` with what was expected.
 */
export class QueryStringParser {
  readonly #text: string;
  readonly #builder: PartBuilder;
  #at = 0;

  constructor(text: string, builder: PartBuilder) {
    this.#text = text;
    this.#builder = builder;
  }

  parse(): JSONObject {
    const query = this.#clauses(undefined, 0);
    if (this.#at < this.#text.length) throw this.#unexpected();
    return query ?? { match_none: {} };
  }

  #unexpected(): Error {
    const rest = this.#text.slice(this.#at, this.#at + 20);
    return malformed(
      `[query_string] cannot be read at "${rest}" (position ${this.#at}). Escape special characters with a backslash.`,
    );
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text[this.#at] ?? "x")) this.#at++;
  }

  #take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  /** `AND` and the like, only as whole words. */
  #takeWord(word: string): boolean {
    const after = this.#text[this.#at + word.length];
    return (after === undefined || /[\s()"]/.test(after)) && this.#take(word);
  }

  #clauses(field: string | undefined, depth: number): JSONObject | undefined {
    if (depth > maxDepth) throw malformed(`[query_string] parentheses are nested deeper than ${maxDepth} levels.`);
    const clauses: Clause[] = [];
    for (;;) {
      this.#skipSpace();
      if (this.#at >= this.#text.length || this.#text[this.#at] === ")") break;
      const isAnd = this.#takeWord("AND") || this.#take("&&");
      const isOr = !isAnd && (this.#takeWord("OR") || this.#take("||"));
      this.#skipSpace();
      const isProhibited = this.#takeWord("NOT") || this.#take("!") || this.#take("-");
      const isRequired = !isProhibited && this.#take("+");
      this.#skipSpace();
      const isPlain = !isAnd && !isOr && !isProhibited && !isRequired;
      const query = this.#part(field, depth, isPlain);
      this.#join(clauses, query, { isAnd, isOr, isProhibited, isRequired });
    }
    return clauses.length === 0 ? undefined : combine(clauses);
  }

  /** The rules of Lucene's classic parser: AND requires both of its sides. */
  #join(
    clauses: Clause[],
    query: JSONObject | undefined,
    how: { isAnd: boolean; isOr: boolean; isProhibited: boolean; isRequired: boolean },
  ): void {
    const before = clauses[clauses.length - 1];
    const byDefault = this.#builder.isAnd;
    if (before !== undefined && before.occurs !== "must_not") {
      if (how.isAnd) before.occurs = "must";
      else if (how.isOr && byDefault) before.occurs = "should";
    }
    if (query === undefined) return;
    const isMust = how.isRequired || how.isAnd || (byDefault && !how.isOr);
    clauses.push({ query, occurs: how.isProhibited ? "must_not" : isMust ? "must" : "should" });
  }

  #part(outer: string | undefined, depth: number, isPlain: boolean): JSONObject | undefined {
    if (this.#take("*:*")) return { match_all: {} };
    const field = this.#field() ?? outer;
    let query: JSONObject | undefined;
    const char = this.#text[this.#at];
    if (this.#take("(")) {
      query = this.#clauses(field, depth + 1);
      if (!this.#take(")")) throw this.#unexpected();
    } else if (char === '"') {
      query = this.#phrase(field);
    } else if (char === "/") {
      query = this.#builder.pattern(field, "regexp", this.#until("/"));
    } else if (char === "[" || char === "{") {
      query = this.#range(field);
    } else if (char === ">" || char === "<") {
      query = this.#comparison(field);
    } else {
      query = this.#words(field, isPlain && !this.#builder.isAnd);
    }
    const boost = /^\^(\d+(?:\.\d+)?)/.exec(this.#text.slice(this.#at, this.#at + 20));
    if (boost === null) return query;
    this.#at += boost[0].length;
    return query && { bool: { must: query, boost: Number(boost[1]) } };
  }

  #field(): string | undefined {
    const match = /^((?:\\.|[^\s:()"[\]{}^~*?/+\-!><|&\\])(?:\\.|[^\s:()"[\]{}^~?/!><|&\\])*):/.exec(
      this.#text.slice(this.#at, this.#at + 500),
    );
    if (match === null) return undefined;
    this.#at += match[0].length;
    this.#skipSpace();
    return withoutBackslashes(match[1] ?? "");
  }

  /** What stands between two marks. */
  #until(mark: string): string {
    let end = this.#at + 1;
    while (end < this.#text.length && this.#text[end] !== mark) end += this.#text[end] === "\\" ? 2 : 1;
    if (end >= this.#text.length) throw this.#unexpected();
    const inner = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return inner;
  }

  #phrase(field: string | undefined): JSONObject | undefined {
    const text = withoutBackslashes(this.#until('"'));
    const slop = /^~(\d+)/.exec(this.#text.slice(this.#at, this.#at + 12));
    if (slop !== null) this.#at += slop[0].length;
    return this.#builder.phrase(field, text, Number(slop?.[1] ?? 0));
  }

  #range(field: string | undefined): JSONObject {
    const match = /^([[{])\s*("[^"]*"|\S+)\s+TO\s+("[^"]*"|[^\s\]}]+)\s*([\]}])/.exec(
      this.#text.slice(this.#at, this.#at + 500),
    );
    if (match === null) throw this.#unexpected();
    this.#at += match[0].length;
    const [, open, low = "*", high = "*", close] = match;
    const bound = (text: string): string => withoutBackslashes(text.startsWith('"') ? text.slice(1, -1) : text);
    return this.#builder.range(field, {
      ...(low === "*" ? {} : { [open === "[" ? "gte" : "gt"]: bound(low) }),
      ...(high === "*" ? {} : { [close === "]" ? "lte" : "lt"]: bound(high) }),
    });
  }

  #comparison(field: string | undefined): JSONObject {
    const match = /^([<>]=?)\s*("[^"]*"|[^\s()]+)/.exec(this.#text.slice(this.#at, this.#at + 500));
    if (match === null) throw this.#unexpected();
    this.#at += match[0].length;
    const operators: Readonly<Record<string, string>> = { ">": "gt", ">=": "gte", "<": "lt", "<=": "lte" };
    const value = match[2] ?? "";
    return this.#builder.range(field, {
      [operators[match[1] ?? ""] ?? "gte"]: value.startsWith('"') ? value.slice(1, -1) : withoutBackslashes(value),
    });
  }

  /** One word; with `joins` also the plain words behind it, which are analysed together. */
  #words(field: string | undefined, joins: boolean): JSONObject | undefined {
    const first = this.#word();
    if (first === undefined) throw this.#unexpected();
    const isPattern = /(^|[^\\])[*?]/.test(first);
    if (isPattern) return this.#builder.pattern(field, "wildcard", first);
    const fuzzy = /^~(\d?(?:\.\d+)?)/.exec(this.#text.slice(this.#at, this.#at + 10));
    if (fuzzy !== null) {
      this.#at += fuzzy[0].length;
      return this.#builder.fuzzy(field, withoutBackslashes(first), fuzzy[1] === "" ? undefined : fuzzy[1]);
    }
    const words = [first];
    while (joins) {
      const start = this.#at;
      this.#skipSpace();
      const next =
        /[+\-!&|(]/.test(this.#text[this.#at] ?? "") || this.#field() !== undefined ? undefined : this.#word();
      const isPlain =
        next !== undefined &&
        !/(^|[^\\])[*?]/.test(next) &&
        !["AND", "OR", "NOT"].includes(next) &&
        !/[~^]/.test(this.#text[this.#at] ?? "");
      // A word before an operator belongs to the operator.
      const rest = /^\s*(?:AND|OR|&&|\|\|)(?=[\s()"]|$)/.test(this.#text.slice(this.#at, this.#at + 50));
      if (!isPlain || rest) {
        this.#at = start;
        break;
      }
      words.push(next);
    }
    return this.#builder.words(field, withoutBackslashes(words.join(" ")));
  }

  #word(): string | undefined {
    const match = /^(?:\\[\s\S]|[^\s()"[\]{}^~:/\\])+/.exec(this.#text.slice(this.#at));
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match[0];
  }
}

export function withoutBackslashes(text: string): string {
  return text.replace(/\\([\s\S])/g, "$1");
}

export function combine(clauses: readonly { readonly query: JSONObject; readonly occurs: string }[]): JSONObject {
  const [only] = clauses;
  if (only === undefined) return { match_none: {} };
  if (clauses.length === 1 && only.occurs !== "must_not") return only.query;
  const of = (occurs: string): JSONObject[] =>
    clauses.filter((clause) => clause.occurs === occurs).map((clause) => clause.query);
  return { bool: { must: of("must"), should: of("should"), must_not: of("must_not") } };
}
