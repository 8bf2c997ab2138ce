/** How alike two words are, from 0 to 1. */
export type StringDistance = (wanted: string, other: string) => number;

/** Edits between two lists of characters: insertions, deletions, exchanges, and with `transpositions` of neighbours. */
export function editsBetween(a: ArrayLike<unknown>, b: ArrayLike<unknown>, transpositions: boolean): number {
  const width = b.length + 1;
  let [before, above, row] = [new Uint16Array(width), new Uint16Array(width), new Uint16Array(width)];
  for (let j = 0; j < width; j++) above[j] = j;
  for (let i = 1; i <= a.length; i++) {
    row[0] = i;
    for (let j = 1; j < width; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((above[j] as number) + 1, (row[j - 1] as number) + 1, (above[j - 1] as number) + same);
      if (transpositions && i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] as number) + 1);
      row[j] = cost;
    }
    [before, above, row] = [above, row, before];
  }
  return above[b.length] as number;
}

const damerau: StringDistance = (wanted, other) => {
  const [a, b] = [[...wanted], [...other]];
  const shortest = Math.min(a.length, b.length);
  if (shortest === 0) return 0;
  return Math.fround(1 - Math.fround(editsBetween(a, b, true) / shortest));
};

const levenshtein: StringDistance = (wanted, other) => {
  const longest = Math.max(wanted.length, other.length);
  if (wanted.length === 0 || other.length === 0) return wanted.length === other.length ? 1 : 0;
  return Math.fround(1 - Math.fround(editsBetween(wanted, other, false) / longest));
};

/** Jaro's share of common characters, better for a common beginning. */
const jaroWinkler: StringDistance = (wanted, other) => {
  const [longer, shorter] = wanted.length > other.length ? [wanted, other] : [other, wanted];
  const range = Math.max(Math.floor(longer.length / 2) - 1, 0);
  const taken = new Uint8Array(longer.length);
  let fromShorter = "";
  for (let i = 0; i < shorter.length; i++) {
    const end = Math.min(i + range + 1, longer.length);
    for (let k = Math.max(i - range, 0); k < end; k++) {
      if (taken[k] === 1 || shorter[i] !== longer[k]) continue;
      taken[k] = 1;
      fromShorter += shorter[i];
      break;
    }
  }
  const common = fromShorter.length;
  if (common === 0) return 0;
  let moved = 0;
  for (let i = 0, at = 0; i < longer.length; i++) if (taken[i] === 1 && longer[i] !== fromShorter[at++]) moved++;
  let prefix = 0;
  while (prefix < shorter.length && wanted[prefix] === other[prefix]) prefix++;
  const half = Math.floor(moved / 2);
  const jaro = Math.fround((common / wanted.length + common / other.length + (common - half) / common) / 3);
  return jaro < 0.7 ? jaro : Math.fround(jaro + Math.min(0.1, 1 / longer.length) * prefix * (1 - jaro));
};

/** Kondrak's distance over pairs of characters, the first of which counts double by a character before it. */
const bigrams: StringDistance = (wanted, other) => {
  if (wanted === "" || other === "") return wanted === other ? 1 : 0;
  const longest = Math.max(wanted.length, other.length);
  if (wanted.length < 2 || other.length < 2) return Math.fround((wanted[0] === other[0] ? 1 : 0) / longest);
  const a = `\u0000${wanted}`;
  const b = `\u0000${other}`;
  let above = Float32Array.from({ length: wanted.length + 1 }, (_, i) => i);
  let row = new Float32Array(wanted.length + 1);
  for (let j = 1; j <= other.length; j++) {
    row[0] = j;
    for (let i = 1; i <= wanted.length; i++) {
      let cost = 0;
      let counted = 2;
      for (let k = 0; k < 2; k++) {
        const left = a[i - 1 + k];
        if (left !== b[j - 1 + k]) cost++;
        else if (left === "\u0000") counted--;
      }
      const exchanged = (above[i - 1] as number) + Math.fround(cost / counted);
      row[i] = Math.min((row[i - 1] as number) + 1, (above[i] as number) + 1, exchanged);
    }
    [above, row] = [row, above];
  }
  return Math.fround(1 - Math.fround((above[wanted.length] as number) / longest));
};

/** By the names of the public API; `internal` is undefined: it follows from the edits that found a word. */
export const stringDistances: ReadonlyMap<string, StringDistance | undefined> = new Map<
  string,
  StringDistance | undefined
>([
  ["internal", undefined],
  ["damerau_levenshtein", damerau],
  ["levenshtein", levenshtein],
  ["jaro_winkler", jaroWinkler],
  ["ngram", bigrams],
]);
