import type { PartOptions } from "../part-options.ts";
import type { Tokens } from "../tokens.ts";
import { forSynonyms, incrementOf, repositioning, rich, type TokenFilter } from "./token-filter.ts";
import { type WordPart, type WordParts, WordSplitter } from "./word-parts.ts";

/** What is made of the parts of a word. */
class DelimiterOptions {
  readonly splitter: WordSplitter;
  readonly words: boolean;
  readonly numbers: boolean;
  readonly joinsWords: boolean;
  readonly joinsNumbers: boolean;
  readonly joinsAll: boolean;
  readonly keepsOriginal: boolean;
  readonly skipsKeywords: boolean;
  readonly adjustsOffsets: boolean;
  readonly protectedWords: ReadonlySet<string>;

  constructor(options: PartOptions, isGraph: boolean) {
    this.splitter = new WordSplitter(options);
    this.words = options.flag("generate_word_parts", true);
    this.numbers = options.flag("generate_number_parts", true);
    this.joinsWords = options.flag("catenate_words", false);
    this.joinsNumbers = options.flag("catenate_numbers", false);
    this.joinsAll = options.flag("catenate_all", false);
    this.keepsOriginal = options.flag("preserve_original", false);
    this.skipsKeywords = isGraph && options.flag("ignore_keywords", false);
    this.adjustsOffsets = isGraph ? options.flag("adjust_offsets", true) : true;
    options.refuseFile("protected_words_path", "protected_words");
    this.protectedWords = new Set(options.list("protected_words") ?? []);
  }

  generates({ isWord, isNumber }: WordPart): boolean {
    return (this.words && isWord) || (this.numbers && isNumber);
  }

  joins({ isWord, isNumber }: WordPart): boolean {
    return (this.joinsWords && isWord) || (this.joinsNumbers && isNumber);
  }

  /** Whether a token passes as it is. */
  passes(tokens: Tokens, i: number, { parts }: WordParts): boolean {
    const term = tokens.terms[i] as string;
    const [first] = parts;
    return (
      (first?.start === 0 && first.end === term.length) ||
      this.protectedWords.has(term) ||
      (this.skipsKeywords && tokens.keywords[i] === true)
    );
  }
}

/** Neighbouring parts of one kind that are written together. */
class Joined {
  term = "";
  start = 0;
  end = 0;
  count = 0;
  isWord = false;
  isNumber = false;
  /** The place of the first part among those that were generated. */
  place = 0;

  add(word: string, part: WordPart, place: number): void {
    if (this.count === 0) {
      this.start = part.start;
      this.place = place;
      this.isWord = part.isWord;
      this.isNumber = part.isNumber;
    }
    this.term += word.slice(part.start, part.end);
    this.end = part.end;
    this.count++;
  }

  fits({ isWord, isNumber }: WordPart): boolean {
    return (this.isWord && isWord) || (this.isNumber && isNumber);
  }

  clear(): void {
    this.term = "";
    this.count = 0;
  }
}

interface Piece {
  readonly term: string;
  readonly start: number;
  readonly end: number;
  /** In the graph: first and last place; in the plain form: the step from the token before. */
  readonly from: number;
  readonly to: number;
}

export function wordDelimiter(options: PartOptions): TokenFilter {
  const own = new DelimiterOptions(options, false);
  const filter = repositioning((tokens, from, found) => {
    let position = tokens.base;
    let pending = 0;
    let isFirst = true;
    const put = (i: number, term: string, start: number, end: number, step: number): void => {
      position += isFirst && step === 0 ? 1 : step;
      isFirst = false;
      found.pushAs(tokens, i, term);
      const at = found.count - 1;
      found.positions[at] = position;
      found.starts[at] = start;
      found.ends[at] = end;
    };
    for (let i = from; i < tokens.count; i++) {
      const term = tokens.terms[i] as string;
      const step = incrementOf(tokens, i, from);
      pending += step;
      const word = own.splitter.split(term);
      const [start, end] = [tokens.starts[i] as number, tokens.ends[i] as number];
      if (own.passes(tokens, i, word)) {
        put(i, term, start, end, pending);
        pending = 0;
        continue;
      }
      if (word.parts.length === 0 && !own.keepsOriginal) {
        if (step === 1 && !isFirst) pending--;
        continue;
      }
      if (own.keepsOriginal) {
        put(i, term, start, end, pending);
        pending = 0;
      }
      const isShifted = end - start !== term.length;
      const walk = new PlainWalk(term, word, own, pending);
      // Where offsets are not those of the letters, all pieces begin where the word begins.
      const inOrder = walk.run().toSorted((a, b) => (isShifted ? 0 : a.start - b.start) || b.from - a.from);
      for (const piece of inOrder) {
        const isWhole = isShifted && !(word.isSingle && start + piece.start <= end);
        const pieceEnd = isShifted ? end : start + piece.end;
        put(i, piece.term, isWhole ? start : start + piece.start, pieceEnd, piece.from);
      }
      pending = walk.pending;
    }
  });
  return forSynonyms(rich(filter), "refused");
}

