import { refusals } from "./refusals.ts";

/** One byte to match: its value, any byte (-1), or a table of 256 flags. */
type Token = number | Uint8Array;

const anyByte = -1;
const maxWildcardBytes = 1024;
const star = 42;
const question = 63;
const open = 91;
const close = 93;
const backslash = 92;
const caret = 94;
const dash = 45;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII itself
const ascii = /^[\x00-\x7f]*$/;

/** Text whose UTF-16 units are the UTF-8 bytes of `text`. */
const asByteText = (text: string): string => (ascii.test(text) ? text : Buffer.from(text).toString("latin1"));

/**
 * A glob pattern as a test of a text, byte by byte: `*`, `?`, `[a-z]`, `[^a]`, `\` escapes.
 *
 * Takes time proportional to the text (times the pattern's bytes / 32), whatever the stars: between stars the leftmost match is
 * searched with one bit per byte of the pattern. Refused: more than 1024 bytes with wildcards in them.
 * Source: contract/memory-storage.md section 6.9.
 */
export function compileGlob(pattern: string): (text: string) => boolean {
  if (!/[*?[\\]/.test(pattern)) return (text) => text === pattern;
  const bytes = asByteText(pattern);
  if (bytes.length > maxWildcardBytes) throw refusals.patternTooLong();
  const segments = parseSegments(bytes);
  const first = segments[0] ?? [];
  if (segments.length === 1) {
    return (text) => {
      const subject = asByteText(text);
      return subject.length === first.length && matchesAt(first, subject, 0);
    };
  }
  const last = segments[segments.length - 1] ?? [];
  const middle = segments.slice(1, -1).filter((segment) => segment.length > 0);
  if (first.length + last.length + middle.length === 0) return () => true;
  const finders = middle.map(createFinder);
  return (text) => {
    const subject = asByteText(text);
    const end = subject.length - last.length;
    if (end < first.length || !matchesAt(first, subject, 0) || !matchesAt(last, subject, end)) return false;
    let position = first.length;
    for (const find of finders) {
      position = find(subject, position, end);
      if (position < 0) return false;
    }
    return true;
  };
}

/** The parts between stars. */
function parseSegments(bytes: string): Token[][] {
  let segment: Token[] = [];
  const segments = [segment];
  let position = 0;
  while (position < bytes.length) {
    const code = bytes.charCodeAt(position);
    if (code === star) {
      segment = [];
      segments.push(segment);
    } else if (code === question) {
      segment.push(anyByte);
    } else if (code === open) {
      const flags = new Uint8Array(256);
      position = readClass(bytes, position + 1, flags);
      segment.push(flags);
      continue;
    } else if (code === backslash && position + 1 < bytes.length) {
      position++;
      segment.push(bytes.charCodeAt(position));
    } else {
      segment.push(code);
    }
    position++;
  }
  return segments;
}

/** Fills the flags of a class and answers the position after it. Unclosed, it takes the rest. */
function readClass(bytes: string, start: number, flags: Uint8Array): number {
  let position = start;
  const negated = bytes.charCodeAt(position) === caret;
  if (negated) position++;
  for (; position < bytes.length && bytes.charCodeAt(position) !== close; position++) {
    const code = bytes.charCodeAt(position);
    if (code === backslash && position + 1 < bytes.length) {
      position++;
      flags[bytes.charCodeAt(position)] = 1;
    } else if (bytes.charCodeAt(position + 1) === dash && position + 2 < bytes.length) {
      const other = bytes.charCodeAt(position + 2);
      flags.fill(1, Math.min(code, other), Math.max(code, other) + 1);
      position += 2;
    } else {
      flags[code] = 1;
    }
  }
  if (negated) for (let i = 0; i < 256; i++) flags[i] = flags[i] === 1 ? 0 : 1;
  return position + 1;
}

const accepts = (token: Token, code: number): boolean =>
  typeof token === "number" ? token === anyByte || token === code : token[code] === 1;

function matchesAt(segment: readonly Token[], subject: string, start: number): boolean {
  for (let i = 0; i < segment.length; i++) {
    const token = segment[i];
    if (token === undefined || !accepts(token, subject.charCodeAt(start + i))) return false;
  }
  return true;
}

/** Answers the position after the leftmost match in `[from, to)`, or -1 (Baeza-Yates and Gonnet's shift-and). */
function createFinder(segment: readonly Token[]): (subject: string, from: number, to: number) => number {
  const words = Math.ceil(segment.length / 32);
  const masks = new Uint32Array(256 * words);
  for (const [i, token] of segment.entries()) {
    for (let code = 0; code < 256; code++) {
      const word = code * words + (i >> 5);
      if (accepts(token, code)) masks[word] = (masks[word] ?? 0) | (1 << (i & 31));
    }
  }
  const state = new Uint32Array(words);
  const lastWord = words - 1;
  const lastBit = 1 << ((segment.length - 1) & 31);
  return (subject, from, to) => {
    state.fill(0);
    for (let position = from; position < to; position++) {
      const row = subject.charCodeAt(position) * words;
      let carry = 1;
      for (let word = 0; word < words; word++) {
        const bits = state[word] ?? 0;
        state[word] = ((bits << 1) | carry) & (masks[row + word] ?? 0);
        carry = bits >>> 31;
      }
      if (((state[lastWord] ?? 0) & lastBit) !== 0) return position + 1;
    }
    return -1;
  };
}
