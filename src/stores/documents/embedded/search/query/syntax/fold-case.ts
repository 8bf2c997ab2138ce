/** A text in which the case of ASCII letters makes no difference, as `case_insensitive` wants it: other letters keep theirs. */
export const foldCase = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
