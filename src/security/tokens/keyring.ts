import { createHash, randomBytes } from "node:crypto";
import { type Clock, isPlainObject, kerror, type Logger } from "../../kernel/index.ts";
import type { JsonCollection } from "../storage/json-collection.ts";
import type { SignedRecords } from "./signed-records.ts";

export interface KeyringDeps {
  readonly config: JsonCollection;
  readonly signed: SignedRecords;
  readonly clock: Clock;
  readonly log: Logger;
  /** Null: one is made at the first start and kept. */
  readonly configured: string | null;
  /** Secrets that the configuration had before: tokens that they have signed stay good. */
  readonly former: readonly string[];
}

/** A secret that signs no more, since `retiredAt` (epoch milliseconds). */
interface FormerSecret {
  readonly seed: string;
  readonly retiredAt: number;
}

/** A node that has not heard of a new secret yet may sign with the former one: a guess that all have heard of it after this long. */
const hearsayMs = 60_000;

const secretId = "security.jwt.secret";
const usedId = "security.authToken.fingerprint";

const fingerprintOf = (secret: string): string =>
  createHash("sha256").update("token secret").update(secret).digest("hex");

/** Names a secret in the header of what it signs. */
const keyIdOf = (secret: string): string => fingerprintOf(secret).slice(0, 16);

const nothing = (): void => {};

/** The secrets of tokens: one that signs, and those before it, which still verify what they have signed. */
export class Keyring {
  readonly #deps: KeyringDeps;
  #current = "";
  #currentId = "";
  #former: readonly FormerSecret[] = [];
  readonly #byId = new Map<string, string>();
  #turn: Promise<void> = Promise.resolve();

  private constructor(deps: KeyringDeps) {
    this.#deps = deps;
  }

  /** Reads the secrets; makes one where there is none. */
  static async open(deps: KeyringDeps): Promise<Keyring> {
    const keyring = new Keyring(deps);
    await keyring.reload();
    return keyring;
  }

  get secret(): string {
    return this.#current;
  }

  /** For the header `kid` of a token. */
  get keyId(): string {
    return this.#currentId;
  }

  /** The secrets that may have signed a token with this `kid`: all of them when it has none, as tokens of older releases. */
  candidates(keyId: unknown): readonly string[] {
    if (keyId === undefined) return [...this.#byId.values()];
    const secret = typeof keyId === "string" ? this.#byId.get(keyId) : undefined;
    return secret === undefined ? [] : [secret];
  }

  /** Reads the secrets again: at the start, and when another node has made a new one. */
  async reload(): Promise<void> {
    const { configured, former, config } = this.#deps;
    if (configured !== null && configured !== "") {
      const given = former.filter((secret) => secret !== "" && secret !== configured);
      this.#use(
        configured,
        given.map((seed) => ({ seed, retiredAt: 0 })),
      );
      return;
    }
    const stored = (await config.find(secretId)) ?? (await this.#makeFirst());
    this.#use(String(stored.seed), formerIn(stored));
  }

  async #makeFirst(): Promise<{ seed?: unknown; former?: unknown }> {
    const { config, log } = this.#deps;
    const made = { seed: randomBytes(512).toString("hex") };
    log.warn("security.secret_generated", {
      hint: "Tokens are signed with a secret made for this storage. Set security.authToken.secret to choose your own.",
    });
    if (await config.createIfAbsent(secretId, made)) return made;
    return (await config.find(secretId)) ?? made; // another node was faster
  }

  #use(current: string, former: readonly FormerSecret[]): void {
    const known = new Map([...this.#byId].map(([id, secret]) => [secret, id]));
    const idOf = (secret: string): string => known.get(secret) ?? keyIdOf(secret);
    this.#current = current;
    this.#currentId = idOf(current);
    this.#former = former;
    this.#byId.clear();
    for (const secret of [current, ...former.map(({ seed }) => seed)]) this.#byId.set(idOf(secret), secret);
  }

  /** True when tokens were signed with a secret at the last start that is none of these. Only a hash of it is kept. */
  async hasChanged(): Promise<boolean> {
    const { config } = this.#deps;
    const before = await config.find(usedId);
    await this.#noteUsed();
    if (typeof before?.fingerprint !== "string") return false;
    return ![...this.#byId.values()].some((secret) => fingerprintOf(secret) === before.fingerprint);
  }

  async #noteUsed(): Promise<void> {
    await this.#deps.config.put(usedId, { fingerprint: fingerprintOf(this.#current) });
  }

  /** How many secrets verify what they have signed, beside the present one. */
  get formerCount(): number {
    return this.#former.length;
  }

  /**
   * A new secret signs from here on; the present one verifies what it has signed until that has ended. `endFormer` is called first to end
   * what those before it have signed, all but this `keyId`; they are forgotten then.
   * Error: `security.token.secret_configured` (412) when the secret is the configuration's.
   */
  async rotate(endFormer?: (keyId: string) => Promise<void>): Promise<void> {
    const { configured } = this.#deps;
    if (configured !== null && configured !== "") throw kerror("security.token.secret_configured");
    return this.#inTurn(() => this.#rotate(endFormer));
  }

  /** What is stored is written by one after the other: each secret retires the one before it. */
  #inTurn<T>(write: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(write);
    this.#turn = turn.then(nothing, nothing);
    return turn;
  }

  async #rotate(endFormer?: (keyId: string) => Promise<void>): Promise<void> {
    await this.reload(); // another node may have been here
    await endFormer?.(this.#currentId);
    const retired = { seed: this.#current, retiredAt: this.#deps.clock.now() };
    const others = endFormer === undefined ? await this.#needed() : [];
    await this.#keep(randomBytes(512).toString("hex"), [retired, ...others]);
    await this.#noteUsed();
  }

  async #keep(seed: string, former: readonly FormerSecret[]): Promise<void> {
    await this.#deps.config.put(secretId, { seed, former }, true);
    this.#use(seed, former);
  }

  /** Forgets the secrets of which everything has ended. */
  prune(): Promise<void> {
    return this.#inTurn(() => this.#prune());
  }

  async #prune(): Promise<void> {
    const { configured } = this.#deps;
    if (this.#former.length === 0 || (configured !== null && configured !== "")) return;
    await this.reload(); // another node may have been here
    const needed = await this.#needed();
    if (needed.length < this.#former.length) await this.#keep(this.#current, needed);
  }

  /** The former secrets that have signed something which is good still. */
  async #needed(): Promise<FormerSecret[]> {
    const { clock, signed } = this.#deps;
    const needed: FormerSecret[] = [];
    for (const one of this.#former) {
      const now = clock.now();
      if (one.retiredAt > now - hearsayMs || (await signed.hasAny(keyIdOf(one.seed), now))) needed.push(one);
    }
    return needed;
  }
}

function formerIn({ former }: { former?: unknown }): FormerSecret[] {
  if (!Array.isArray(former)) return [];
  return former.flatMap((one: unknown) => {
    if (!isPlainObject(one) || typeof one.seed !== "string") return [];
    const retiredAt = typeof one.retiredAt === "number" ? one.retiredAt : 0;
    return [{ seed: one.seed, retiredAt }];
  });
}
