import { RE2JS } from "re2js";
import { findRequiredText, type RequiredText } from "./required-text.ts";

export type RegExpEngine = "re2" | "js";

/** Longer ones are refused: compiling is quick up to here. */
const maxSourceLength = 2_000;
/** Matching costs up to (instructions x length of the text); a guess, to be settled by what real filters need. */
const maxProgramSize = 500;
/** A compiled expression takes about 8 kB, and 0.1 ms to make again. */
const maxCompiled = 10_000;

/** Compiled expressions in order of compilation; the one that a new one displaces is compiled again when needed. */
const compiledRing: (Pattern | undefined)[] = [];
let ringPosition = 0;

interface Tester {
  test(text: string): boolean;
}

/**
 * A regular expression of a filter. Most documents are refused by a text that every match must contain, and plain
 * expressions (`^order-`) never reach an engine at all.
 */
export class Pattern {
  readonly source: string;
  /** Those that matter, sorted: what identifies the expression. */
  readonly flags: string;
  readonly #engine: RegExpEngine;
  readonly #required: RequiredText | undefined;
  #compiled: Tester | undefined;

  /** Throws an `Error` with the reason when the expression is not valid. */
  constructor(source: string, flags: string, engine: RegExpEngine) {
    if (source.length > maxSourceLength) throw new Error(`is longer than ${maxSourceLength} characters`);
    const kept = engine === "re2" ? flags.replace(/[^ims]/g, "") : flags.replace(/[gy]/g, "");
    // Twice the same letter is an error to JavaScript only, and reported by it.
    this.flags = engine === "re2" ? [...new Set(kept)].sort().join("") : [...kept].sort().join("");
    this.source = source;
    this.#engine = engine;
    this.#required = findRequiredText(source, this.flags);
    if (engine === "js" || this.#required === undefined || this.#required.exact === "none") this.#compile();
  }

  /** A text that every text with a match contains; empty when none is known. */
  get requiredText(): string {
    return this.#required?.text ?? "";
  }

  /** Whether the expression is found anywhere in the text. */
  test(text: string): boolean {
    if (this.#required !== undefined) {
      const required = this.#required.text;
      switch (this.#required.exact) {
        case "anywhere":
          return text.includes(required);
        case "start":
          return text.startsWith(required);
        case "end":
          return text.endsWith(required);
        case "whole":
          return text === required;
        case "none":
          if (!text.includes(required)) return false;
      }
    }
    return (this.#compiled ?? this.#compile()).test(text);
  }

  #compile(): Tester {
    const compiled =
      this.#engine === "js" ? new RegExp(this.source, this.flags) : compileLinear(this.source, this.flags);
    const displaced = compiledRing[ringPosition];
    if (displaced !== undefined) displaced.#compiled = undefined;
    compiledRing[ringPosition] = this;
    ringPosition = (ringPosition + 1) % maxCompiled;
    this.#compiled = compiled;
    return compiled;
  }
}

function compileLinear(source: string, flags: string): Tester {
  let bits = 0;
  if (flags.includes("i")) bits |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes("m")) bits |= RE2JS.MULTILINE;
  if (flags.includes("s")) bits |= RE2JS.DOTALL;
  const compiled = RE2JS.compile(RE2JS.translateRegExp(source), bits);
  if (compiled.programSize() > maxProgramSize) throw new Error("is too large once its repetitions are counted");
  return compiled;
}
