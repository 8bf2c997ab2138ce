import { isPlainObject, type JSONObject } from "../../../kernel/index.ts";
import type { CredentialsRepository, StoredCredentials } from "./context.ts";
import type { OlderHash } from "./hashing/older-hash.ts";

/** A password that was replaced. */
export interface ArchivedPassword extends OlderHash {
  readonly updatedAt?: unknown;
  readonly archivedAt?: number;
}

/** One user's credentials: the id of the document is the user name. */
export interface LocalCredentials extends OlderHash {
  readonly username: string;
  readonly kuid: string;
  /** kuid of who set the password last; null when unknown. */
  readonly updater: string | null;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
  readonly passwordHistory: readonly ArchivedPassword[];
}

export const collections: JSONObject = {
  users: {
    mappings: { dynamic: "false", properties: { kuid: { type: "keyword" }, username: { type: "keyword" } } },
  },
  config: { mappings: { dynamic: "false", properties: {} } },
};

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const hashFrom = (stored: JSONObject): OlderHash => ({
  userPassword: text(stored.userPassword) ?? "",
  userSalt: text(stored.userSalt),
  algorithm: text(stored.algorithm),
  stretching: stored.stretching === true,
  encryption: text(stored.encryption),
});

function read(document: object): LocalCredentials {
  const stored = document as StoredCredentials;
  const { passwordHistory, updatedAt } = stored;
  const history = Array.isArray(passwordHistory) ? passwordHistory.filter(isPlainObject) : [];
  return {
    ...hashFrom(stored),
    username: stored._id,
    kuid: stored.kuid,
    updater: text(stored.updater) ?? null,
    updatedAt: typeof updatedAt === "number" ? updatedAt : 0,
    passwordHistory: history.map((past) => ({ ...past, ...hashFrom(past) })),
  };
}

const written = ({ username, ...fields }: LocalCredentials): JSONObject => ({ _id: username, username, ...fields });

/** The plugin's own collection of credentials. */
export class CredentialsStore {
  readonly #repository: CredentialsRepository;

  constructor(repository: CredentialsRepository) {
    this.#repository = repository;
  }

  async findByName(username: string): Promise<LocalCredentials | undefined> {
    const [found] = await this.#repository.mGet([username]);
    return found === undefined ? undefined : read(found);
  }

  async findByKuid(kuid: string): Promise<LocalCredentials | undefined> {
    const { hits } = await this.#repository.search({ query: { term: { kuid } } }, { from: 0, size: 1 });
    return hits[0] === undefined ? undefined : read(hits[0]);
  }

  /** Rejects when the name is taken. */
  async create(credentials: LocalCredentials): Promise<void> {
    await this.#repository.create(written(credentials), { refresh: "wait_for" });
  }

  async replace(credentials: LocalCredentials): Promise<void> {
    await this.#repository.replace(written(credentials), { refresh: "wait_for" });
  }

  async delete(username: string): Promise<void> {
    await this.#repository.delete(username, { refresh: "wait_for" });
  }

  async search(
    body: JSONObject,
    page: { from: number; size: number },
  ): Promise<{ hits: readonly { kuid: string; username: string }[]; total: number }> {
    const { hits, total } = await this.#repository.search(body, page);
    return { hits: hits.map(read).map(({ kuid, username }) => ({ kuid, username })), total };
  }
}
