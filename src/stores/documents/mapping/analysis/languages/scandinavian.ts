/** Danish, Norwegian and Swedish spellings of the same sounds in one of them: `ä` and `ae` are `æ`, `ö` and `oe` are `ø`, `aa` is `å`. */
export function normalizeScandinavian(term: string): string {
  if (!/[äöÄÖaoAO]/.test(term)) return term;
  return term
    .replace(/ä/g, "æ")
    .replace(/Ä/g, "Æ")
    .replace(/ö/g, "ø")
    .replace(/Ö/g, "Ø")
    .replace(/([aA])([aAeEoO])|([oO])([eEoO])/g, (pair: string) => {
      const isUpper = pair[0] === "A" || pair[0] === "O";
      const second = (pair[1] as string).toLowerCase();
      if (pair[0]?.toLowerCase() === "a") {
        if (second === "a" || second === "o") return isUpper ? "Å" : "å";
        return isUpper ? "Æ" : "æ";
      }
      return isUpper ? "Ø" : "ø";
    });
}

/** All of these letters without their marks. */
export function foldScandinavian(term: string): string {
  return term
    .replace(/[åäæ]/g, "a")
    .replace(/[ÅÄÆ]/g, "A")
    .replace(/[øö]/g, "o")
    .replace(/[ØÖ]/g, "O")
    .replace(/([aA])[aAeEoO]|([oO])[eEoO]/g, (pair: string) => pair[0] as string);
}
