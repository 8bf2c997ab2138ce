/**
 * Where sentences begin, by the rules of the platform of the reference engine. A "!" or "?" ends one, with the quotes, brackets and spaces
 * behind it. A full stop does so when a capital letter follows after a space, any letter after two, or a sign other than a comma with a letter
 * behind it; before small letters and digits it may belong to an abbreviation or a number. Lines end no sentences, paragraphs (U+2029) do.
 */
export function sentenceStarts(text: string): number[] {
  const starts = text === "" ? [] : [0];
  const ends = /[!?\u0964\u0965\u3002\uff01\uff1f.\uff0e\u2029]/g;
  for (let found = ends.exec(text); found !== null; found = ends.exec(text)) {
    const end = endOf(text, found.index);
    ends.lastIndex = end.at;
    if (end.isBoundary && end.at < text.length) starts.push(end.at);
  }
  return starts;
}

const closing = /[\p{Pe}\p{Pf}"'\p{Mn}\p{Me}\p{Cf}]/u;
const hard = /[!?\u0964\u0965\u3002\uff01\uff1f]/;
const stop = /[.\uff0e]/;
const space = /[\p{Zs}\u2028\t\n\f\r\p{Mn}\p{Me}\p{Cf}]/u;
const sign = /[^\p{L}\p{N}\p{Mn}\p{Me}\p{Cf}\p{Pe}\p{Pf}\p{Zs}\s,.\uff0e!?\u0964\u0965\u3002\uff01\uff1f]/u;
const capital = /[\p{Lu}\p{Lt}\p{Lm}\p{Lo}]/u;
const letter = /\p{L}/u;

interface End {
  /** Behind the end and what belongs to it. */
  readonly at: number;
  readonly isBoundary: boolean;
}

function endOf(text: string, from: number): End {
  if (text[from] === "\u2029") return { at: from + 1, isBoundary: true };
  let isHard = false;
  let at = from;
  for (; at < text.length; at++) {
    const char = text[at] as string;
    if (hard.test(char)) isHard = true;
    else if (!stop.test(char) && !closing.test(char)) break;
  }
  const isQuoted = /["']/.test(text[at - 1] as string);
  const behind = at;
  while (at < text.length && space.test(text[at] as string)) at++;
  if (text[at] === "\u2029") return { at: at + 1, isBoundary: true };
  if (isHard) return { at, isBoundary: true };
  let signs = at;
  while (signs < text.length && sign.test(text[signs] as string)) signs++;
  const next = text[signs] ?? "";
  const isMarked = signs > at || at > behind + 1 || (isQuoted && at === behind);
  return { at, isBoundary: isMarked ? letter.test(next) : at > behind && capital.test(next) };
}
