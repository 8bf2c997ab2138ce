import { createRequire } from "node:module";
import type { Stemmer } from "snowball-stemmers";

/** Stems of frequent words are remembered: the stemmers take some microseconds for a word. */
const maxRemembered = 20_000;
const loaded = new Map<string, (term: string) => string>();

/** A stemmer of the Snowball project by the name of its language. The library is loaded with the first. */
export function snowballStemmer(language: string): (term: string) => string {
  const known = loaded.get(language);
  if (known !== undefined) return known;
  const require = createRequire(import.meta.url);
  // The cast: types of a CommonJS package that is loaded when it is needed.
  const { newStemmer } = require("snowball-stemmers") as { newStemmer(name: string): Stemmer };
  const stemmer = newStemmer(language);
  const stem = remembering((term) => stemmer.stem(term));
  loaded.set(language, stem);
  return stem;
}

function remembering(stem: (term: string) => string): (term: string) => string {
  let recent = new Map<string, string>();
  let older = new Map<string, string>();
  return (term) => {
    let found = recent.get(term);
    if (found !== undefined) return found;
    found = older.get(term) ?? stem(term);
    // Two halves: the older one is dropped when the recent one is full.
    if (recent.size >= maxRemembered / 2) {
      older = recent;
      recent = new Map();
    }
    recent.set(term, found);
    return found;
  };
}
