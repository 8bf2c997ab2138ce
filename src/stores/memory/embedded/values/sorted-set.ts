import { compareBytes, longerThan } from "../bytes.ts";
import { Slots, type Slotted } from "../slots.ts";

const maxLevels = 32;
const smallMembers = 128;
const smallBytes = 64;

/** A member and its links in the skip list. `spans[i]` is how many places `next[i]` is ahead. */
export class ScoredMember implements Slotted {
  readonly key: string;
  score: number;
  slot = -1;
  next: (ScoredMember | undefined)[] = [];
  spans: number[] = [];

  constructor(key: string, score: number) {
    this.key = key;
    this.score = score;
  }
}

const isBefore = (member: ScoredMember, score: number, key: string): boolean =>
  member.score < score || (member.score === score && compareBytes(member.key, key) < 0);

/**
 * Members by score, then by bytes: a table of members beside a skip list whose links know how far they reach, so that insertion, removal,
 * rank and the member at a rank take O(log n). Ranks count from 0, lowest first.
 * Source: W. Pugh, "A Skip List Cookbook" (1990), section 3.4 for ranks.
 */
export class SortedSetValue {
  readonly type = "zset";
  readonly members = new Slots<ScoredMember>();
  /** Once large it stays large, as in Redis. */
  small = true;
  readonly #head = new ScoredMember("", Number.NEGATIVE_INFINITY);
  #levels = 1;
  // Scratch of one search: the last member before the sought place on each level, and that member's rank + 1.
  readonly #previous: ScoredMember[] = [];
  readonly #passed: number[] = [];

  constructor() {
    this.#head.next[0] = undefined;
    this.#head.spans[0] = 0;
  }

  get size(): number {
    return this.members.size;
  }

  score(key: string): number | undefined {
    return this.members.get(key)?.score;
  }

  /** Adds a member or moves it; -0 becomes 0. */
  set(key: string, score: number): "added" | "moved" | "same" {
    const known = this.members.get(key);
    if (known === undefined) {
      const member = new ScoredMember(key, score + 0);
      this.members.add(member);
      this.#link(member);
      if (this.small && (this.size > smallMembers || longerThan(key, smallBytes))) this.small = false;
      return "added";
    }
    if (known.score === score) return "same";
    this.#unlink(known);
    known.score = score + 0;
    this.#link(known);
    return "moved";
  }

  delete(key: string): boolean {
    const member = this.members.get(key);
    if (member === undefined) return false;
    this.#unlink(member);
    this.members.remove(member);
    return true;
  }

  rank(key: string): number | undefined {
    const member = this.members.get(key);
    if (member === undefined) return undefined;
    let at = this.#head;
    let passed = 0;
    for (let level = this.#levels - 1; level >= 0; level--) {
      let next = at.next[level];
      while (next !== undefined && isBefore(next, member.score, key)) {
        passed += at.spans[level] ?? 0;
        at = next;
        next = at.next[level];
      }
    }
    return passed;
  }

  /** How many members satisfy a condition that holds up to some rank and never after it. */
  countWhile(holds: (member: ScoredMember) => boolean): number {
    let at = this.#head;
    let passed = 0;
    for (let level = this.#levels - 1; level >= 0; level--) {
      let next = at.next[level];
      while (next !== undefined && holds(next)) {
        passed += at.spans[level] ?? 0;
        at = next;
        next = at.next[level];
      }
    }
    return passed;
  }

  /** Members of ranks `[from, to)`, lowest first; ranks outside are ignored. */
  slice(from: number, to: number): ScoredMember[] {
    const found: ScoredMember[] = [];
    const start = Math.max(from, 0);
    let left = Math.min(to, this.size) - start;
    if (left <= 0) return found;
    let member = this.#at(start);
    for (; member !== undefined && left > 0; left--) {
      found.push(member);
      member = member.next[0];
    }
    return found;
  }

  #at(rank: number): ScoredMember | undefined {
    let at: ScoredMember = this.#head;
    let passed = -1;
    for (let level = this.#levels - 1; level >= 0; level--) {
      let next = at.next[level];
      while (next !== undefined && passed + (at.spans[level] ?? 0) <= rank) {
        passed += at.spans[level] ?? 0;
        at = next;
        next = at.next[level];
      }
    }
    return passed === rank ? at : undefined;
  }

  #search(score: number, key: string): void {
    let at = this.#head;
    let passed = 0;
    for (let level = this.#levels - 1; level >= 0; level--) {
      let next = at.next[level];
      while (next !== undefined && isBefore(next, score, key)) {
        passed += at.spans[level] ?? 0;
        at = next;
        next = at.next[level];
      }
      this.#previous[level] = at;
      this.#passed[level] = passed;
    }
  }

  #link(member: ScoredMember): void {
    this.#search(member.score, member.key);
    const rank = this.#passed[0] ?? 0;
    const levels = randomLevels();
    for (; this.#levels < levels; this.#levels++) {
      this.#head.next[this.#levels] = undefined;
      this.#head.spans[this.#levels] = 0;
      this.#previous[this.#levels] = this.#head;
      this.#passed[this.#levels] = 0;
    }
    // Sized at once: an array that grows by assignment reserves room for many more.
    member.next = new Array<ScoredMember | undefined>(levels).fill(undefined);
    member.spans = new Array<number>(levels).fill(0);
    for (let level = 0; level < levels; level++) {
      const previous = this.#previous[level] ?? this.#head;
      const before = rank - (this.#passed[level] ?? 0);
      const next = previous.next[level];
      member.next[level] = next;
      // The last member of a level has no next: its span is unused and kept at 0.
      member.spans[level] = next === undefined ? 0 : (previous.spans[level] ?? 0) - before;
      previous.next[level] = member;
      previous.spans[level] = before + 1;
    }
    for (let level = levels; level < this.#levels; level++) this.#widen(level, 1);
  }

  #unlink(member: ScoredMember): void {
    this.#search(member.score, member.key);
    for (let level = 0; level < this.#levels; level++) {
      const previous = this.#previous[level] ?? this.#head;
      if (previous.next[level] !== member) {
        this.#widen(level, -1);
        continue;
      }
      const next = member.next[level];
      previous.spans[level] = next === undefined ? 0 : (previous.spans[level] ?? 0) + (member.spans[level] ?? 0) - 1;
      previous.next[level] = next;
    }
    while (this.#levels > 1 && this.#head.next[this.#levels - 1] === undefined) this.#levels--;
    member.next = [];
    member.spans = [];
  }

  #widen(level: number, by: number): void {
    const previous = this.#previous[level];
    if (previous?.next[level] !== undefined) previous.spans[level] = (previous.spans[level] ?? 0) + by;
  }
}

/** One in four members is on the next level. */
function randomLevels(): number {
  let levels = 1;
  while (levels < maxLevels && Math.random() < 0.25) levels++;
  return levels;
}
