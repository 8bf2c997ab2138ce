import { type Clock, type JSONObject, kerror, uuid } from "../../kernel/index.ts";
import type { SecurityOptions } from "../options.ts";
import type { JsonCollection, JsonPage } from "../storage/json-collection.ts";
import type { Keyring } from "./keyring.ts";
import { lifetimeMs } from "./lifetime.ts";
import type { Signer } from "./signer.ts";
import { fingerprintOf, Token } from "./token.ts";

/** What is stored of an API key: everything but its text. */
export interface ApiKey {
  readonly id: string;
  readonly content: {
    readonly userId: string;
    readonly description: string;
    readonly expiresAt: number;
    readonly ttl: number;
    readonly fingerprint: string;
  };
}

export interface ApiKeyRequest {
  readonly userId: string;
  /** Global to all users; a UUID when absent. */
  readonly id: string | undefined;
  readonly description: string;
  /** A duration; -1 for a key without end. */
  readonly expiresIn: unknown;
  /** Whether `security.apiKey.maxTTL` counts: for keys that users make for themselves. */
  readonly limited: boolean;
  readonly refresh: boolean;
}

export interface ApiKeysDeps {
  readonly collection: JsonCollection;
  readonly keyring: Keyring;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly options: SecurityOptions["apiKey"];
  /** Ends the keys on every node. */
  readonly end: (fingerprints: readonly string[]) => void;
}

/** API keys: tokens that programs carry. The text is told once, at creation; kept is its fingerprint. */
export class ApiKeys {
  readonly #deps: ApiKeysDeps;

  constructor(deps: ApiKeysDeps) {
    this.#deps = deps;
  }

  /**
   * Errors: `api.assert.invalid_argument`, `security.token.ttl_exceeded`, `services.storage.document_already_exists` (400),
   * `security.token.generation_failed` (500).
   */
  async create(asked: ApiKeyRequest): Promise<{ readonly key: ApiKey; readonly token: string }> {
    const { clock, collection, options, keyring, signer } = this.#deps;
    const { userId, description } = asked;
    const ttl = lifetimeMs(asked.expiresIn, asked.limited ? options.maxTtlMs : -1);
    const now = clock.now();
    const expiresAt = ttl === -1 ? -1 : now + ttl;
    const { keyId } = keyring;
    const token = signer.sign("apiKey", userId, now, expiresAt);
    const content = { userId, description, expiresAt, ttl, fingerprint: fingerprintOf(token) };
    const id = asked.id ?? uuid();
    await collection.create(id, { ...content, keyId }, asked.refresh);
    return { key: { id, content }, token };
  }

  /** The key of this text, when the user has it still. */
  async find(text: string, fingerprint: string, userId: string): Promise<Token | undefined> {
    const query = { bool: { filter: [{ term: { fingerprint } }, { term: { userId } }] } };
    const { hits } = await this.#deps.collection.search({ query }, 0, 1);
    const stored = hits[0]?.body;
    if (stored === undefined || typeof stored.expiresAt !== "number") return undefined;
    const ttl = typeof stored.ttl === "number" ? stored.ttl : -1;
    return new Token({ userId, jwt: text, fingerprint, ttl, expiresAt: stored.expiresAt });
  }

  /** `services.storage.not_found` (404), also for another user's key. */
  async delete(userId: string, id: string, refresh: boolean): Promise<void> {
    const { collection } = this.#deps;
    const key = await collection.find(id);
    const { index, collection: name } = collection.target;
    if (key === undefined || key.userId !== userId) throw kerror("services.storage.not_found", id, index, name);
    await collection.delete(id, refresh);
    if (typeof key.fingerprint === "string") this.#deps.end([key.fingerprint]);
  }

  async deleteAll(userId: string): Promise<void> {
    const { collection } = this.#deps;
    const ids: string[] = [];
    const fingerprints: string[] = [];
    for await (const { id, body } of collection.walk({ term: { userId } })) {
      ids.push(id);
      if (typeof body.fingerprint === "string") fingerprints.push(body.fingerprint);
    }
    await collection.deleteAll(ids);
    this.#deps.end(fingerprints);
  }

  /** Among the keys of one user. */
  async search(userId: string, asked: JSONObject, from: number, size: number): Promise<JsonPage> {
    const query = { bool: { filter: [{ term: { userId } }], must: [asked] } };
    const page = await this.#deps.collection.search({ query }, from, size);
    // Which secret has signed it is the server's business.
    return { ...page, hits: page.hits.map(({ body: { keyId: _, ...body }, ...hit }) => ({ ...hit, body })) };
  }
}
