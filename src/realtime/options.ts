import { kerror } from "../kernel/index.ts";

export type ScopeOption = "all" | "in" | "out" | "none";
export type UsersOption = "all" | "in" | "out" | "none";

/** What one subscription wants to hear of (contract/realtime.md section 2). */
export interface SubscriptionOptions {
  /** Document notifications; messages count as `in`. */
  readonly scope: ScopeOption;
  /** Notifications about others who join (`in`) and leave (`out`). */
  readonly users: UsersOption;
  /** False: only changes that happen on this node, and invisible to count and list. For the embedded client. */
  readonly propagate: boolean;
}

const values: ReadonlySet<string> = new Set(["all", "in", "out", "none"]);

/** Errors: `core.realtime.invalid_scope`, `core.realtime.invalid_users` (400). */
export function parseOptions(scope: unknown = "all", users: unknown = "none", propagate = true): SubscriptionOptions {
  if (typeof scope !== "string" || !values.has(scope)) throw kerror("core.realtime.invalid_scope", scope);
  if (typeof users !== "string" || !values.has(users)) throw kerror("core.realtime.invalid_users", users);
  return { scope: scope as ScopeOption, users: users as UsersOption, propagate };
}

/** One digit for each option; equal options share a channel. */
const digits = { all: 1, in: 2, none: 3, out: 4 } as const;

export function channelName(roomId: string, { scope, users, propagate }: SubscriptionOptions): string {
  return `${roomId}-${digits[users]}${propagate ? 1 : 2}${digits[scope]}`;
}

export const wants = (option: ScopeOption | UsersOption, side: "in" | "out"): boolean =>
  option === "all" || option === side;
