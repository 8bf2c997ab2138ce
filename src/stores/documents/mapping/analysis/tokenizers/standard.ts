import type { Tokens } from "../tokens.ts";
import { maxTokenLength, type Tokenizer } from "./tokenizer.ts";

/** Word break classes of Unicode Standard Annex 29, as far as they matter to find words. */
const other = 0;
const letter = 1;
const digit = 2;
const extendNumLet = 3;
const midLetter = 4;
const midNum = 5;
const midNumLet = 6;
const katakana = 7;
/** Each such character is a word of its own: Han, Hiragana. */
const single = 8;
const extend = 9;
/** Thai and its neighbours, written without spaces: a run is one token. */
const southEastAsian = 10;
const emoji = 11;
/** Two of these are one flag. */
const regional = 12;
/** Behind a Hebrew letter with its mark, no other mark joins. */
const marked = 13;

const basicPlane = new Uint8Array(0x10000).fill(255);

function classOf(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 0xd800 && code <= 0xdbff) return computeClass(text.codePointAt(at) ?? code);
  const known = basicPlane[code] as number;
  if (known !== 255) return known;
  const computed = computeClass(code);
  basicPlane[code] = computed;
  return computed;
}

function computeClass(code: number): number {
  if (code < 128) {
    if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) return letter;
    if (code >= 48 && code <= 57) return digit;
    if (code === 95) return extendNumLet;
    if (code === 58) return midLetter;
    if (code === 44 || code === 59) return midNum;
    return code === 46 || code === 39 ? midNumLet : other;
  }
  if (code >= 0x1f1e6 && code <= 0x1f1ff) return regional;
  const char = String.fromCodePoint(code);
  if (
    code === 0xb7 ||
    code === 0x387 ||
    code === 0x55f ||
    code === 0x5f4 ||
    code === 0x2027 ||
    code === 0xfe13 ||
    code === 0xfe55 ||
    code === 0xff1a
  )
    return midLetter;
  if (code === 0x2018 || code === 0x2019 || code === 0x2024 || code === 0xfe52 || code === 0xff07 || code === 0xff0e)
    return midNumLet;
  if (
    code === 0x37e ||
    code === 0x589 ||
    code === 0x60c ||
    code === 0x60d ||
    code === 0x66c ||
    code === 0x2044 ||
    code === 0xff0c ||
    code === 0xff1b
  )
    return midNum;
  if (/\p{Pc}/u.test(char)) return extendNumLet;
  if (code === 0xff9e || code === 0xff9f || (code !== 0x200b && /\p{M}|\p{Cf}/u.test(char)))
    return /\p{Script=Thai}|\p{Script=Lao}|\p{Script=Khmer}|\p{Script=Myanmar}/u.test(char) ? southEastAsian : extend;
  if (/\p{Nd}/u.test(char)) return digit;
  if (/\p{Script=Han}|\p{Script=Hiragana}/u.test(char)) return single;
  if (/\p{Script=Katakana}|\u30fc/u.test(char)) return katakana;
  if (/\p{Script=Thai}|\p{Script=Lao}|\p{Script=Khmer}|\p{Script=Myanmar}/u.test(char)) return southEastAsian;
  if (/\p{L}|\p{Nl}|\p{Alphabetic}/u.test(char)) return letter;
  return /\p{Emoji_Presentation}|\p{Extended_Pictographic}/u.test(char) ? emoji : other;
}

/** Cuts a text into words as Lucene's standard tokenizer does, at most `limit` units long, and answers the position after the last. */
export function standardTokenize(text: string, tokens: Tokens, firstPosition: number, limit = maxTokenLength): number {
  let position = firstPosition;
  let at = 0;
  while (at < text.length) {
    const start = at;
    at = endOfWord(text, start, limit);
    if (at < 0) {
      at = -at;
      continue;
    }
    tokens.push(text.slice(start, at), position++, start, at);
    if (tokens.isRich) tokens.types[tokens.count - 1] = typeOfWord(text, start, at);
  }
  return position;
}

/** Behind the word that begins at `start`, at most `limit` units; when there is none, the negative offset from which on to look for the next. */
export function endOfWord(text: string, start: number, limit: number): number {
  const kind = kindAt(text, start);
  let at = start + width(text, start);
  const cap = kind === other ? endOfKeycap(text, at) : -1;
  if (cap > 0) return cap;
  if (kind === other || kind === midLetter || kind === midNum || kind === midNumLet || kind === extend) return -at;
  // What lies beyond the longest word that may be is not looked at.
  const length = Math.min(text.length, start + limit);
  let isWord = kind !== extendNumLet;
  if (kind === single) {
    while (at < length && classOf(text, at) === extend) at += width(text, at);
  } else if (kind === emoji || kind === regional) {
    at = endOfEmoji(text, at, kind, text.charCodeAt(start) === 0x200d);
  } else {
    let last = kind;
    /** Where the last letter stands unless a mark joins it to what is before. */
    let free = start;
    while (at < length) {
      const next = classOf(text, at);
      if (next === extend) {
        at += width(text, at);
        continue;
      }
      if (joins(last, next)) {
        free = at;
        last = next;
        if (next !== extendNumLet) isWord = true;
        at += width(text, at);
        continue;
      }
      const behindMark = last === letter ? endOfHebrewMark(text, free, at, length) : -1;
      if (behindMark > 0) {
        at = behindMark;
        last = marked;
        continue;
      }
      const after = endOfInfix(text, at, last, next, length);
      if (after < 0) break;
      at = after + width(text, after);
      free = -1;
      last = classOf(text, after);
      isWord = true;
    }
  }
  if (!isWord) return -at;
  const cut = Math.min(at, start + limit);
  return cut < at && limit > 1 && (text.charCodeAt(cut - 1) & 0xfc00) === 0xd800 ? cut - 1 : cut;
}

