import type { Logger } from "../kernel/index.ts";
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

  async load(): Promise<void> {
    const { directory, roles, profiles } = this.#deps;
    directory.clear();
    for await (const { id, body } of roles.walk({ match_all: {} })) directory.setRole(id, roleFrom(id, body));
    for await (const { id, body } of profiles.walk({ match_all: {} })) directory.setProfile(id, profileFrom(id, body));
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

  async #readRole(id: string): Promise<void> {
    const content = await this.#deps.roles.find(id);
    this.#deps.directory.setRole(id, content && roleFrom(id, content));
  }

  async #readProfile(id: string): Promise<void> {
    const content = await this.#deps.profiles.find(id);
    this.#deps.directory.setProfile(id, content && profileFrom(id, content));
  }

  /** Resolves when nothing is being read any more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#reading;
  }
}
