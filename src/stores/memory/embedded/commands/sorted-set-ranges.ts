import type { Reply } from "../../memory-store.ts";
import { scoreText } from "../floats.ts";
import { clampRange, parseInteger } from "../integers.ts";
import type { Keyspace } from "../keyspace.ts";
import { refusals } from "../refusals.ts";
import type { ScoredMember, SortedSetValue } from "../values/sorted-set.ts";
import { lexRange, type Ranks, scoreRange } from "./bounds.ts";
import { atLeast, type CommandTable, exactly } from "./command.ts";

type RangeOf = (first: string, second: string) => (set: SortedSetValue) => Ranks;

const rankRange: RangeOf = (start, stop) => {
  const first = parseInteger(start);
  const last = parseInteger(stop);
  return (set) => clampRange(first, last, set.size);
};

interface Listing {
  withScores: boolean;
  offset: number;
  count: number;
}

function parseListing(args: readonly string[], mayLimit: boolean, mayShowScores: boolean): Listing {
  const listing: Listing = { withScores: false, offset: 0, count: -1 };
  for (let i = 3; i < args.length; i++) {
    const token = (args[i] ?? "").toUpperCase();
    if (token === "WITHSCORES" && mayShowScores) {
      listing.withScores = true;
    } else if (token === "LIMIT" && mayLimit && i + 2 < args.length) {
      listing.offset = parseInteger(args[i + 1] ?? "");
      listing.count = parseInteger(args[i + 2] ?? "");
      i += 2;
    } else {
      throw refusals.syntax();
    }
  }
  return listing;
}

function listMembers(members: readonly ScoredMember[], withScores: boolean): string[] {
  const listed: string[] = [];
  for (const { key, score } of members) {
    listed.push(key);
    if (withScores) listed.push(scoreText(score));
  }
  return listed;
}

/** Cuts offset and count out of a range that is read from its low or from its high end. */
function limit({ from, to }: Ranks, { offset, count }: Listing, reversed: boolean): Ranks {
  if (offset < 0) return { from: 0, to: 0 };
  const length = count < 0 ? Number.POSITIVE_INFINITY : count;
  return reversed
    ? { from: Math.max(from, to - offset - length), to: to - offset }
    : { from: from + offset, to: Math.min(to, from + offset + length) };
}

const inScoreOrder =
  (rangeOf: RangeOf, mayLimit: boolean, mayShowScores: boolean) =>
  (keys: Keyspace, args: readonly string[]): Reply => {
    const range = rangeOf(args[1] ?? "", args[2] ?? "");
    const listing = parseListing(args, mayLimit, mayShowScores);
    const set = keys.findSortedSet(args[0] ?? "");
    if (set === undefined) return [];
    const { from, to } = limit(range(set), listing, false);
    return listMembers(set.slice(from, to), listing.withScores);
  };

/** The upper bound comes first in the arguments. */
const inReverse =
  (rangeOf: RangeOf, mayShowScores: boolean) =>
  (keys: Keyspace, args: readonly string[]): Reply => {
    const range = rangeOf(args[2] ?? "", args[1] ?? "");
    const listing = parseListing(args, true, mayShowScores);
    const set = keys.findSortedSet(args[0] ?? "");
    if (set === undefined) return [];
    const { from, to } = limit(range(set), listing, true);
    return listMembers(set.slice(from, to).reverse(), listing.withScores);
  };

/** Ranks counted from the highest member. */
const zrevrange = (keys: Keyspace, args: readonly string[]): Reply => {
  const range = rankRange(args[1] ?? "", args[2] ?? "");
  const { withScores } = parseListing(args, false, true);
  const set = keys.findSortedSet(args[0] ?? "");
  if (set === undefined) return [];
  const { from, to } = range(set);
  return from < to ? listMembers(set.slice(set.size - to, set.size - from).reverse(), withScores) : [];
};

const count =
  (rangeOf: RangeOf) =>
  (keys: Keyspace, args: readonly string[]): Reply => {
    const range = rangeOf(args[1] ?? "", args[2] ?? "");
    const set = keys.findSortedSet(args[0] ?? "");
    if (set === undefined) return 0;
    const { from, to } = range(set);
    return Math.max(to - from, 0);
  };

const remove =
  (rangeOf: RangeOf) =>
  (keys: Keyspace, args: readonly string[]): Reply => {
    const key = args[0] ?? "";
    const range = rangeOf(args[1] ?? "", args[2] ?? "");
    const set = keys.findSortedSet(key);
    if (set === undefined) return 0;
    const { from, to } = range(set);
    const members = set.slice(from, to);
    for (const member of members) set.delete(member.key);
    keys.dropIfEmpty(key, set);
    return members.length;
  };

export const sortedSetRangeCommands = {
  zrange: atLeast(3, inScoreOrder(rankRange, false, true)),
  zrevrange: atLeast(3, zrevrange),
  zrangebyscore: atLeast(3, inScoreOrder(scoreRange, true, true)),
  zrevrangebyscore: atLeast(3, inReverse(scoreRange, true)),
  zrangebylex: atLeast(3, inScoreOrder(lexRange, true, false)),
  zrevrangebylex: atLeast(3, inReverse(lexRange, false)),
  zcount: exactly(3, count(scoreRange)),
  zlexcount: exactly(3, count(lexRange)),
  zremrangebyrank: exactly(3, remove(rankRange)),
  zremrangebyscore: exactly(3, remove(scoreRange)),
  zremrangebylex: exactly(3, remove(lexRange)),
} satisfies CommandTable;
