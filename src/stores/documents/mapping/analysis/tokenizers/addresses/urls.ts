import { endOfEncodedRun, fileSegment, httpSegment, isWordCharacter, login, query } from "./address-characters.ts";
import type { DomainNames } from "./domain-names.ts";

const scheme = /(?:(https?)|(ftp)|file):\/\//iy;
const octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|0?[1-9][0-9]|0{0,2}[0-9])";
const fourOctets = `${octet}(?:\\.${octet}){3}`;
const address4 = new RegExp(fourOctets, "y");
const group = "[0-9A-Fa-f]{1,4}";
const last32 = `(?:${fourOctets}|${group}:${group})`;
/** RFC 3986, 3.2.2. */
const address6 = new RegExp(
  `\\[(?:${[
    `(?:${group}:){6}${last32}`,
    `::(?:${group}:){5}${last32}`,
    `(?:${group})?::(?:${group}:){4}${last32}`,
    `(?:(?:${group}:){0,1}${group})?::(?:${group}:){3}${last32}`,
    `(?:(?:${group}:){0,2}${group})?::(?:${group}:){2}${last32}`,
    `(?:(?:${group}:){0,3}${group})?::${group}:${last32}`,
    `(?:(?:${group}:){0,4}${group})?::${last32}`,
    `(?:(?:${group}:){0,5}${group})?::${group}`,
    `(?:(?:${group}:){0,6}${group})?::`,
  ].join("|")})\\]`,
  "y",
);
const fileType = /;type=[aid]/iy;
/** Behind the URL that begins at `at`, as far as `limit`; -1 where there is none. */
export function endOfUrl(text: string, at: number, limit: number, names: DomainNames): number {
  const first = text.charCodeAt(at) | 32;
  if (first === 0x68 || first === 0x66) {
    scheme.lastIndex = at;
    const found = scheme.exec(text);
    if (found !== null && scheme.lastIndex < limit) {
      const end = endOfSchemed(text, scheme.lastIndex, limit, found[1] ?? found[2], names);
      if (end > 0) return end;
    }
  }
  return endOfBare(text, at, limit, names);
}

function endOfSchemed(text: string, at: number, limit: number, kind: string | undefined, names: DomainNames): number {
  if (kind === undefined) {
    const host = endOfHost(text, at, limit, names);
    return endOfFile(text, Math.max(at, host), limit, false);
  }
  const behindLogin = endOfLogin(text, at, limit);
  let host = behindLogin < 0 ? -1 : endOfHost(text, behindLogin, limit, names);
  if (host < 0) host = endOfHost(text, at, limit, names);
  if (host < 0) return -1;
  const authority = endOfPort(text, host, limit);
  return kind.length === 3 ? endOfFile(text, authority, limit, true) : endOfHttpPath(text, authority, limit);
}

/** `user:password@` */
function endOfLogin(text: string, at: number, limit: number): number {
  let end = endOfEncodedRun(text, at, limit, login);
  if (end < limit && text[end] === ":") end = endOfEncodedRun(text, end + 1, limit, login);
  return end < limit && text[end] === "@" ? end + 1 : -1;
}

/** Any name, and addresses. */
const endOfHost = (text: string, at: number, limit: number, names: DomainNames): number =>
  text[at] === "[" ? endOf(address6, text, at, limit) : names.endOfLabels(at, limit);

function endOfPort(text: string, at: number, limit: number): number {
  if (at >= limit || text[at] !== ":") return at;
  let end = at + 1;
  while (end < limit && end < at + 6 && text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++;
  return end > at + 1 ? end : at;
}

function endOfHttpPath(text: string, at: number, limit: number): number {
  let end = at;
  while (end < limit && text[end] === "/") end = endOfEncodedRun(text, end + 1, limit, httpSegment);
  if (end < limit && text[end] === "?") end = endOfEncodedRun(text, end + 1, limit, query);
  return endOfFragment(text, end, limit);
}

const endOfFragment = (text: string, at: number, limit: number): number =>
  at < limit && text[at] === "#" ? endOfEncodedRun(text, at + 1, limit, query) : at;

/** The path is needed. */
function endOfFile(text: string, at: number, limit: number, hasType: boolean): number {
  if (at >= limit || text[at] !== "/") return -1;
  let end = at;
  while (end < limit && text[end] === "/") end = endOfEncodedRun(text, end + 1, limit, fileSegment);
  const type = hasType ? endOf(fileType, text, end, limit) : -1;
  return endOfFragment(text, Math.max(end, type), limit);
}

/** Without a scheme: an address, or a name in a top-level domain, where the word ends with it. */
function endOfBare(text: string, at: number, limit: number, names: DomainNames): number {
  const address = endOf(text[at] === "[" ? address6 : address4, text, at, limit);
  const isBare = address >= 0 && (address < limit ? !isWordCharacter(text, address) : !endsInTwoDigits(text, address));
  const name = names.endOfWholeName(at, limit);
  const host = Math.max(name, isBare ? address : -1);
  if (host < 0) return -1;
  const end = endOfHttpPath(text, endOfPort(text, host, limit), limit);
  if (end > host || host !== name || host >= limit || text[host] !== ".") return end;
  const dotted = host + 1;
  const more = endOfHttpPath(text, endOfPort(text, dotted, limit), limit);
  // The stop belongs to the name unless it ends the text.
  return more > dotted || (dotted < limit && !isWordCharacter(text, dotted)) ? more : host;
}

/** In Lucene an address at the end of the text is none when another one begins it: `1.2.3.4` is a URL there, `1.2.3.42` is a number. */
const endsInTwoDigits = (text: string, end: number): boolean => /\d\d/.test(text.slice(end - 2, end));

/** What lies beyond the limit is not seen; all that is looked for so is short. */
function endOf(pattern: RegExp, text: string, at: number, limit: number): number {
  pattern.lastIndex = at;
  if (!pattern.test(text)) return -1;
  if (pattern.lastIndex <= limit) return pattern.lastIndex;
  pattern.lastIndex = 0;
  return pattern.test(text.slice(at, limit)) ? at + pattern.lastIndex : -1;
}
