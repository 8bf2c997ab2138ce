import type { MaybePromise } from "../../events/index.ts";
import { type Clock, KuzzleError, kerror, kerrorFrom, type Logger } from "../../kernel/index.ts";
import type { Changes } from "../changes.ts";
import type { SecurityOptions } from "../options.ts";
import { RecentCache } from "../recent-cache.ts";
import type { JsonCollection } from "../storage/json-collection.ts";
import type { ApiKeys } from "./api-keys.ts";
import type { Keyring } from "./keyring.ts";
import { lifetimeMs } from "./lifetime.ts";
import type { TokenLinks } from "./links.ts";
import type { Signer } from "./signer.ts";
import { fingerprintOf, Token } from "./token.ts";

/** Tokens kept in memory: a guess that a node sees at most this many within a while. */
const maxCached = 10_000;
/** How often records of tokens that have ended are swept out of the store; only space depends on it. */
const sweepEveryMs = 600_000;

export interface TokensDeps {
  readonly collection: JsonCollection;
  readonly keyring: Keyring;
  readonly apiKeys: ApiKeys;
  readonly signer: Signer;
  readonly links: TokenLinks;
  readonly changes: Changes;
  readonly clock: Clock;
  readonly log: Logger;
  readonly options: SecurityOptions["authToken"];
}

/**
 * Authentication tokens. Each has a record in the store, named by its fingerprint: tokens survive a restart, and whoever reads the store
 * cannot log in with what is there.
 */
export class Tokens {
  readonly #deps: TokensDeps;
  readonly #byText = new RecentCache<string, Token>(maxCached);
  readonly #byFingerprint = new RecentCache<string, Token>(maxCached);
  /** Changes with every revocation: what was read before is not cached after. */
  #revocations = 0;
  #sweeper: NodeJS.Timeout | undefined;

  constructor(deps: TokensDeps) {
    this.#deps = deps;
  }

  /**
   * The token of this text. One map look-up for a token that was seen lately.
   * Errors: `security.token.invalid` (401) for whatever is wrong with it, its end included; `verification_error` (500) when the store fails.
   */
  verify(text: string): MaybePromise<Token> {
    const known = this.#byText.get(text);
    if (known?.isAlive(this.#deps.clock.now())) return known;
    return this.#load(text);
  }

  async #load(text: string): Promise<Token> {
    const { signer, clock, apiKeys } = this.#deps;
    const { userId } = signer.verify(text, clock.now());
    const before = this.#revocations;
    const fingerprint = fingerprintOf(text);
    let token: Token | undefined;
    try {
      token = text.startsWith("kapikey-")
        ? await apiKeys.find(text, fingerprint, userId)
        : await this.#find(text, fingerprint, userId);
    } catch (error) {
      if (error instanceof KuzzleError && error.status === 401) throw error;
      throw kerrorFrom(error, "security.token.verification_error", "the store failed");
    }
    if (!token?.isAlive(clock.now())) throw kerror("security.token.invalid");
    if (!token.singleUse && before === this.#revocations) this.#keep(token);
    return token;
  }

  async #find(text: string, fingerprint: string, userId: string): Promise<Token | undefined> {
    const { collection } = this.#deps;
    const record = await collection.find(fingerprint);
    if (record === undefined || record.userId !== userId) return undefined;
    const { expiresAt, ttl } = record;
    if (typeof expiresAt !== "number" || typeof ttl !== "number") return undefined;
    const singleUse = record.singleUse === true;
    // The deletion decides who of several that come at once may use it.
    if (singleUse && !(await collection.delete(fingerprint))) return undefined;
    const refreshed = record.refreshed === true;
    return new Token({ userId, jwt: text, fingerprint, ttl, expiresAt, singleUse, refreshed });
  }

  #keep(token: Token): void {
    this.#byText.set(token.jwt, token);
    this.#byFingerprint.set(token.fingerprint, token);
  }

  /**
   * Errors: `api.assert.invalid_argument`, `security.token.ttl_exceeded` (400), `generation_failed` (500).
   */
  async create(userId: string, expiresIn: unknown, singleUse = false): Promise<Token> {
    const { clock, collection, signer, keyring, options } = this.#deps;
    const ttl = lifetimeMs(expiresIn, options.maxTtlMs);
    const now = clock.now();
    const expiresAt = ttl === -1 ? -1 : now + ttl;
    const { keyId } = keyring;
    const jwt = signer.sign("authToken", userId, now, expiresAt);
    const fingerprint = fingerprintOf(jwt);
    await collection.create(fingerprint, { userId, expiresAt, ttl, refreshed: false, singleUse, keyId });
    const token = new Token({ userId, jwt, fingerprint, ttl, expiresAt, singleUse });
    if (!singleUse) this.#keep(token);
    return token;
  }

