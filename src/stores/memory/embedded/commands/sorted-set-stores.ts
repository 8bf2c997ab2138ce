import type { Reply } from "../../memory-store.ts";
import { MemoryStoreError } from "../../memory-store.ts";
import { parseFloatText } from "../floats.ts";
import { parseInteger } from "../integers.ts";
import type { Keyspace } from "../keyspace.ts";
import { refusals } from "../refusals.ts";
import { SetValue } from "../values/set.ts";
import { SortedSetValue } from "../values/sorted-set.ts";
import { atLeast, type CommandTable } from "./command.ts";

type Input = SetValue | SortedSetValue | undefined;

/** Opposite infinities cancel out. */
const aggregates = {
  SUM: (a: number, b: number) => {
    const sum = a + b;
    return Number.isNaN(sum) ? 0 : sum;
  },
  MIN: (a: number, b: number) => Math.min(a, b),
  MAX: (a: number, b: number) => Math.max(a, b),
} as const;

type Aggregate = (a: number, b: number) => number;

interface Combination {
  readonly inputs: readonly Input[];
  weights: readonly number[];
  aggregate: Aggregate;
}

function findInput(keys: Keyspace, key: string): Input {
  const value = keys.find(key)?.value;
  if (value === undefined || value instanceof SortedSetValue || value instanceof SetValue) return value;
  throw refusals.wrongType();
}

/** `<destination> <number of keys> <keys...> [WEIGHTS ...] [AGGREGATE ...]` */
function parseCombination(keys: Keyspace, command: string, args: readonly string[]): Combination {
  const inputCount = parseInteger(args[1] ?? "");
  if (inputCount < 1) throw new MemoryStoreError(`ERR at least 1 input key is needed for '${command}' command`);
  if (inputCount > args.length - 2) throw refusals.syntax();
  const inputs = args.slice(2, 2 + inputCount).map((key) => findInput(keys, key));
  const combination: Combination = { inputs, weights: inputs.map(() => 1), aggregate: aggregates.SUM };
  for (let i = 2 + inputCount; i < args.length; i++) {
    const token = (args[i] ?? "").toUpperCase();
    if (token === "WEIGHTS" && i + inputCount < args.length) {
      combination.weights = args.slice(i + 1, i + 1 + inputCount).map(parseWeight);
      i += inputCount;
    } else if (token === "AGGREGATE" && i + 1 < args.length) {
      const name = (args[++i] ?? "").toUpperCase();
      if (name !== "SUM" && name !== "MIN" && name !== "MAX") throw refusals.syntax();
      combination.aggregate = aggregates[name];
    } else {
      throw refusals.syntax();
    }
  }
  return combination;
}

const parseWeight = (text: string): number => parseFloatText(text, refusals.weightNotFloat);

/** Members with their weighted scores; a plain set's members score 1. */
function* weighted(input: Input, weight: number): Generator<readonly [string, number]> {
  if (input instanceof SetValue) {
    for (const member of input.members()) yield [member, weight];
  } else if (input !== undefined) {
    for (const { key, score } of input.members.toArray()) yield [key, weigh(score, weight)];
  }
}

/** Zero times an infinity counts as zero. */
function weigh(score: number, weight: number): number {
  const product = score * weight;
  return Number.isNaN(product) ? 0 : product;
}

function scoreIn(input: Input, member: string): number | undefined {
  if (input instanceof SetValue) return input.has(member) ? 1 : undefined;
  return input?.score(member);
}

function unite({ inputs, weights, aggregate }: Combination): SortedSetValue {
  const scores = new Map<string, number>();
  for (const [i, input] of inputs.entries()) {
    for (const [member, score] of weighted(input, weights[i] ?? 1)) {
      const known = scores.get(member);
      scores.set(member, known === undefined ? score : aggregate(known, score));
    }
  }
  const result = new SortedSetValue();
  for (const [member, score] of scores) result.set(member, score);
  return result;
}

function intersect({ inputs, weights, aggregate }: Combination): SortedSetValue {
  const result = new SortedSetValue();
  const [first, ...others] = inputs;
  for (const [member, score] of weighted(first, weights[0] ?? 1)) {
    let total: number | undefined = score;
    for (const [i, other] of others.entries()) {
      const otherScore = scoreIn(other, member);
      if (otherScore === undefined) {
        total = undefined;
        break;
      }
      total = aggregate(total, weigh(otherScore, weights[i + 1] ?? 1));
    }
    if (total !== undefined) result.set(member, total);
  }
  return result;
}

const store =
  (command: string, combine: (combination: Combination) => SortedSetValue) =>
  (keys: Keyspace, args: readonly string[]): Reply =>
    keys.store(args[0] ?? "", combine(parseCombination(keys, command, args)));

export const sortedSetStoreCommands = {
  zunionstore: atLeast(3, store("zunionstore", unite)),
  zinterstore: atLeast(3, store("zinterstore", intersect)),
} satisfies CommandTable;