/** The pieces of one word, with the step that each takes: those that are joined stand where their last part stands. */
class PlainWalk {
  pending: number;
  #hasOutput = false;
  #followsOriginal: boolean;
  readonly #word: string;
  readonly #parts: WordParts;
  readonly #own: DelimiterOptions;
  readonly #pieces: Piece[] = [];
  #lastJoined = 0;

  constructor(word: string, parts: WordParts, own: DelimiterOptions, pending: number) {
    this.#word = word;
    this.#parts = parts;
    this.#own = own;
    this.pending = pending;
    this.#followsOriginal = !own.keepsOriginal;
  }

  #step(isJoined: boolean): number {
    const step = this.pending;
    if (this.#hasOutput) {
      this.pending = 0;
      return isJoined ? 0 : Math.max(1, step);
    }
    this.#hasOutput = true;
    if (!this.#followsOriginal) {
      this.#followsOriginal = true;
      return 0;
    }
    this.pending = 0;
    return Math.max(1, step);
  }

  #put(term: string, start: number, end: number, isJoined: boolean): void {
    const step = this.#step(isJoined);
    this.#pieces.push({ term, start, end, from: step, to: 0 });
  }

  #flush(joined: Joined): boolean {
    this.#lastJoined = joined.count;
    const isNew = joined.count !== 1 || !this.#own.generates({ ...joined });
    if (isNew) this.#put(joined.term, joined.start, joined.end, true);
    joined.clear();
    return isNew;
  }

  run(): readonly Piece[] {
    const { isSingle, parts } = this.#parts;
    const joined = new Joined();
    const all = new Joined();
    for (const part of parts) {
      if (isSingle) {
        this.#put(this.#word.slice(part.start, part.end), part.start, part.end, false);
        return this.#pieces;
      }
      if (joined.count > 0 && !joined.fits(part)) {
        this.#flush(joined);
        this.#hasOutput = false;
      }
      if (this.#own.joins(part)) joined.add(this.#word, part, 0);
      if (this.#own.joinsAll) all.add(this.#word, part, 0);
      if (this.#own.generates(part)) this.#put(this.#word.slice(part.start, part.end), part.start, part.end, false);
    }
    if (joined.count > 0) this.#flush(joined);
    if (all.count > this.#lastJoined) this.#put(all.term, all.start, all.end, true);
    return this.#pieces;
  }
}

export function wordDelimiterGraph(options: PartOptions): TokenFilter {
  const own = new DelimiterOptions(options, true);
  const filter = repositioning((tokens, from, found) => {
    let position = tokens.base;
    let pending = 0;
    for (let i = from; i < tokens.count; i++) {
      const term = tokens.terms[i] as string;
      pending += incrementOf(tokens, i, from);
      const word = own.splitter.split(term);
      if (!own.passes(tokens, i, word) && word.parts.length === 0 && !own.keepsOriginal) continue;
      if (own.passes(tokens, i, word) || word.parts.length === 0) {
        position += pending;
        pending = 0;
        found.pushCopy(tokens, i);
        found.positions[found.count - 1] = position;
        continue;
      }
      const start = tokens.starts[i] as number;
      const isShifted = !own.adjustsOffsets || (tokens.ends[i] as number) - start !== term.length;
      let place = 0;
      for (const piece of graphPieces(term, word, own)) {
        position += pending + piece.from - place;
        pending = 0;
        place = piece.from;
        found.pushAs(tokens, i, piece.term);
        const at = found.count - 1;
        found.positions[at] = position;
        found.lengths[at] = piece.to - piece.from;
        if (isShifted) continue;
        found.starts[at] = start + piece.start;
        found.ends[at] = start + piece.end;
      }
    }
  });
  return forSynonyms(rich(filter), "refused");
}

function graphPieces(word: string, { parts, isSingle }: WordParts, own: DelimiterOptions): readonly Piece[] {
  const pieces: Piece[] = [];
  let place = 0;
  let lastJoined = 0;
  const joined = new Joined();
  const all = new Joined();
  const put = (one: Joined): void => {
    pieces.push({ term: one.term, start: one.start, end: one.end, from: one.place, to: place });
  };
  const flush = (): void => {
    if (place === joined.place) place++;
    lastJoined = joined.count;
    if (joined.count !== 1 || !own.generates({ ...joined })) put(joined);
    joined.clear();
  };
  for (const part of parts) {
    const { start, end } = part;
    if (isSingle) {
      pieces.push({ term: word.slice(start, end), start, end, from: 0, to: 1 });
      place = 1;
      break;
    }
    if (joined.count > 0 && !joined.fits(part)) flush();
    if (own.joins(part)) joined.add(word, part, place);
    if (own.joinsAll) all.add(word, part, place);
    if (own.generates(part)) {
      pieces.push({ term: word.slice(start, end), start, end, from: place, to: place + 1 });
      place++;
    }
  }
  if (joined.count > 0) flush();
  if (all.count > lastJoined) {
    if (place === all.place) place++;
    put(all);
  }
  if (own.keepsOriginal) {
    if (place === 0) place++;
    pieces.unshift({ term: word, start: 0, end: word.length, from: 0, to: place });
  }
  return pieces.sort((a, b) => a.from - b.from || b.to - a.to || a.start - b.start || b.end - a.end);
}