  /**
   * A new token for an old one, which works for the grace period still. Connections move to the new one.
   * Errors: `security.token.refresh_forbidden` (401) for API keys and tokens without end, `security.token.invalid` (401) for one that was
   * refreshed before, those of {@link create}.
   */
  async refresh(old: Token, expiresIn: unknown): Promise<Token> {
    if (old.type === "apiKey") throw kerror("security.token.refresh_forbidden", "API keys are not refreshed.");
    if (old.expiresAt === -1) throw kerror("security.token.refresh_forbidden", "it has no end.");
    if (old.refreshed || old.singleUse) throw kerror("security.token.invalid");
    const { clock, options, links, changes } = this.#deps;
    lifetimeMs(expiresIn, options.maxTtlMs); // before anything happens to the old one
    const graceEndsAt = options.gracePeriodMs > 0 ? Math.min(old.expiresAt, clock.now() + options.gracePeriodMs) : 0;
    old.refreshed = true;
    if (!(await this.#retire(old, graceEndsAt))) throw kerror("security.token.invalid");
    const token = await this.create(old.userId, expiresIn);
    old.expiresAt = graceEndsAt;
    this.#revocations++;
    links.move(old.fingerprint, token.fingerprint, token.expiresAt, token);
    const { fingerprint: from } = old;
    changes.publish({ kind: "refreshed", from, to: token.fingerprint, expiresAt: token.expiresAt, graceEndsAt });
    return token;
  }

  /** False when the record is gone: revoked meanwhile. */
  async #retire({ fingerprint }: Token, graceEndsAt: number): Promise<boolean> {
    const { collection } = this.#deps;
    if (graceEndsAt === 0) return collection.delete(fingerprint);
    try {
      await collection.update(fingerprint, { refreshed: true, expiresAt: graceEndsAt });
      return true;
    } catch (error) {
      if (error instanceof KuzzleError && error.id === "services.storage.not_found") return false;
      throw error;
    }
  }

  /** API keys stay: they end by their deletion only. */
  async revoke(token: Token): Promise<void> {
    if (token.type === "apiKey") return;
    await this.#deps.collection.delete(token.fingerprint, true);
    token.kill();
    this.end([token.fingerprint]);
  }

  /** Every authentication token of a user. */
  async revokeAll(userId: string): Promise<void> {
    const { collection } = this.#deps;
    const fingerprints: string[] = [];
    for await (const { id } of collection.walk({ term: { userId } })) fingerprints.push(id);
    await collection.deleteAll(fingerprints);
    this.end(fingerprints);
  }

  /** Every authentication token of everybody: all log in again. API keys stay. */
  async revokeEverybody(): Promise<void> {
    const { collection } = this.#deps;
    const fingerprints: string[] = [];
    for await (const { id } of collection.walk({ match_all: {} })) fingerprints.push(id);
    await collection.deleteAll(fingerprints);
    this.end(fingerprints);
  }

  /** Ends tokens that are gone from the store, here and on the other nodes. */
  end(fingerprints: readonly string[]): void {
    if (fingerprints.length === 0) return;
    this.endHere(fingerprints);
    this.#deps.changes.publish({ kind: "revoked", fingerprints });
  }

  /** The same, on this node only. */
  endHere(fingerprints: readonly string[]): void {
    this.#revocations++;
    for (const fingerprint of fingerprints) {
      const token = this.#byFingerprint.get(fingerprint);
      this.#byFingerprint.delete(fingerprint);
      if (token === undefined) continue;
      token.kill();
      this.#byText.delete(token.jwt);
    }
    this.#deps.links.revoke(fingerprints);
  }

  /** Another node has refreshed a token. */
  refreshedElsewhere(from: string, to: string, expiresAt: number, graceEndsAt: number): void {
    this.#revocations++;
    const old = this.#byFingerprint.get(from);
    if (old !== undefined) {
      old.refreshed = true;
      old.expiresAt = graceEndsAt;
    }
    this.#deps.links.move(from, to, expiresAt, undefined);
  }

  /** Drops everything: the secret has changed, or the store was emptied. */
  async purge(): Promise<void> {
    this.#revocations++;
    this.#byText.clear();
    this.#byFingerprint.clear();
    await this.#deps.collection.truncate();
  }

  /** Sweeps now and then, beginning now; nobody waits for it. */
  startSweeping(): void {
    const sweep = (): void => {
      this.sweep().catch((err: unknown) => {
        if (this.#sweeper !== undefined) this.#deps.log.warn("security.token_sweep_failed", { err });
      });
    };
    this.#sweeper = setInterval(sweep, sweepEveryMs).unref();
    sweep();
  }

  /** Removes the records of tokens that have ended, and the secrets that signed nothing else. */
  async sweep(): Promise<void> {
    const { collection, clock, keyring } = this.#deps;
    const ended: string[] = [];
    for await (const { id } of collection.walk({ range: { expiresAt: { gte: 0, lte: clock.now() } } })) ended.push(id);
    await collection.deleteAll(ended);
    await keyring.prune();
  }

  close(): void {
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
  }
}
