import type { JSONObject } from "../../../../../../kernel/index.ts";
import { combine, type PartBuilder } from "./query-string-parser.ts";

interface SimpleClause {
  readonly query: JSONObject;
  readonly occurs: "must" | "should" | "must_not";
}

const maxDepth = 20;

/**
 * Parses the language for search boxes, which has no errors: `+` and, `|` or, `-` not, `"phrase"~2`, `pre*`, `word~1`, parentheses.
 * What does not fit is left out.
 */
export function parseSimpleQuery(text: string, builder: PartBuilder): SimpleClause[] {
  return new SimpleParser(text, builder).clauses(0);
}

class SimpleParser {
  readonly #text: string;
  readonly #builder: PartBuilder;
  #at = 0;

  constructor(text: string, builder: PartBuilder) {
    this.#text = text;
    this.#builder = builder;
  }

  clauses(depth: number): SimpleClause[] {
    let found: SimpleClause[] = [];
    let operator: "and" | "or" | undefined;
    let isNot = false;
    let previous: "and" | "or" | undefined;
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at] as string;
      if (char === ")") {
        if (depth > 0) break;
        this.#at++;
      } else if (char === "+" || char === "|") {
        operator = char === "+" ? "and" : "or";
        this.#at++;
      } else if (char === "-") {
        isNot = !isNot;
        this.#at++;
      } else if (/\s/.test(char)) {
        this.#at++;
      } else {
        const query = this.#part(char, depth);
        if (query !== undefined) {
          const joins = operator ?? (this.#builder.isAnd ? "and" : "or");
          // A change of operator groups what came before.
          const isChange = previous !== undefined && previous !== joins && found.length > 1;
          if (isChange) found = [{ query: combine(found), occurs: joins === "and" ? "must" : "should" }];
          else if (found.length === 1 && joins !== previous)
            found = found.map((one) => ({ query: one.query, occurs: joins === "and" ? "must" : "should" }));
          found.push({
            query: isNot ? { bool: { must: { match_all: {} }, must_not: query } } : query,
            occurs: joins === "and" ? "must" : "should",
          });
          if (found.length > 1) previous = joins;
        }
        operator = undefined;
        isNot = false;
      }
    }
    return found;
  }

  #part(char: string, depth: number): JSONObject | undefined {
    if (char === "(") {
      this.#at++;
      if (depth >= maxDepth) return undefined;
      const inner = this.clauses(depth + 1);
      this.#at++;
      return inner.length === 0 ? undefined : combine(inner);
    }
    if (char === '"') {
      const end = this.#text.indexOf('"', this.#at + 1);
      if (end < 0) {
        this.#at++;
        return undefined;
      }
      const phrase = this.#text.slice(this.#at + 1, end);
      this.#at = end + 1;
      return this.#builder.phrase(undefined, phrase, this.#number() ?? 0);
    }
    const word = /^(?:\\[\s\S]|[^\s()"|+~\\])+/.exec(this.#text.slice(this.#at))?.[0];
    if (word === undefined) {
      this.#at++;
      return undefined;
    }
    this.#at += word.length;
    const edits = this.#text[this.#at] === "~" ? (this.#number() ?? 2) : undefined;
    if (edits !== undefined) return this.#builder.fuzzy(undefined, plain(word), String(Math.min(2, edits)));
    if (word.endsWith("*") && word.length > 1)
      return this.#builder.pattern(undefined, "wildcard", `${plain(word.slice(0, -1)).replace(/[*?\\]/g, "\\$&")}*`);
    return this.#builder.words(undefined, plain(word));
  }

  /** `~2`; a bare `~` is undefined. */
  #number(): number | undefined {
    const match = /^~(\d*)/.exec(this.#text.slice(this.#at, this.#at + 8));
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match[1] === "" ? undefined : Number(match[1]);
  }
}

function plain(word: string): string {
  return word.replace(/\\([\s\S])/g, "$1");
}
