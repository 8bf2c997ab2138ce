/** Stands before each part of short metadata; a JSON text has no such character. */
const mark = "\u0001";
const closingBrace = 0x7d;
/** The same user as before. */
const same = "=";
/** More than metadata takes, unless somebody's id is very long. */
const longestTail = 400;

const written =
  /,"_kuzzle_info":\{"author":("(?:[^"\\]|\\.)*"|null),"createdAt":(\d{1,15}),"updatedAt":(\d{1,15}|null),"updater":("(?:[^"\\]|\\.)*"|null)\}\}$/;

/**
 * The text of a document as a row holds it: metadata at its end, which nearly every document has, is written in a sixth of the space. Who wrote it and
 * when, then the same of the last change: `{"title":"Emma"` + mark + `"kuid"` + mark + `mf3k2p1c` …; times are numbers to the base 36.
 */
export function packSource(text: string): string {
  // A quick look first: texts of plugins and of specifications have none.
  if (!text.endsWith("}}")) return text;
  const from = Math.max(0, text.length - longestTail);
  const found = written.exec(from === 0 ? text : text.slice(from));
  if (found === null) return text;
  const [whole, author = "null", createdAt = "", updatedAt = "null", updater = "null"] = found;
  const head = text.slice(0, text.length - whole.length);
  const short = `${head}${mark}${author}${mark}${shortened(createdAt)}`;
  if (updatedAt === "null" && updater === "null") return short;
  return `${short}${mark}${updatedAt === "null" ? "" : shortened(updatedAt)}${mark}${updater === author ? same : updater}`;
}

const shortened = (digits: string): string => Number(digits).toString(36);

/** The opposite of {@link packSource}; a text that was not made by it stays as it is. */
export function unpackSource(text: string): string {
  const { length } = text;
  if (length === 0 || text.charCodeAt(length - 1) === closingBrace) return text;
  const first = text.indexOf(mark, Math.max(0, length - longestTail));
  if (first < 0) return text;
  const [author = "null", createdAt = "", updatedAt, updater = "null"] = text.slice(first + 1).split(mark);
  const changed = updatedAt === undefined || updatedAt === "" ? "null" : lengthened(updatedAt);
  const by = updater === same ? author : updater;
  return `${text.slice(0, first)},"_kuzzle_info":{"author":${author},"createdAt":${lengthened(createdAt)},"updatedAt":${changed},"updater":${by}}}`;
}

const lengthened = (digits: string): number => Number.parseInt(digits, 36);
