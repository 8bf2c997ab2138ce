import type { Reply } from "../../memory-store.ts";
import { addElement, createEstimator, estimate, isEstimator, mergeInto } from "../hyperloglog.ts";
import type { Keyspace } from "../keyspace.ts";
import { refusals } from "../refusals.ts";
import { atLeast, type CommandTable } from "./command.ts";

function findEstimator(keys: Keyspace, key: string): Uint8Array | undefined {
  const value = keys.findString(key);
  if (value === undefined) return undefined;
  if (typeof value !== "string" && isEstimator(value)) return value;
  // An estimator without elements happens to be valid text.
  const bytes = typeof value === "string" ? Buffer.from(value) : value;
  if (isEstimator(bytes)) return bytes;
  throw refusals.notHll();
}

const pfadd = (keys: Keyspace, args: readonly string[]): Reply => {
  const key = args[0] ?? "";
  const known = findEstimator(keys, key);
  const estimator = known ?? createEstimator();
  let changed = known === undefined;
  for (let i = 1; i < args.length; i++) if (addElement(estimator, args[i] ?? "")) changed = true;
  if (changed) keys.update(key, estimator);
  return changed ? 1 : 0;
};

function unite(keys: Keyspace, names: readonly string[]): Uint8Array {
  const union = createEstimator();
  for (const name of names) {
    const estimator = findEstimator(keys, name);
    if (estimator !== undefined) mergeInto(union, estimator);
  }
  return union;
}

const pfmerge = (keys: Keyspace, args: readonly string[]): Reply => {
  keys.update(args[0] ?? "", unite(keys, args));
  return "OK";
};

export const hyperloglogCommands = {
  pfadd: atLeast(1, pfadd),
  pfcount: atLeast(1, (keys, args) => estimate(unite(keys, args))),
  pfmerge: atLeast(1, pfmerge),
} satisfies CommandTable;
