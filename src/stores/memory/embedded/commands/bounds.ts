import { compareBytes } from "../bytes.ts";
import { readLenientFloat } from "../floats.ts";
import { refusals } from "../refusals.ts";
import type { ScoredMember, SortedSetValue } from "../values/sorted-set.ts";

/** Ranks `[from, to)`. */
export interface Ranks {
  readonly from: number;
  readonly to: number;
}

interface Bound<T> {
  readonly value: T;
  readonly exclusive: boolean;
}

/** Reads two score bounds; `(` excludes. */
export function scoreRange(min: string, max: string): (set: SortedSetValue) => Ranks {
  const lower = parseScoreBound(min);
  const upper = parseScoreBound(max);
  return (set) => ({
    from: set.countWhile(lower.exclusive ? upTo(lower.value) : below(lower.value)),
    to: set.countWhile(upper.exclusive ? below(upper.value) : upTo(upper.value)),
  });
}

const below = (score: number) => (member: ScoredMember) => member.score < score;
const upTo = (score: number) => (member: ScoredMember) => member.score <= score;

function parseScoreBound(text: string): Bound<number> {
  const exclusive = text.startsWith("(");
  const value = readLenientFloat(exclusive ? text.slice(1) : text);
  if (Number.isNaN(value)) throw refusals.rangeBoundFloat();
  return { value, exclusive };
}

/** Reads two lexicographic bounds: `[x`, `(x`, `-` (before all) and `+` (after all). */
export function lexRange(min: string, max: string): (set: SortedSetValue) => Ranks {
  const lower = parseLexBound(min);
  const upper = parseLexBound(max);
  return (set) => ({ from: lexPosition(set, lower, true), to: lexPosition(set, upper, false) });
}

type LexBound = Bound<string> | "lowest" | "highest";

function parseLexBound(text: string): LexBound {
  if (text === "-") return "lowest";
  if (text === "+") return "highest";
  const mark = text.charAt(0);
  if (mark !== "[" && mark !== "(") throw refusals.rangeBoundLex();
  return { value: text.slice(1), exclusive: mark === "(" };
}

function lexPosition(set: SortedSetValue, bound: LexBound, isLower: boolean): number {
  if (bound === "lowest") return 0;
  if (bound === "highest") return set.size;
  const { value } = bound;
  const passesEqual = bound.exclusive === isLower;
  return set.countWhile((member) => {
    const order = compareBytes(member.key, value);
    return order < 0 || (order === 0 && passesEqual);
  });
}
