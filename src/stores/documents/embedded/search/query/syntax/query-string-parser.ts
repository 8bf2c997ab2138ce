import type { JSONObject } from "../../../../../../kernel/index.ts";
import { malformed } from "../parameters.ts";
import { type Token, type TokenKind, tokenize, unexpected, withoutBackslashes } from "./query-string-tokens.ts";

/** How the parts of a query string become queries of the query language; the field is undefined where none was named. */
export interface PartBuilder {
  /** Undefined where the analyzers leave nothing of it to look for: the part is as if it had not been written. So it is with phrases and patterns. */
  words(field: string | undefined, text: string): JSONObject | undefined;
  /** `slop` is undefined where the string names none. */
  phrase(field: string | undefined, text: string, slop: number | undefined): JSONObject | undefined;
  /** `fuzziness` is undefined after a bare `~`. */
  fuzzy(field: string | undefined, word: string, fuzziness: string | undefined): JSONObject;
  pattern(field: string | undefined, kind: "prefix" | "wildcard" | "regexp", text: string): JSONObject | undefined;
  range(field: string | undefined, bounds: JSONObject): JSONObject;
  readonly isAnd: boolean;
  /** Whether comparisons need no name of a field: `>10` is looked for in the field by default. */
  readonly hasDefault: boolean;
}

interface Clause {
  readonly query: JSONObject;
  occurs: "must" | "should" | "must_not";
}
type Conjunction = "and" | "or" | undefined;
type Modifier = "required" | "prohibited" | undefined;

const maxDepth = 20;
/** Before these a word stands for itself; others are analysed together with the words beside them. */
const apart: ReadonlySet<TokenKind | undefined> = new Set([":", "*", "tilde", "^", "and", "or"]);

/**
 * Parses Lucene's query strings, by its grammar: `title:(quick OR "brown fox"~2) +size:[10 TO 20} -name:jo* colour:red^2 _exists_:tags`.
 * Errors (400): `services.storage.unexpected_bad_request` with the place that cannot be read.
 */
export class QueryStringParser {
  readonly #text: string;
  readonly #builder: PartBuilder;
  readonly #joinsWords: boolean;
  readonly #tokens: readonly Token[];
  #at = 0;

  /** `joinsWords`: words that stand side by side are analysed together, so that a synonym of several can be found among them. */
  constructor(text: string, builder: PartBuilder, joinsWords = true) {
    this.#text = text;
    this.#builder = builder;
    this.#joinsWords = joinsWords;
    this.#tokens = tokenize(text);
  }

  parse(): JSONObject {
    if (this.#tokens.length === 0) return { match_none: {} };
    const query = this.#clauses(undefined, 0);
    if (this.#at < this.#tokens.length) throw this.#unexpected();
    return query ?? { match_none: {} };
  }

  #unexpected(): Error {
    return unexpected(this.#text, this.#tokens[this.#at]?.at ?? this.#text.length);
  }

  #kind(ahead = 0): TokenKind | undefined {
    return this.#tokens[this.#at + ahead]?.kind;
  }

  /** The next token, if it is of one of these kinds. */
  #take(...kinds: TokenKind[]): Token | undefined {
    const token = this.#tokens[this.#at];
    if (token === undefined || !kinds.includes(token.kind)) return undefined;
    this.#at++;
    return token;
  }

  #clauses(field: string | undefined, depth: number): JSONObject | undefined {
    if (depth > maxDepth) throw malformed(`[query_string] parentheses are nested deeper than ${maxDepth} levels.`);
    const clauses: Clause[] = [];
    // Before the first clause there is nothing for a conjunction to join.
    for (let isFirst = true; isFirst || (this.#at < this.#tokens.length && this.#kind() !== ")"); isFirst = false) {
      if (this.#beginsWords()) {
        this.#join(clauses, this.#words(field), undefined, undefined);
        continue;
      }
      const conjunction = isFirst ? undefined : this.#conjunction();
      const modifier = this.#modifier();
      this.#join(clauses, this.#clause(field, depth), conjunction, modifier);
    }
    return clauses.length === 0 ? undefined : combine(clauses);
  }

  #conjunction(): Conjunction {
    if (this.#take("and") !== undefined) return "and";
    return this.#take("or") === undefined ? undefined : "or";
  }

  #modifier(): Modifier {
    if (this.#take("plus") !== undefined) return "required";
    return this.#take("minus", "not") === undefined ? undefined : "prohibited";
  }

