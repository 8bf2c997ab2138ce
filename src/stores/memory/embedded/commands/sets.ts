import type { Reply } from "../../memory-store.ts";
import { isIntegerText, parseInteger } from "../integers.ts";
import type { Keyspace } from "../keyspace.ts";
import { refusals } from "../refusals.ts";
import { SetValue } from "../values/set.ts";
import { atLeast, between, type CommandTable, exactly } from "./command.ts";

/** Most members one SRANDMEMBER with repetition answers: a reply is built in memory, whatever the size of the set. */
const maxRepeatedMembers = 1_000_000;

const sadd = (keys: Keyspace, args: readonly string[]): Reply => {
  const key = args[0] ?? "";
  let set = keys.findSet(key);
  if (set === undefined) {
    set = new SetValue();
    keys.put(key, set);
  }
  let added = 0;
  for (let i = 1; i < args.length; i++) if (set.add(args[i] ?? "")) added++;
  return added;
};

const srem = (keys: Keyspace, args: readonly string[]): Reply => {
  const key = args[0] ?? "";
  const set = keys.findSet(key);
  if (set === undefined) return 0;
  let removed = 0;
  for (let i = 1; i < args.length; i++) if (set.delete(args[i] ?? "")) removed++;
  keys.dropIfEmpty(key, set);
  return removed;
};

const smove = (keys: Keyspace, args: readonly string[]): Reply => {
  const [source = "", destination = "", member = ""] = args;
  const from = keys.findSet(source);
  if (from === undefined) return 0;
  const to = keys.findSet(destination);
  if (from === to) return from.has(member) ? 1 : 0;
  if (!from.delete(member)) return 0;
  keys.dropIfEmpty(source, from);
  sadd(keys, [destination, member]);
  return 1;
};

const spop = (keys: Keyspace, args: readonly string[]): Reply => {
  const key = args[0] ?? "";
  const countText = args[1];
  const count = countText === undefined ? 1 : parseCount(countText);
  const set = keys.findSet(key);
  if (set === undefined) return countText === undefined ? null : [];
  const popped = count >= set.size ? set.members() : takeRandom(set, count);
  if (count >= set.size) keys.delete(key);
  return countText === undefined ? (popped[0] ?? null) : popped;
};

function parseCount(text: string): number {
  const count = isIntegerText(text) ? Number(text) : -1;
  if (count < 0) throw refusals.minPositive();
  return count;
}

function takeRandom(set: SetValue, count: number): string[] {
  const taken: string[] = [];
  while (taken.length < count) {
    const member = set.random() ?? "";
    set.delete(member);
    taken.push(member);
  }
  return taken;
}

const srandmember = (keys: Keyspace, args: readonly string[]): Reply => {
  const countText = args[1];
  const count = countText === undefined ? undefined : parseInteger(countText);
  if (count !== undefined && count < -maxRepeatedMembers) throw refusals.countRange();
  const set = keys.findSet(args[0] ?? "");
  if (count === undefined) return set?.random() ?? null;
  if (set === undefined) return [];
  return count < 0 ? pickRepeated(set, -count) : pickDistinct(set, count);
};

function pickRepeated(set: SetValue, count: number): string[] {
  const picked: string[] = [];
  while (picked.length < count) picked.push(set.random() ?? "");
  return picked;
}

function pickDistinct(set: SetValue, count: number): string[] {
  if (count >= set.size) return set.members();
  if (count * 3 < set.size) {
    const picked = new Set<string>();
    while (picked.size < count) picked.add(set.random() ?? "");
    return [...picked];
  }
  const members = set.members();
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(Math.random() * (members.length - i));
    const member = members[i] ?? "";
    members[i] = members[j] ?? "";
    members[j] = member;
  }
  return members.slice(0, count);
}

type Combine = (sets: readonly (SetValue | undefined)[]) => SetValue;

const intersect: Combine = (sets) => {
  const result = new SetValue();
  let smallest = sets[0];
  for (const set of sets) {
    if (set === undefined) return result;
    if (smallest === undefined || set.size < smallest.size) smallest = set;
  }
  for (const member of smallest?.members() ?? []) {
    if (sets.every((set) => set === smallest || set?.has(member))) result.add(member);
  }
  return result;
};

const unite: Combine = (sets) => {
  const result = new SetValue();
  for (const set of sets) for (const member of set?.members() ?? []) result.add(member);
  return result;
};

const subtract: Combine = ([first, ...others]) => {
  const result = new SetValue();
  for (const member of first?.members() ?? []) {
    if (!others.some((set) => set?.has(member))) result.add(member);
  }
  return result;
};

/** Every key is checked for its type before anything is computed. */
const answer =
  (combine: Combine) =>
  (keys: Keyspace, args: readonly string[]): Reply =>
    combine(args.map((key) => keys.findSet(key))).members();

const store =
  (combine: Combine) =>
  (keys: Keyspace, args: readonly string[]): Reply => {
    const [destination = "", ...sources] = args;
    return keys.store(destination, combine(sources.map((key) => keys.findSet(key))));
  };

export const setCommands = {
  sadd: atLeast(2, sadd),
  srem: atLeast(2, srem),
  smove: exactly(3, smove),
  scard: exactly(1, (keys, args) => keys.findSet(args[0] ?? "")?.size ?? 0),
  sismember: exactly(2, (keys, args) => (keys.findSet(args[0] ?? "")?.has(args[1] ?? "") ? 1 : 0)),
  smembers: exactly(1, (keys, args) => keys.findSet(args[0] ?? "")?.members() ?? []),
  spop: between(1, 2, spop),
  srandmember: between(1, 2, srandmember),
  sinter: atLeast(1, answer(intersect)),
  sunion: atLeast(1, answer(unite)),
  sdiff: atLeast(1, answer(subtract)),
  sinterstore: atLeast(2, store(intersect)),
  sunionstore: atLeast(2, store(unite)),
  sdiffstore: atLeast(2, store(subtract)),
} satisfies CommandTable;
