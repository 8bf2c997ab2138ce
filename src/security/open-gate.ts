import { BlockList, isIP } from "node:net";
import type { MaybePromise } from "../events/index.ts";
import type { Clock } from "../kernel/index.ts";
import type { Directory } from "./rights/directory.ts";
import { User } from "./users/user.ts";
import type { Users } from "./users/users.ts";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** True for addresses of this very machine: `127.0.0.1`, `::1`, `::ffff:127.0.0.1`. */
export function isLoopback(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  const family = isIP(mapped);
  if (family === 0) return mapped === "localhost";
  return loopback.check(mapped, family === 6 ? "ipv6" : "ipv4");
}

/** How long the answer "there is no administrator" is believed: others may make one through another node. */
const recheckMs = 1_000;

/**
 * Open until there is an administrator, but only locally: while nobody administers the server and its rights let anybody become the
 * first administrator, requests from other machines are refused.
 * Source: decision 14 of the architecture.
 */
export class OpenGate {
  readonly #users: Users;
  readonly #directory: Directory;
  readonly #clock: Clock;
  readonly #always: boolean;
  #noneAt = Number.NEGATIVE_INFINITY;

  constructor(deps: { users: Users; directory: Directory; clock: Clock; openUntilAdmin: boolean }) {
    this.#users = deps.users;
    this.#directory = deps.directory;
    this.#clock = deps.clock;
    this.#always = deps.openUntilAdmin;
  }

  /**
   * `addresses`: the peer, then those that proxies forwarded; all must be of this machine. Empty for protocols without addresses, and
   * for calls from inside: always let in. At once but for the first request from elsewhere.
   */
  isOpenTo(addresses: readonly string[]): MaybePromise<boolean> {
    if (this.#always || this.#users.administratorSeen || addresses.every(isLoopback)) return true;
    if (!this.#anybodyMayTakeOver()) return true;
    if (this.#clock.now() - this.#noneAt < recheckMs) return false;
    return this.#ask();
  }

  #anybodyMayTakeOver(): boolean {
    try {
      const rights = User.rightsOf(this.#users.anonymous, this.#directory);
      return rights.allow("security", "createFirstAdmin", undefined, undefined, undefined);
    } catch {
      return true; // the profile `anonymous` is missing: nothing is known, so nothing is opened
    }
  }

  async #ask(): Promise<boolean> {
    const exists = await this.#users.adminExists();
    if (!exists) this.#noneAt = this.#clock.now();
    return exists;
  }
}
