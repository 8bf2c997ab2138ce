import {
  lightFrench,
  lightGerman,
  lightItalian,
  lightPortuguese,
  lightRussian,
  lightSpanish,
  lightSwedish,
  minimalEnglish,
  minimalFrench,
  minimalGerman,
  possessiveEnglish,
} from "./light-stemmers.ts";
import { stemArabic } from "./semitic.ts";
import { stemBulgarian, stemCzech } from "./slavic-stemmers.ts";
import { snowballStemmer } from "./snowball.ts";

export type Stem = (term: string) => string;

/** Porter's first stemmer; words of two letters stay. */
function porter(term: string): string {
  return term.length <= 2 ? term : snowballStemmer("porter")(term);
}

/** By the name of the reference engine's `stemmer` filter: our own, or the name of a Snowball stemmer. */
const stemmers: Readonly<Record<string, Stem | string>> = {
  arabic: stemArabic,
  armenian: "armenian",
  basque: "basque",
  bulgarian: stemBulgarian,
  catalan: "catalan",
  czech: stemCzech,
  danish: "danish",
  dutch: "dutch",
  english: porter,
  porter,
  porter2: "english",
  possessive_english: possessiveEnglish,
  minimal_english: minimalEnglish,
  finnish: "finnish",
  french: "french",
  light_french: lightFrench,
  minimal_french: minimalFrench,
  german: "german",
  light_german: lightGerman,
  minimal_german: minimalGerman,
  hungarian: "hungarian",
  irish: "irish",
  italian: "italian",
  light_italian: lightItalian,
  norwegian: "norwegian",
  portuguese: "portuguese",
  light_portuguese: lightPortuguese,
  romanian: "romanian",
  russian: "russian",
  light_russian: lightRussian,
  spanish: "spanish",
  light_spanish: lightSpanish,
  swedish: "swedish",
  light_swedish: lightSwedish,
  turkish: "turkish",
};

export const stemmerNames: readonly string[] = Object.keys(stemmers);

/** Undefined when there is no stemmer of the name. */
export function stemmerOf(name: string): Stem | undefined {
  const key = name.toLowerCase().replace(/^(light|minimal|possessive)(?=[a-z])/, "$1_");
  const found = Object.hasOwn(stemmers, key) ? stemmers[key] : undefined;
  return typeof found === "string" ? snowballStemmer(found) : found;
}

const snowballNames: ReadonlySet<string> = new Set(
  "Armenian Basque Catalan Danish Dutch English Finnish French German Hungarian Irish Italian Norwegian Porter Portuguese Romanian Russian Spanish Swedish Turkish".split(
    " ",
  ),
);

/** The stemmers of the `snowball` filter. */
export function snowballOf(name: string): Stem | undefined {
  const key = name.slice(0, 1).toUpperCase() + name.slice(1);
  return snowballNames.has(key) ? snowballStemmer(key.toLowerCase()) : undefined;
}
