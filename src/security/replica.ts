import type { JSONObject, Logger } from "../kernel/index.ts";
import type { Change } from "./changes.ts";
import { profileFrom } from "./profiles/profile.ts";
import type { Directory } from "./rights/directory.ts";
import { roleFrom } from "./roles/role.ts";
import type { JsonCollection } from "./storage/json-collection.ts";
import type { Keyring } from "./tokens/keyring.ts";
import type { Tokens } from "./tokens/tokens.ts";
import type { Users } from "./users/users.ts";

const retryEveryMs = 1_000;

export interface ReplicaDeps {
  readonly roles: JsonCollection;
  readonly profiles: JsonCollection;
  readonly directory: Directory;
  readonly users: Users;
  readonly tokens: Tokens;
  readonly keyring: Keyring;
  readonly log: Logger;
}

/** Keeps what this node holds in memory equal to the store: all at the start, then what other nodes say they changed. */
export class Replica {
  readonly #deps: ReplicaDeps;
  /** Changes are read one after another, so that the last reading finds the last state. */
  #reading: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(deps: ReplicaDeps) {
    this.#deps = deps;
  }

  /** What is in memory stays in force until all is read. */
  load(): Promise<void> {
    const { directory, roles, profiles } = this.#deps;
    return this.#latest(async () => {
      const [readRoles, readProfiles] = await Promise.all([readAll(roles, roleFrom), readAll(profiles, profileFrom)]);
      return () => directory.replaceAll(readRoles, readProfiles);
    });
  }

  hear(change: Change): void {
    const { users, tokens } = this.#deps;
    switch (change.kind) {
      case "user":
        users.forget(change.id);
        break;
      case "revoked":
        tokens.endHere(change.fingerprints);
        break;
      case "refreshed":
        tokens.refreshedElsewhere(change.from, change.to, change.expiresAt, change.graceEndsAt);
        break;
      case "secrets":
        this.#queue(() => this.#deps.keyring.reload());
        break;
      case "everything":
        users.forget();
        this.#queue(() => this.load());
        break;
      case "role":
        this.#queue(() => this.#readRole(change.id));
        break;
      case "profile":
        this.#queue(() => this.#readProfile(change.id));
        break;
    }
  }

  #queue(read: () => Promise<void>): void {
    this.#reading = this.#reading.then(() => this.#untilRead(read));
  }

  async #untilRead(read: () => Promise<void>): Promise<void> {
    while (!this.#closed) {
      try {
        await read();
        return;
      } catch (err) {
        this.#deps.log.error("security.change_not_read", { err });
        await new Promise((resolve) => setTimeout(resolve, retryEveryMs).unref());
      }
    }
  }

  #readRole(id: string): Promise<void> {
    const { directory, roles } = this.#deps;
    return this.#latest(async () => {
      const content = await roles.find(id);
      return () => directory.setRole(id, content && roleFrom(id, content));
    });
  }

  #readProfile(id: string): Promise<void> {
    const { directory, profiles } = this.#deps;
    return this.#latest(async () => {
      const content = await profiles.find(id);
      return () => directory.setProfile(id, content && profileFrom(id, content));
    });
  }

  /** What this node has written itself while the store was read is newer than what was read: then it is read again. */
  async #latest(read: () => Promise<() => void>): Promise<void> {
    const { directory } = this.#deps;
    for (;;) {
      const before = directory.generation;
      const apply = await read();
      if (directory.generation !== before) continue;
      apply();
      return;
    }
  }

  /** Resolves when nothing is being read any more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#reading;
  }
}

async function readAll<T>(from: JsonCollection, read: (id: string, body: JSONObject) => T): Promise<T[]> {
  const all: T[] = [];
  for await (const { id, body } of from.walk({ match_all: {} })) all.push(read(id, body));
  return all;
}
