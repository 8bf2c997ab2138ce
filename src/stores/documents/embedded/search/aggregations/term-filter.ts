import { isPlainObject } from "../../../../../kernel/index.ts";
import { malformed, numberOf } from "../query/parameters.ts";
import { compileTermPattern } from "../query/syntax/lucene-regexp.ts";
import { partitionOfNumber, partitionOfTerm } from "./partitions.ts";

/** Which terms or numbers an aggregation takes. */
export interface TermFilter {
  takesTerm(term: string): boolean;
  takesNumber(value: number): boolean;
  /** Patterns are for keywords: numbers and addresses are written in several ways. */
  readonly hasPattern: boolean;
}

const maxListed = 65_536;

/**
 * `include` and `exclude`: a list of exact values or a regular expression each, or a share of all terms (`{partition, num_partitions}`).
 * `read` gives the number that a value of a list stands for, `spell` the term as it is answered. Undefined without both. Errors (400): neither of these.
 */
export function termFilter(
  include: unknown,
  exclude: unknown,
  place: string,
  read: (value: string) => number = Number,
  spell: (value: string) => string = String,
): TermFilter | undefined {
  const includes = testOf(include, `${place}.include`, read, spell);
  if (isPlainObject(exclude)) throw malformed(`[${place}.exclude] takes a list or a regular expression.`);
  const excludes = testOf(exclude, `${place}.exclude`, read, spell);
  if (includes === undefined && excludes === undefined) return undefined;
  return {
    takesTerm: (term) => (includes?.takesTerm(term) ?? true) && !(excludes?.takesTerm(term) ?? false),
    takesNumber: (value) => (includes?.takesNumber(value) ?? true) && !(excludes?.takesNumber(value) ?? false),
    hasPattern: includes?.hasPattern === true || excludes?.hasPattern === true,
  };
}

function testOf(
  value: unknown,
  place: string,
  read: (value: string) => number,
  spell: (value: string) => string,
): TermFilter | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) {
    if (value.length > maxListed) throw malformed(`[${place}] takes at most ${maxListed} values.`);
    const terms = new Set(value.map((one) => spell(String(one))));
    let numbers: Set<number> | undefined;
    return {
      takesTerm: (term) => terms.has(term),
      takesNumber(one) {
        numbers ??= new Set([...terms].map(read));
        return numbers.has(one);
      },
      hasPattern: false,
    };
  }
  if (isPlainObject(value)) return partition(value.partition, value.num_partitions, place);
  if (typeof value !== "string")
    throw malformed(`[${place}] must be a list, a regular expression, or {"partition": 0, "num_partitions": 10}.`);
  const { matches } = compileTermPattern(value);
  return { takesTerm: matches, takesNumber: () => false, hasPattern: true };
}

function partition(wanted: unknown, count: unknown, place: string): TermFilter {
  const parts = numberOf(count, Number.NaN, `${place}.num_partitions`);
  const own = numberOf(wanted, Number.NaN, `${place}.partition`);
  if (!(Number.isInteger(parts) && Number.isInteger(own) && own >= 0 && own < parts))
    throw malformed(`[${place}.partition] must be from 0 to below "num_partitions".`);
  return {
    takesTerm: (term) => partitionOfTerm(term, parts) === own,
    takesNumber: (value) => partitionOfNumber(value, parts) === own,
    hasPattern: false,
  };
}
