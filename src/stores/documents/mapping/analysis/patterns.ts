import { RE2JS } from "re2js";
import { fromJava } from "./java-patterns.ts";
import type { PartOptions } from "./part-options.ts";

/** Where a pattern matched: `[start, end]` of the whole and of each group, -1 where a group took no part. */
export type PatternMatch = readonly (readonly [start: number, end: number])[];

/** A regular expression of the settings, matched in linear time. */
export interface TextPattern {
  /** The matches in a text from left to right. */
  matches(text: string): Generator<PatternMatch>;
  readonly groups: number;
}

const flagBits: Readonly<Record<string, number>> = {
  CASE_INSENSITIVE: RE2JS.CASE_INSENSITIVE,
  DOTALL: RE2JS.DOTALL,
  MULTILINE: RE2JS.MULTILINE,
};

/** Flags that change nothing here, or that are always on. */
const idleFlags: ReadonlySet<string> = new Set([
  "UNICODE_CASE",
  "CANON_EQ",
  "UNIX_LINES",
  "UNICODE_CHARACTER_CLASS",
  "",
]);

/** Compiles the member `name` (flags: the member `flags`, `"CASE_INSENSITIVE|DOTALL"`). Look-around and back references are refused. */
export function readPattern(options: PartOptions, name: string, byDefault?: string): TextPattern {
  const source = byDefault === undefined ? options.needText(name) : options.text(name, byDefault);
  let bits = 0;
  for (const flag of options.text("flags", "").split("|")) {
    const bit = flagBits[flag.trim()];
    if (bit === undefined && flag.trim() === "LITERAL") return compilePattern(RE2JS.quote(source), bits, options, name);
    if (bit === undefined && flag.trim() === "COMMENTS")
      return compilePattern(
        source.replace(/\\.|#.*$|\s+/gm, (part) => (part[0] === "\\" ? part : "")),
        bits,
        options,
        name,
      );
    if (bit === undefined && !idleFlags.has(flag.trim())) throw options.wrong("flags", `"${flag}"`);
    bits |= bit ?? 0;
  }
  return compilePattern(source, bits, options, name);
}

export function compilePattern(source: string, bits: number, options: PartOptions, name: string): TextPattern {
  if (source.length > 10_000) throw options.wrong(name, "longer than 10000 characters");
  const messageOf = (err: unknown): string => (err instanceof Error ? err.message : String(err));
  let pattern: string;
  try {
    pattern = fromJava(source);
  } catch (err) {
    throw options.wrong(name, messageOf(err));
  }
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern, bits);
  } catch (err) {
    throw options.wrong(name, `${messageOf(err)}; look-around and back references are not supported`);
  }
  const groups = compiled.groupCount();
  return {
    groups,
    *matches(text) {
      const matcher = compiled.matcher(text);
      while (matcher.find()) {
        const found: [number, number][] = [];
        for (let group = 0; group <= groups; group++) found.push([matcher.start(group), matcher.end(group)]);
        yield found;
      }
    },
  };
}

/** A replacement as Java writes it: `$1`, `${name}` is refused, `\$` is a dollar. */
export function readReplacement(
  options: PartOptions,
  name: string,
  groups: number,
): (text: string, match: PatternMatch) => string {
  const source = options.text(name, "");
  const parts: (string | number)[] = [];
  for (let i = 0; i < source.length; i++) {
    const char = source[i] as string;
    if (char === "\\") {
      const next = source[++i];
      if (next === undefined) throw options.wrong(name, "ends with a backslash");
      parts.push(next);
    } else if (char === "$") {
      const first = /^\d/.exec(source.slice(i + 1))?.[0];
      if (first === undefined) throw options.wrong(name, '"$" needs the number of a group');
      if (Number(first) > groups) throw options.wrong(name, `there is no group ${first}`);
      let digits = first;
      while (/\d/.test(source[i + 1 + digits.length] ?? "") && Number(digits + source[i + 1 + digits.length]) <= groups)
        digits += source[i + 1 + digits.length];
      parts.push(Number(digits));
      i += digits.length;
    } else parts.push(char);
  }
  return (text, match) =>
    parts
      .map((part) =>
        typeof part === "string"
          ? part
          : text.slice(Math.max(0, match[part]?.[0] ?? 0), Math.max(0, match[part]?.[1] ?? 0)),
      )
      .join("");
}
