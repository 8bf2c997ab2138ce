import { cut, firstCut } from "./suffixes.ts";

/*
 * Light stemmers of Slavic languages, by L. Dolamic and J. Savoy (Czech) and J. Savoy (Bulgarian): endings of number, case and article.
 */

const czechCases = [
  cut(7, "atech"),
  cut(6, "ětem etem atům"),
  cut(5, "ech ich ích ého ěmi emi ému ěte ete ěti eti ího iho ími ímu imu ách ata aty ých ama ami ové ovi ými"),
  cut(4, "em es ém ím ům at ám os us ým mi ou"),
  cut(3, "a e i o u ů y á é í ý ě"),
];
const czechPossessives = [cut(5, "ov in ův")];

export function stemCzech(term: string): string {
  const bare = firstCut(term, czechCases) ?? term;
  return normalizeCzech(firstCut(bare, czechPossessives) ?? bare);
}

/** The end of a stem as it is before other endings. */
function normalizeCzech(word: string): string {
  if (word.endsWith("čt")) return `${word.slice(0, -2)}ck`;
  if (word.endsWith("št")) return `${word.slice(0, -2)}sk`;
  if (/[cč]$/.test(word)) return `${word.slice(0, -1)}k`;
  if (/[zž]$/.test(word)) return `${word.slice(0, -1)}h`;
  if (word.length > 1 && word.at(-2) === "e") return word.slice(0, -2) + word.slice(-1);
  if (word.length > 2 && word.at(-2) === "ů") return `${word.slice(0, -2)}o${word.slice(-1)}`;
  return word;
}

const bulgarianArticles = [cut(6, "ият"), cut(5, "ът то те та ия"), cut(4, "ят")];
const bulgarianPlurals = [
  cut(6, "овци ове", 3),
  cut(6, "еве", 3, "й"),
  cut(5, "ища"),
  cut(5, "та"),
  cut(5, "ци", 2, "к"),
  cut(5, "зи", 2, "г"),
];
const lateBulgarianPlurals = [cut(4, "си", 2, "х"), cut(4, "и")];

export function stemBulgarian(term: string): string {
  if (term.length < 4) return term;
  if (term.length > 5 && term.endsWith("ища")) return term.slice(0, -3);
  let word = withoutBulgarianPlural(firstCut(term, bulgarianArticles) ?? term);
  if (word.length > 3) word = word.replace(/я$/, "").replace(/[аое]$/, "");
  if (word.length > 4 && word.endsWith("ен")) word = `${word.slice(0, -2)}н`;
  return word.length > 5 && word.at(-2) === "ъ" ? word.slice(0, -2) + word.slice(-1) : word;
}

function withoutBulgarianPlural(word: string): string {
  const found = firstCut(word, bulgarianPlurals);
  if (found !== undefined) return found;
  if (word.length > 5 && word.at(-3) === "е" && word.endsWith("и")) return `${word.slice(0, -3)}я${word.at(-2)}`;
  return firstCut(word, lateBulgarianPlurals) ?? word;
}
