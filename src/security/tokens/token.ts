import { createHash } from "node:crypto";
import type { RequestToken } from "../../kernel/index.ts";
import { anonymousKuid } from "../users/user.ts";

/**
 * The proof of a login, or an API key. `expiresAt` is in epoch milliseconds, -1 for never; it may come nearer (refreshed, revoked)
 * while the token is in use.
 */
export class Token implements RequestToken {
  readonly userId: string;
  /** The whole text, prefix included. */
  readonly jwt: string;
  readonly fingerprint: string;
  readonly type: "authToken" | "apiKey";
  readonly ttl: number;
  readonly singleUse: boolean;
  expiresAt: number;
  /** A new token has taken its place: it works until `expiresAt`, and cannot be refreshed again. */
  refreshed: boolean;

  constructor(fields: {
    userId: string;
    jwt: string;
    fingerprint: string;
    ttl: number;
    expiresAt: number;
    singleUse?: boolean;
    refreshed?: boolean;
  }) {
    this.userId = fields.userId;
    this.jwt = fields.jwt;
    this.fingerprint = fields.fingerprint;
    this.type = fields.jwt.startsWith(apiKeyPrefix) ? "apiKey" : "authToken";
    this.ttl = fields.ttl;
    this.singleUse = fields.singleUse ?? false;
    this.expiresAt = fields.expiresAt;
    this.refreshed = fields.refreshed ?? false;
  }

  /** As plugins know it. */
  get _id(): string {
    return `${this.userId}#${this.jwt}`;
  }

  isAlive(now: number): boolean {
    return this.expiresAt === -1 || this.expiresAt > now;
  }

  /** Ends it, wherever it is held. */
  kill(): void {
    this.expiresAt = 0;
  }
}

export const authTokenPrefix = "kauth-";
export const apiKeyPrefix = "kapikey-";

/** What stands for a token in the store and on the bus: SHA-256 in hex of the whole text. */
export const fingerprintOf = (jwt: string): string => createHash("sha256").update(jwt).digest("hex");

/** The token of whoever did not log in. */
export const anonymousToken: RequestToken = Object.freeze({ userId: anonymousKuid, jwt: null });