  /** The rules of Lucene's classic parser: AND requires both of its sides. */
  #join(clauses: Clause[], query: JSONObject | undefined, conjunction: Conjunction, modifier: Modifier): void {
    const before = clauses[clauses.length - 1];
    const byDefault = this.#builder.isAnd;
    if (before !== undefined && before.occurs !== "must_not") {
      if (conjunction === "and") before.occurs = "must";
      else if (conjunction === "or" && byDefault) before.occurs = "should";
    }
    if (query === undefined) return;
    const isMust = byDefault ? conjunction !== "or" : modifier === "required" || conjunction === "and";
    clauses.push({ query, occurs: modifier === "prohibited" ? "must_not" : isMust ? "must" : "should" });
  }

  #beginsWords(): boolean {
    return this.#joinsWords && this.#kind() === "term" && this.#kind(1) === "term" && !apart.has(this.#kind(2));
  }

  #words(field: string | undefined): JSONObject | undefined {
    const words = [this.#tokens[this.#at++]?.text];
    while (this.#kind() === "term" && !apart.has(this.#kind(1))) words.push(this.#tokens[this.#at++]?.text);
    return this.#builder.words(field, withoutBackslashes(words.join(" ")));
  }

  #clause(outer: string | undefined, depth: number): JSONObject | undefined {
    const field = this.#field() ?? outer;
    if (this.#take("(") === undefined) return this.#part(field);
    const query = this.#clauses(field, depth + 1);
    if (this.#take(")") === undefined) throw this.#unexpected();
    return this.#boosted(query, this.#boost());
  }

  #field(): string | undefined {
    if (this.#kind(1) !== ":") return undefined;
    const name = this.#take("term", "*");
    if (name === undefined) return undefined;
    this.#at++;
    return withoutBackslashes(name.text);
  }

  #boost(): number | undefined {
    if (this.#take("^") === undefined) return undefined;
    const number = this.#take("number");
    if (number === undefined) throw this.#unexpected();
    return Number(number.text);
  }

  #boosted(query: JSONObject | undefined, boost: number | undefined): JSONObject | undefined {
    return query === undefined || boost === undefined ? query : { bool: { must: query, boost } };
  }

  #part(field: string | undefined): JSONObject | undefined {
    const token = this.#tokens[this.#at++];
    if (token?.kind === "[" || token?.kind === "{") {
      const query = this.#range(field, token.kind === "[");
      return this.#boosted(query, this.#boost());
    }
    // A boost and a number of edits may stand in any order.
    const early = this.#boost();
    const edits = this.#take("tilde")?.text.slice(1);
    return this.#boosted(this.#valueOf(token, field, edits), early ?? this.#boost());
  }

  #valueOf(token: Token | undefined, field: string | undefined, edits: string | undefined): JSONObject | undefined {
    const text = token?.text ?? "";
    switch (token?.kind) {
      case "*":
      case "wildcard":
        return this.#builder.pattern(field, "wildcard", text);
      case "prefix":
        return this.#builder.pattern(field, "prefix", withoutBackslashes(text.slice(0, -1)));
      case "regexp":
        return this.#builder.pattern(field, "regexp", text.slice(1, -1));
      case "quoted": {
        const slop = edits === undefined || edits === "" ? undefined : Math.trunc(Number(edits));
        return this.#builder.phrase(field, withoutBackslashes(text.slice(1, -1)), slop);
      }
      case "term":
      case "bareOperator": {
        const word = token.kind === "term" ? withoutBackslashes(text) : text.slice(0, 1);
        if (edits !== undefined) return this.#builder.fuzzy(field, word, edits === "" ? undefined : edits);
        return this.#comparison(field, word) ?? this.#builder.words(field, word);
      }
      default:
        this.#at--;
        throw this.#unexpected();
    }
  }

  /** `price:>=10`, where a field is named or there is one by default; otherwise it is a text like any other. A bound may stand in quotes, or after a space. */
  #comparison(field: string | undefined, word: string): JSONObject | undefined {
    const match = field === undefined && !this.#builder.hasDefault ? null : /^([<>]=?)([\s\S]*)$/.exec(word);
    if (match === null) return undefined;
    const rest = match[2] === "" ? this.#take("quoted", "term")?.text : match[2];
    if (rest === undefined) return undefined;
    const operators: Readonly<Record<string, string>> = { ">": "gt", ">=": "gte", "<": "lt", "<=": "lte" };
    const bound = match[2] === "" ? withoutBackslashes(rest.replace(/^"([\s\S]*)"$/, "$1")) : rest;
    return this.#builder.range(field, { [operators[match[1] ?? ""] ?? "gte"]: bound });
  }

  #range(field: string | undefined, includesLow: boolean): JSONObject {
    const low = this.#bound();
    if (this.#take("to") === undefined) throw this.#unexpected();
    const high = this.#bound();
    const end = this.#take("]", "}");
    if (end === undefined) throw this.#unexpected();
    return this.#builder.range(field, {
      ...(low === "*" ? {} : { [includesLow ? "gte" : "gt"]: low }),
      ...(high === "*" ? {} : { [end.kind === "]" ? "lte" : "lt"]: high }),
    });
  }

  #bound(): string {
    const token = this.#take("bound", "quotedBound", "to");
    if (token === undefined) throw this.#unexpected();
    return withoutBackslashes(token.kind === "quotedBound" ? token.text.slice(1, -1) : token.text);
  }
}

export function combine(clauses: readonly { readonly query: JSONObject; readonly occurs: string }[]): JSONObject {
  const [only] = clauses;
  if (only === undefined) return { match_none: {} };
  if (clauses.length === 1 && only.occurs !== "must_not") return only.query;
  const of = (occurs: string): JSONObject[] =>
    clauses.filter((clause) => clause.occurs === occurs).map((clause) => clause.query);
  return { bool: { must: of("must"), should: of("should"), must_not: of("must_not") } };
}