/** Behind the keycap around a sign (`#`, `*`): with it the sign is a word, which it is not alone. -1 without one. */
function endOfKeycap(text: string, afterSign: number): number {
  if (text[afterSign - 1] !== "#" && text[afterSign - 1] !== "*") return -1;
  let at = afterSign;
  while (at < text.length && classOf(text, at) === extend) if (text[at++] === "\u20e3") return at;
  return -1;
}

/** A joiner belongs to the picture behind it. */
function kindAt(text: string, at: number): number {
  const kind = classOf(text, at);
  const isJoiner = kind === extend && text.charCodeAt(at) === 0x200d && at + 1 < text.length;
  return isJoiner && classOf(text, at + 1) === emoji ? emoji : kind;
}

export const standardTokenizer = (limit: number): Tokenizer =>
  limit === maxTokenLength
    ? standardTokenize
    : (text, tokens, firstPosition) => standardTokenize(text, tokens, firstPosition, limit);

/** What the kinds of words are called: filters choose by it (`keep_types`, `cjk_bigram`). */
export function typeOfWord(text: string, start: number, end: number): string {
  const kind = kindAt(text, start);
  switch (kind) {
    case single:
      return /\p{Script=Hiragana}/u.test(String.fromCodePoint(text.codePointAt(start) ?? 0))
        ? "<HIRAGANA>"
        : "<IDEOGRAPHIC>";
    case southEastAsian:
      return "<SOUTHEAST_ASIAN>";
    case emoji:
    case regional:
    case other:
      return "<EMOJI>";
    case katakana:
      return has(letter, text, start, end) || /\p{Pc}/u.test(text.slice(start, end)) ? "<ALPHANUM>" : "<KATAKANA>";
    case digit:
    case extendNumLet:
      if (has(letter, text, start, end) || has(katakana, text, start, end)) return "<ALPHANUM>";
      return /^\d\ufe0f?\u20e3$/.test(text.slice(start, end)) ? "<EMOJI>" : "<NUM>";
    default:
      return /^[\p{Script=Hangul}\p{M}\p{Cf}]+$/u.test(text.slice(start, end)) ? "<HANGUL>" : "<ALPHANUM>";
  }
}

function has(kind: number, text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += width(text, at)) if (classOf(text, at) === kind) return true;
  return false;
}

const isHebrew = (code: number): boolean => (code >= 0x5d0 && code <= 0x5f2) || (code >= 0xfb1d && code <= 0xfb4f);

/** Unicode Standard Annex 29, WB7a to WB7c: a Hebrew letter keeps the mark behind it, and a double one with the Hebrew letter behind that. */
function endOfHebrewMark(text: string, letterAt: number, at: number, length: number): number {
  if (letterAt < 0 || !isHebrew(text.charCodeAt(letterAt))) return -1;
  if (text[at] === "'") return at + 1;
  if (text[at] !== '"') return -1;
  let after = at + 1;
  while (after < length && classOf(text, after) === extend) after++;
  return after < length && isHebrew(text.charCodeAt(after)) ? after + 1 : -1;
}

/** Behind the marks, skin colours and joined pictures that belong to an emoji, or the other half of a flag. */
function endOfEmoji(text: string, start: number, kind: number, beginsJoined: boolean): number {
  let at = start;
  if (kind === regional && at < text.length && classOf(text, at) === regional) at += 2;
  let isJoined = beginsJoined;
  while (at < text.length) {
    const code = text.codePointAt(at) ?? 0;
    const isColour = code >= 0x1f3fb && code <= 0x1f3ff;
    const next = classOf(text, at);
    if (!(next === extend || isColour || (isJoined && next === emoji))) break;
    isJoined = code === 0x200d;
    at += width(text, at);
  }
  return at;
}

function width(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code <= 0xdbff && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00 ? 2 : 1;
}

function joins(last: number, next: number): boolean {
  if (last === marked) return next === letter || next === digit || next === extendNumLet;
  if (last === southEastAsian || next === southEastAsian) return last === next;
  if (next === extendNumLet) return last === letter || last === digit || last === katakana || last === extendNumLet;
  if (last === extendNumLet) return next === letter || next === digit || next === katakana;
  if (last === katakana || next === katakana) return last === next;
  return (last === letter || last === digit) && (next === letter || next === digit);
}

/** The letter or digit behind a mark that does not end a word (`can't`, `3.14`), or -1. */
function endOfInfix(text: string, at: number, last: number, mark: number, length: number): number {
  const wanted =
    last === letter && (mark === midLetter || mark === midNumLet)
      ? letter
      : last === digit && (mark === midNum || mark === midNumLet)
        ? digit
        : other;
  if (wanted === other) return -1;
  let after = at + 1;
  while (after < length && classOf(text, after) === extend) after++;
  return after < length && classOf(text, after) === wanted ? after : -1;
}
