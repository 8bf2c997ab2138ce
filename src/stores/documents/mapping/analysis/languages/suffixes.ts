/** One cut of a light stemmer: words longer than `longerThan` that end with one of the suffixes lose `cut` units, and gain `add`. */
export interface Cut {
  readonly longerThan: number;
  readonly suffixes: readonly string[];
  readonly cut: number;
  readonly add?: string;
}

/** `"en er es"`: those suffixes, cut as a whole unless `cut` says how much. */
export function cut(longerThan: number, suffixes: string, length?: number, add?: string): Cut {
  const list = suffixes.split(" ");
  return {
    longerThan,
    suffixes: list,
    cut: length ?? (list[0] as string).length,
    ...(add === undefined ? {} : { add }),
  };
}

/** The word after the first cut that fits; undefined when none does. */
export function firstCut(word: string, cuts: readonly Cut[]): string | undefined {
  for (const { longerThan, suffixes, cut: length, add = "" } of cuts) {
    if (word.length <= longerThan) continue;
    for (const suffix of suffixes) if (word.endsWith(suffix)) return word.slice(0, word.length - length) + add;
  }
  return undefined;
}

/** A replacement of single characters: `plain("àáâ", "aaa")`. */
export function plain(from: string, to: string): (word: string) => string {
  const byChar = new Map([...from].map((char, i) => [char, to[i] as string]));
  const pattern = new RegExp(`[${from}]`, "g");
  return (word) => word.replace(pattern, (char) => byChar.get(char) as string);
}
