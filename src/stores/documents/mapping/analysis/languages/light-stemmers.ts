import { cut, firstCut, plain } from "./suffixes.ts";

/*
 * The light stemmers of J. Savoy (University of Neuchâtel): they take off endings of number and gender, and little more.
 */

const germanVowels = plain("äàáâöòóôïìíîüùúû", "aaaaooooiiiiuuuu");
const germanEndings = [cut(5, "ern"), cut(4, "em en er es"), cut(3, "e")];
const germanComparisons = [cut(5, "est"), cut(4, "er en")];
const beforeS = /[bdfghklmnt]s$/;
const beforeSt = /[bdfghklmnt]st$/;

export function lightGerman(term: string): string {
  let word = germanVowels(term);
  word = firstCut(word, germanEndings) ?? (word.length > 3 && beforeS.test(word) ? word.slice(0, -1) : word);
  return firstCut(word, germanComparisons) ?? (word.length > 4 && beforeSt.test(word) ? word.slice(0, -2) : word);
}

const umlauts = plain("äöü", "aou");
const germanPlurals = [cut(6, "nen"), cut(5, "en se es er"), cut(0, "n e s r")];

export function minimalGerman(term: string): string {
  if (term.length < 5) return term;
  const word = umlauts(term);
  return firstCut(word, germanPlurals) ?? word;
}

/** `ae`, `oe`, `ue` are umlauts unless a vowel or a q comes before; umlauts are plain vowels, `ß` is `ss`. */
export function normalizeGerman(term: string): string {
  if (!/[äöüßaou]/.test(term)) return term;
  let out = "";
  let state: "none" | "vowel" | "umlaut" = "none";
  for (const char of term) {
    if (char === "e" && state === "umlaut") {
      state = "vowel";
      continue;
    }
    out += char === "ß" ? "ss" : umlauts(char);
    if (char === "a" || char === "o") state = "umlaut";
    else if (char === "u") state = state === "none" ? "umlaut" : "vowel";
    else state = "eiqyäöü".includes(char) ? "vowel" : "none";
  }
  return out;
}

const frenchAccents = plain("àáâôèéêùûîç", "aaaoeeeuuic");

function finishFrench(term: string): string {
  let word = term;
  if (word.length > 4) word = frenchAccents(word).replace(/(\p{L})\1+/gu, "$1");
  if (word.length > 4 && word.endsWith("ie")) word = word.slice(0, -2);
  if (word.length <= 4) return word;
  if (word.endsWith("r")) word = word.slice(0, -1);
  if (word.endsWith("e")) word = word.slice(0, -1);
  if (word.endsWith("e")) word = word.slice(0, -1);
  return /(\p{L})\1$/u.test(word) ? word.slice(0, -1) : word;
}

const frenchBefore = [cut(9, "issement", 7, "r"), cut(8, "issant", 5, "r")];
const frenchNouns = [
  cut(11, "ficatrice", 7, "er"),
  cut(10, "ficateur", 6, "er"),
  cut(9, "catrice", 7, "quer"),
  cut(8, "cateur", 6, "quer"),
  cut(8, "atrice", 6, "er"),
  cut(7, "ateur", 5, "er"),
];
const frenchEndings = [
  cut(5, "ième"),
  cut(7, "teuse", 3, "r"),
  cut(6, "teur", 2, "r"),
  cut(5, "euse", 2),
  cut(8, "ère", 3, "er"),
  cut(7, "ive", 2, "f"),
  cut(4, "folle molle", 3, "u"),
  cut(9, "nnelle", 5),
  cut(9, "nnel", 3),
];
const frenchLate = [cut(8, "esse", 3), cut(7, "inage", 3)];
const frenchActions = [cut(9, "isateur"), cut(8, "ation ition")];

export function lightFrench(term: string): string {
  let word = term;
  if (word.length > 5 && word.endsWith("x")) {
    word = word.slice(0, -1);
    if (word.endsWith("au") && word.at(-3) !== "e") word = `${word.slice(0, -1)}l`;
  }
  if (word.length > 3 && word.endsWith("x")) word = word.slice(0, -1);
  if (word.length > 3 && word.endsWith("s")) word = word.slice(0, -1);
  const before = firstCut(word, frenchBefore);
  if (before !== undefined) return finishFrench(before);
  if (word.length > 6 && word.endsWith("ement")) {
    word = word.slice(0, -4);
    return finishFrench(word.length > 3 && word.endsWith("ive") ? `${word.slice(0, -2)}f` : word);
  }
  const noun = firstCut(word, frenchNouns);
  if (noun !== undefined) return finishFrench(noun);
  if (word.length > 6 && word.endsWith("trice")) word = `${word.slice(0, -4)}eur`;
  const ending = firstCut(word, frenchEndings);
  if (ending !== undefined) return finishFrench(ending);
  if (word.length > 4 && word.endsWith("ète")) word = `${word.slice(0, -3)}et`;
  if (word.length > 8 && word.endsWith("ique")) word = word.slice(0, -4);
  const late = firstCut(word, frenchLate);
  if (late !== undefined) return finishFrench(late);
  if (word.length > 9 && word.endsWith("isation")) {
    word = word.slice(0, -7);
    return finishFrench(word.length > 5 && word.endsWith("ual") ? `${word.slice(0, -2)}el` : word);
  }
  return finishFrench(firstCut(word, frenchActions) ?? word);
}

