/** Alef with hamza or madda is alef, alef maksura is yeh, teh marbuta is heh; vowel signs and lengthening go. */
export function normalizeArabic(term: string): string {
  return term
    .replace(/[\u0640\u064b-\u0652]/g, "")
    .replace(/[\u0622\u0623\u0625]/g, "\u0627")
    .replaceAll("\u0649", "\u064a")
    .replaceAll("\u0629", "\u0647");
}

const arabicPrefixes = ["ال", "وال", "بال", "كال", "فال", "لل", "و"];
const arabicSuffixes = ["ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ة", "ي"];

/** The light stemmer of Larkey and others ("Light10"): one prefix, and each suffix once. */
export function stemArabic(term: string): string {
  let word = term;
  for (const prefix of arabicPrefixes) {
    const rest = prefix.length === 1 ? 3 : 2;
    if (!word.startsWith(prefix) || word.length < prefix.length + rest) continue;
    word = word.slice(prefix.length);
    break;
  }
  for (const suffix of arabicSuffixes)
    if (word.endsWith(suffix) && word.length >= suffix.length + 2) word = word.slice(0, -suffix.length);
  return word;
}

/** Persian letters in their Arabic form. */
export function normalizePersian(term: string): string {
  return term
    .replace(/[\u06cc\u06d2]/g, "\u064a")
    .replaceAll("\u06a9", "\u0643")
    .replace(/[\u06c0\u06c1]/g, "\u0647")
    .replaceAll("\u0654", "");
}
