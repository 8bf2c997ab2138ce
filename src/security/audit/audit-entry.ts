import type { JSONObject } from "../../kernel/index.ts";

/** What a security action was about. */
export interface AuditTarget {
  readonly kind: "user" | "profile" | "role" | "credentials" | "apiKey" | "token" | "securities";
  readonly ids: readonly string[];
}

/** One line of the audit log, as it is stored and found. It never holds a password, a token, a code, a hash, or the value of a field. */
export interface AuditEntry {
  /** Epoch milliseconds. */
  readonly at: number;
  /** `security:deleteUser` */
  readonly event: string;
  readonly controller: string;
  readonly action: string;
  /** Who; null for nobody in particular. */
  readonly kuid: string | null;
  /** `partial`: some of several. */
  /** What the request carried as its proof; absent for none. */
  readonly token?: "authToken" | "apiKey";
  readonly result: "allowed" | "refused" | "failed" | "partial";
  readonly status: number;
  /** Id of the error; null for none. */
  readonly error: string | null;
  /** What is known beyond the error and is not told to the client: `unknown_user`, `wrong_password`. */
  readonly reason?: string;
  readonly target?: AuditTarget;
  /** Names, never values: fields, controllers of a role, roles of a profile, profiles of a user, the strategy. */
  readonly detail?: JSONObject;
  /** The peer, then what proxies forwarded; empty for calls from inside. */
  readonly ips: readonly string[];
  readonly protocol: string | null;
  /** `client`, `server`, or `plugin:<name>`. */
  readonly origin: string;
  readonly requestId: string;
  readonly node: string;
  /** Entries like this one that were left out before it, because there were too many of them. */
  readonly suppressed?: number;
}
