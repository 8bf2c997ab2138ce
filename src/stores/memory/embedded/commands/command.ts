import type { Reply } from "../../memory-store.ts";
import type { Keyspace } from "../keyspace.ts";

/** One command: how many arguments it takes (its name not counted) and what it does. Bodies rely on at least `min` arguments. */
export interface Command {
  readonly min: number;
  readonly max: number;
  readonly run: Run;
}

export type Run = (keys: Keyspace, args: readonly string[]) => Reply;
export type CommandTable = Readonly<Record<string, Command>>;

export const exactly = (count: number, run: Run): Command => ({ min: count, max: count, run });
export const atLeast = (count: number, run: Run): Command => ({ min: count, max: Number.POSITIVE_INFINITY, run });
export const between = (min: number, max: number, run: Run): Command => ({ min, max, run });
