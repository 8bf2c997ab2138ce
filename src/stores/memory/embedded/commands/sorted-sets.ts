import type { Reply } from "../../memory-store.ts";
import { parseFloatText, scoreText } from "../floats.ts";
import type { Keyspace } from "../keyspace.ts";
import { refusals } from "../refusals.ts";
import { SortedSetValue } from "../values/sorted-set.ts";
import { atLeast, type CommandTable, exactly } from "./command.ts";

interface AddOptions {
  onlyNew: boolean;
  onlyKnown: boolean;
  countChanges: boolean;
  increment: boolean;
}

/** Options come first; answers the index of the first score. */
function parseAddOptions(args: readonly string[], options: AddOptions): number {
  for (let i = 1; i < args.length; i++) {
    switch ((args[i] ?? "").toUpperCase()) {
      case "NX":
        options.onlyNew = true;
        break;
      case "XX":
        options.onlyKnown = true;
        break;
      case "CH":
        options.countChanges = true;
        break;
      case "INCR":
        options.increment = true;
        break;
      default:
        return i;
    }
  }
  return args.length;
}

const zadd = (keys: Keyspace, args: readonly string[]): Reply => {
  const key = args[0] ?? "";
  const options: AddOptions = { onlyNew: false, onlyKnown: false, countChanges: false, increment: false };
  const first = parseAddOptions(args, options);
  const pairs = (args.length - first) / 2;
  if (pairs === 0 || !Number.isInteger(pairs)) throw refusals.syntax();
  if ((options.onlyNew && options.onlyKnown) || (options.increment && pairs > 1)) throw refusals.syntax();
  const scores: number[] = [];
  for (let i = first; i < args.length; i += 2) scores.push(parseFloatText(args[i] ?? ""));
  const known = keys.findSortedSet(key);
  if (known === undefined && options.onlyKnown) return options.increment ? null : 0;
  const set = known ?? new SortedSetValue();
  if (options.increment) return incrementScore(keys, key, set, args[first + 1] ?? "", scores[0] ?? 0, options);
  let added = 0;
  let moved = 0;
  for (let i = 0; i < scores.length; i++) {
    const member = args[first + 2 * i + 1] ?? "";
    if ((options.onlyNew || options.onlyKnown) && refuses(set, member, options)) continue;
    const outcome = set.set(member, scores[i] ?? 0);
    if (outcome === "added") added++;
    else if (outcome === "moved") moved++;
  }
  if (known === undefined) keys.put(key, set);
  return options.countChanges ? added + moved : added;
};

const refuses = (set: SortedSetValue, member: string, options: AddOptions): boolean =>
  set.score(member) === undefined ? options.onlyKnown : options.onlyNew;

function incrementScore(
  keys: Keyspace,
  key: string,
  set: SortedSetValue,
  member: string,
  delta: number,
  options: AddOptions,
): string | null {
  if (refuses(set, member, options)) return null;
  const score = (set.score(member) ?? 0) + delta;
  if (Number.isNaN(score)) throw refusals.nanScore();
  const isNew = set.size === 0;
  set.set(member, score);
  if (isNew) keys.put(key, set);
  return scoreText(score);
}

const zincrby = (keys: Keyspace, args: readonly string[]): Reply => {
  const key = args[0] ?? "";
  const delta = parseFloatText(args[1] ?? "");
  const set = keys.findSortedSet(key) ?? new SortedSetValue();
  const options: AddOptions = { onlyNew: false, onlyKnown: false, countChanges: false, increment: true };
  return incrementScore(keys, key, set, args[2] ?? "", delta, options);
};

const zrem = (keys: Keyspace, args: readonly string[]): Reply => {
  const key = args[0] ?? "";
  const set = keys.findSortedSet(key);
  if (set === undefined) return 0;
  let removed = 0;
  for (let i = 1; i < args.length; i++) if (set.delete(args[i] ?? "")) removed++;
  keys.dropIfEmpty(key, set);
  return removed;
};

const zscore = (keys: Keyspace, args: readonly string[]): Reply => {
  const score = keys.findSortedSet(args[0] ?? "")?.score(args[1] ?? "");
  return score === undefined ? null : scoreText(score);
};

const zrevrank = (keys: Keyspace, args: readonly string[]): Reply => {
  const set = keys.findSortedSet(args[0] ?? "");
  const rank = set?.rank(args[1] ?? "");
  return set === undefined || rank === undefined ? null : set.size - 1 - rank;
};

export const sortedSetCommands = {
  zadd: atLeast(3, zadd),
  zincrby: exactly(3, zincrby),
  zrem: atLeast(2, zrem),
  zscore: exactly(2, zscore),
  zcard: exactly(1, (keys, args) => keys.findSortedSet(args[0] ?? "")?.size ?? 0),
  zrank: exactly(2, (keys, args) => keys.findSortedSet(args[0] ?? "")?.rank(args[1] ?? "") ?? null),
  zrevrank: exactly(2, zrevrank),
} satisfies CommandTable;
