import type { JSONObject } from "../../../../../../kernel/index.ts";
import { malformed } from "../parameters.ts";
import type { PartBuilder } from "./query-string-parser.ts";

type Operator = "must" | "should";
/** What is being read: the query so far, and how the next part joins it. */
interface State {
  top: JSONObject | undefined;
  operator: Operator | undefined;
  previous: Operator | undefined;
  isNot: boolean;
}

const operators = [
  "AND",
  "OR",
  "NOT",
  "PREFIX",
  "PHRASE",
  "PRECEDENCE",
  "ESCAPE",
  "WHITESPACE",
  "FUZZY",
  "NEAR",
] as const;
type Flag = (typeof operators)[number];
const maxDepth = 20;

/** `"OR|AND|PREFIX"`: the signs that have a meaning. Errors (400) for names that there are not. */
export function readFlags(value: unknown): ReadonlySet<Flag> {
  if (value === undefined || value === null || value === -1) return new Set(operators);
  const flags = new Set<Flag>();
  for (const name of String(value).toUpperCase().split("|")) {
    if (name === "ALL" || name === "") return new Set(operators);
    if (name === "NONE") return new Set();
    const flag = name === "SLOP" ? "NEAR" : operators.find((one) => one === name);
    if (flag === undefined)
      throw malformed(
        `[simple_query_string.flags] "${name}" is unknown. Known: ALL, NONE, ${operators.join(", ")}, SLOP.`,
      );
    flags.add(flag);
  }
  return flags;
}

/**
 * Parses the language for search boxes, which has no errors: `+` and, `|` or, `-` not, `"phrase"~2`, `pre*`, `word~1`, parentheses.
 * What does not fit is left out.
 */
export function parseSimpleQuery(
  text: string,
  builder: PartBuilder,
  flags: ReadonlySet<Flag> = new Set(operators),
): JSONObject {
  if (text.trim() === "*") return { match_all: {} };
  return new SimpleParser(text, builder, flags).parse(0) ?? { match_none: {} };
}

class SimpleParser {
  readonly #text: string;
  readonly #builder: PartBuilder;
  readonly #flags: ReadonlySet<Flag>;
  #at = 0;

  constructor(text: string, builder: PartBuilder, flags: ReadonlySet<Flag>) {
    this.#text = text;
    this.#builder = builder;
    this.#flags = flags;
  }

  parse(depth: number): JSONObject | undefined {
    const state: State = { top: undefined, operator: undefined, previous: undefined, isNot: false };
    while (this.#at < this.#text.length) {
      if (this.#is("-", "NOT")) {
        state.isNot = !state.isNot;
        this.#at++;
        continue;
      }
      if (this.#is("(", "PRECEDENCE")) this.#parentheses(state, depth);
      else if (this.#is(")", "PRECEDENCE") || this.#isSpace()) this.#at++;
      else if (this.#is('"', "PHRASE")) this.#phrase(state);
      else if (this.#is("+", "AND")) this.#setOperator(state, "must");
      else if (this.#is("|", "OR")) this.#setOperator(state, "should");
      else this.#word(state);
      // A sign of negation stands directly before its word.
      state.isNot = false;
    }
    return state.top;
  }

  #is(char: string, flag: Flag): boolean {
    return this.#text[this.#at] === char && this.#flags.has(flag);
  }

  #isSpace(): boolean {
    return this.#flags.has("WHITESPACE") && /[ \t\n\r]/.test(this.#text[this.#at] ?? "");
  }

  #setOperator(state: State, operator: Operator): void {
    if (state.operator === undefined && state.top !== undefined) state.operator = operator;
    this.#at++;
  }

  /** A change of operator groups what came before. */
  #add(state: State, part: JSONObject | undefined): void {
    const { operator = this.#builder.isAnd ? "must" : "should" } = state;
    state.operator = undefined;
    if (part === undefined) return;
    const query = state.isNot ? { bool: { must: [{ match_all: {} }], must_not: [part] } } : part;
    if (state.top === undefined) {
      state.top = query;
      return;
    }
    const before = state.previous === operator ? membersOf(state.top, operator) : [state.top];
    state.top = { bool: { [operator]: [...before, query] } };
    state.previous = operator;
  }

  #parentheses(state: State, depth: number): void {
    const start = ++this.#at;
    let open = 1;
    for (; this.#at < this.#text.length; this.#at++) {
      if (this.#is("\\", "ESCAPE")) this.#at++;
      else if (this.#text[this.#at] === "(") open++;
      else if (this.#text[this.#at] === ")" && --open === 0) break;
    }
    const end = this.#at;
    if (end >= this.#text.length) this.#at = start;
    else {
      this.#at = end + 1;
      if (end === start || depth >= maxDepth) state.operator = undefined;
      else
        this.#add(state, new SimpleParser(this.#text.slice(start, end), this.#builder, this.#flags).parse(depth + 1));
    }
  }

  #phrase(state: State): void {
    const start = ++this.#at;
    let phrase = "";
    for (; this.#at < this.#text.length && this.#text[this.#at] !== '"'; this.#at++) {
      if (this.#is("\\", "ESCAPE")) this.#at++;
      phrase += this.#text[this.#at] ?? "";
    }
    const end = this.#at;
    if (end >= this.#text.length) {
      this.#at = start;
      return;
    }
    this.#at++;
    if (end === start) state.operator = undefined;
    else {
      // A "~" that ends the whole says nothing.
      const hasSlop = this.#is("~", "NEAR");
      const slop = hasSlop && this.#at + 1 < this.#text.length ? this.#number() : 0;
      if (hasSlop && slop === 0 && this.#text[this.#at] === "~") this.#at++;
      this.#add(state, this.#builder.phrase(undefined, phrase, slop));
    }
  }

  #word(state: State): void {
    let word = "";
    let isPrefix = false;
    let edits = 0;
    while (this.#at < this.#text.length) {
      const isEscape = this.#is("\\", "ESCAPE");
      if (isEscape) this.#at++;
      else if (this.#isEnd()) break;
      else if (word !== "" && this.#is("~", "FUZZY")) {
        edits = this.#number();
        break;
      }
      isPrefix = !isEscape && word !== "" && this.#is("*", "PREFIX");
      word += this.#text[this.#at] ?? "";
      this.#at++;
    }
    if (word === "") return;
    const { fuzzy, pattern, words } = this.#builder;
    if (edits > 0) this.#add(state, fuzzy(undefined, word, String(Math.min(2, edits))));
    else if (isPrefix) this.#add(state, pattern(undefined, "prefix", word.slice(0, -1)));
    else this.#add(state, words(undefined, word));
  }

  #isEnd(): boolean {
    const isSign = this.#is('"', "PHRASE") || this.#is("|", "OR") || this.#is("+", "AND");
    return isSign || this.#is("(", "PRECEDENCE") || this.#is(")", "PRECEDENCE") || this.#isSpace();
  }

  /** `~3` is 3, a bare `~` is 2, and what is no number is 0. */
  #number(): number {
    const start = ++this.#at;
    while (this.#at < this.#text.length && !this.#isEnd()) this.#at++;
    const digits = this.#text.slice(start, this.#at);
    if (digits === "") return 2;
    return /^\d{1,9}$/.test(digits) ? Number(digits) : 0;
  }
}

const membersOf = (query: JSONObject, operator: Operator): readonly JSONObject[] => {
  const { bool } = query as { readonly bool: Readonly<Record<Operator, readonly JSONObject[]>> };
  return bool[operator];
};