export function minimalFrench(term: string): string {
  if (term.length < 6) return term;
  if (term.endsWith("x")) return term.endsWith("aux") ? `${term.slice(0, -2)}l` : term.slice(0, -1);
  let word = term;
  for (const ending of ["s", "r", "e", "é"]) if (word.endsWith(ending)) word = word.slice(0, -1);
  return word.at(-1) === word.at(-2) ? word.slice(0, -1) : word;
}

const spanishAccents = plain("àáâäòóôöèéêëùúûüìíîï", "aaaaooooeeeeuuuuiiii");

export function lightSpanish(term: string): string {
  if (term.length < 5) return term;
  const word = spanishAccents(term);
  if (/[oae]$/.test(word)) return word.slice(0, -1);
  if (word.endsWith("eses")) return word.slice(0, -2);
  if (word.endsWith("ces")) return `${word.slice(0, -3)}z`;
  return /[oae]s$/.test(word) ? word.slice(0, -2) : word;
}

export function lightItalian(term: string): string {
  if (term.length < 6) return term;
  const word = spanishAccents(term);
  if (/(?:[ih][ei]|i[ao])$/.test(word)) return word.slice(0, -2);
  return /[eiao]$/.test(word) ? word.slice(0, -1) : word;
}

const portugueseAccents = plain("àáâäãòóôöõèéêëùúûüìíîïç", "aaaaaoooooeeeeuuuuiiiic");
const portugueseNumbers = [
  cut(4, "res ses les zes", 2),
  cut(3, "ns", 2, "m"),
  cut(4, "eis éis", 3, "el"),
  cut(4, "ais", 2, "l"),
  cut(4, "óis", 3, "ol"),
  cut(4, "is", 1, "l"),
  cut(3, "ões ães", 3, "ão"),
  cut(6, "mente"),
  cut(3, "s"),
];
const portugueseFeminine = [
  cut(7, "inha iaca eira", 1, "o"),
  cut(6, "osa ica ida ada iva ama", 1, "o"),
  cut(6, "ona", 3, "ão"),
  cut(6, "ora", 1),
  cut(6, "esa", 3, "ês"),
  cut(6, "na", 1, "o"),
];

export function lightPortuguese(term: string): string {
  if (term.length < 4) return term;
  let word = firstCut(term, portugueseNumbers) ?? term;
  if (word.length > 3 && word.endsWith("a")) word = firstCut(word, portugueseFeminine) ?? word;
  if (word.length > 4 && /[eao]$/.test(word)) word = word.slice(0, -1);
  return portugueseAccents(word);
}

const russianCases = [
  cut(6, "иями оями"),
  cut(5, "иям иях оях ями оям оьв ами его ему ери ими ого ому ыми оев"),
  cut(4, "ая яя ях юю ах ею их ия ию ьв ою ую ям ых ея ам ем ей ём ев ий им ое ой ом ов ые ый ым ми"),
  cut(3, "а е и о у й ы я ь"),
];

export function lightRussian(term: string): string {
  const word = firstCut(term, russianCases) ?? term;
  if (word.length > 3 && (/[ьи]$/.test(word) || word.endsWith("нн"))) return word.slice(0, -1);
  return word;
}

const swedishEndings = [
  cut(7, "elser heten"),
  cut(6, "arne erna ande else aste orna aren"),
  cut(5, "are ast het"),
  cut(4, "ar er or en at te et"),
  cut(3, "t a e n"),
];

export function lightSwedish(term: string): string {
  const word = term.length > 4 && term.endsWith("s") ? term.slice(0, -1) : term;
  return firstCut(word, swedishEndings) ?? word;
}

/** Without `'s`, whatever the apostrophe. */
export function possessiveEnglish(term: string): string {
  return term.length >= 2 && /['\u2019\uff07][sS]$/.test(term) ? term.slice(0, -2) : term;
}

/** Plurals: `ies` is `y`, `es` and `s` go, unless what comes before is no plural. */
export function minimalEnglish(term: string): string {
  if (term.length < 3 || !term.endsWith("s")) return term;
  const before = term.at(-2);
  if (before === "u" || before === "s") return term;
  if (before === "e") {
    if (term.length > 3 && term.endsWith("ies") && !/[ae]ies$/.test(term)) return `${term.slice(0, -3)}y`;
    if (/(?:i|aa|oa|ee|ao|oo|a|o|e)es$/.test(term)) return term;
  }
  return term.slice(0, -1);
}
