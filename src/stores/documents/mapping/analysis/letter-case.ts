/** Lower case character by character, as Java has it: a final sigma is no exception, and a capital I with a dot is an i. */
export function lowerCase(text: string): string {
  return text.replace(/[\u0130\u03a3]/g, plainCapital).toLowerCase();
}

const plainCapital = (char: string): string => (char === "\u0130" ? "i" : "\u03c3");

/** Upper case character by character: what would become several letters (`ß`) stays. */
export function upperCase(text: string): string {
  const upper = text.toUpperCase();
  if (upper.length === text.length) return upper;
  let out = "";
  for (const char of text) {
    const own = char.toUpperCase();
    out += own.length === char.length ? own : char;
  }
  return out;
}
