import type { JSONObject } from "../../kernel/index.ts";
import type { JsonCollection } from "../storage/json-collection.ts";

/** How many tokens and API keys are good still. */
export interface SignedCounts {
  readonly tokens: number;
  readonly apiKeys: number;
}

/** What the secrets have signed: records with `expiresAt` in epoch milliseconds, -1 for never, and the `keyId` of their secret. */
export class SignedRecords {
  readonly #tokens: JsonCollection;
  readonly #apiKeys: JsonCollection;

  constructor(tokens: JsonCollection, apiKeys: JsonCollection) {
    this.#tokens = tokens;
    this.#apiKeys = apiKeys;
  }

  /** Whether something is good still that this secret has signed. Records of older releases do not say whether it has. */
  async hasAny(keyId: string, now: number): Promise<boolean> {
    const unknown = { bool: { must_not: [{ exists: { field: "keyId" } }] } };
    const signed = { bool: { should: [{ term: { keyId } }, unknown], minimum_should_match: 1 } };
    const query = { bool: { filter: [aliveAt(now), signed] } };
    return (await this.#tokens.count(query)) > 0 || (await this.#apiKeys.count(query)) > 0;
  }

  /** Those that hang on another secret than this one. */
  async countOfOthers(keyId: string, now: number): Promise<SignedCounts> {
    const query = { bool: { filter: [aliveAt(now)], must_not: [{ term: { keyId } }] } };
    return { tokens: await this.#tokens.count(query), apiKeys: await this.#apiKeys.count(query) };
  }

  /** Removes all that hangs on another secret than this one. Answers the fingerprints, for whoever holds them in memory. */
  async removeOthers(keyId: string): Promise<readonly string[]> {
    const query = { bool: { must_not: [{ term: { keyId } }] } };
    const tokens = await idsIn(this.#tokens, query, () => {});
    const fingerprints = [...tokens];
    const apiKeys = await idsIn(this.#apiKeys, query, ({ fingerprint }) => {
      if (typeof fingerprint === "string") fingerprints.push(fingerprint);
    });
    await this.#tokens.deleteAll(tokens);
    await this.#apiKeys.deleteAll(apiKeys);
    return fingerprints;
  }
}

const aliveAt = (now: number): JSONObject => ({
  bool: { should: [{ term: { expiresAt: -1 } }, { range: { expiresAt: { gt: now } } }], minimum_should_match: 1 },
});

async function idsIn(collection: JsonCollection, query: JSONObject, see: (body: JSONObject) => void) {
  const ids: string[] = [];
  for await (const { id, body } of collection.walk(query)) {
    ids.push(id);
    see(body);
  }
  return ids;
}
