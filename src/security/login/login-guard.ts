import { type Clock, kerror } from "../../kernel/index.ts";
import { RateLimiter } from "../rate-limiter.ts";
import { RecentCache } from "../recent-cache.ts";
import { Attempts, type WaitOptions } from "./attempts.ts";
import { clientAddress } from "./client-address.ts";

/** Bounds of logins; each count 0 for none. */
export interface LoginGuardOptions extends WaitOptions {
  /** Failures of one address with one name before it waits. */
  readonly failures: number;
  /** Failures of one address with whatever names. */
  readonly failuresPerAddress: number;
  /** Failures with one name from whatever addresses. */
  readonly failuresPerUser: number;
  readonly perSecondPerUser: number;
}

export const defaultLoginGuardOptions: LoginGuardOptions = {
  failures: 10,
  failuresPerAddress: 100,
  failuresPerUser: 100,
  firstWaitMs: 1_000,
  maxWaitMs: 900_000,
  forgetAfterMs: 3_600_000,
  perSecondPerUser: 5,
};

/** An attempt that was let in: say when it succeeds, else it stays a failure. */
export interface Attempt {
  succeeded(): void;
}

/** Who has to wait. */
export interface Wait {
  readonly user?: string;
  readonly address?: string;
  readonly failures: number;
  /** Seconds, rounded up. */
  readonly seconds: number;
}

const noAttempt: Attempt = { succeeded: () => {} };
/** Pairs of names and addresses known to belong together. */
const maxKnown = 10_000;

/**
 * Slows down who guesses secrets: after some failures an address waits for a name, for all names after more, and a name waits for all addresses. Waits
 * double and are bounded. A user at an address from which he has logged in before, or at the machine itself, does not wait for what others did,
 * so that nobody is locked out by strangers. In memory: a restart forgets.
 */
export class LoginGuard {
  readonly #options: LoginGuardOptions;
  readonly #clock: Clock;
  readonly #rate: RateLimiter;
  readonly #pairs: Attempts;
  readonly #addresses: Attempts;
  readonly #users: Attempts;
  readonly #known = new RecentCache<string, true>(maxKnown);

  constructor(options: LoginGuardOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#rate = new RateLimiter(clock);
    this.#pairs = new Attempts(options.failures, options);
    this.#addresses = new Attempts(options.failuresPerAddress, options);
    this.#users = new Attempts(options.failuresPerUser, options);
  }

  /**
   * Before a secret is checked, whether the user exists or not. `ips` as connections have them; none: a call from inside, which nothing holds up.
   * Errors: `api.process.too_many_logins_requests`, `security.login.wait` (429).
   */
  begin(user: string, ips: readonly string[]): Attempt {
    const address = clientAddress(ips);
    if (address === undefined) return noAttempt;
    const name = user.slice(0, 200);
    const pair = `${address} ${name}`;
    const now = this.#clock.now();
    const isKnown = address === "local" || this.#known.get(pair) === true;
    const waitMs = isKnown
      ? this.#pairs.waitMs(pair, now)
      : Math.max(this.#pairs.waitMs(pair, now), this.#addresses.waitMs(address, now), this.#users.waitMs(name, now));
    if (waitMs > 0) throw kerror("security.login.wait", Math.ceil(waitMs / 1_000));
    if (address !== "local" && !this.#rate.allow(name, this.#options.perSecondPerUser)) {
      throw kerror("api.process.too_many_logins_requests");
    }
    this.#pairs.begin(pair, now);
    if (!isKnown) {
      this.#addresses.begin(address, now);
      this.#users.begin(name, now);
    }
    return {
      succeeded: () => {
        const at = this.#clock.now();
        this.#pairs.forget(pair);
        if (!isKnown) {
          // Only this attempt: who has an account of his own must not wipe out his other guesses with it.
          this.#addresses.takeBack(address, at);
          this.#users.takeBack(name, at);
          this.#known.set(pair, true);
        }
      },
    };
  }

  /** Who has to wait now. */
  waits(): readonly Wait[] {
    const now = this.#clock.now();
    const waits: Wait[] = [];
    for (const { key, failures, waitMs } of this.#pairs.waiting(now)) {
      const blank = key.indexOf(" ");
      waits.push({ user: key.slice(blank + 1), address: key.slice(0, blank), failures, seconds: seconds(waitMs) });
    }
    for (const { key, ...one } of this.#addresses.waiting(now)) {
      waits.push({ address: key, failures: one.failures, seconds: seconds(one.waitMs) });
    }
    for (const { key, ...one } of this.#users.waiting(now)) {
      waits.push({ user: key, failures: one.failures, seconds: seconds(one.waitMs) });
    }
    return waits;
  }

  /** Ends the waits of a user and of an address, those of the two together included; answers how many there were. */
  lift({ user, address }: { readonly user?: string | undefined; readonly address?: string | undefined }): number {
    let lifted = 0;
    for (const wait of this.waits()) {
      if (wait.user !== user && wait.address !== address) continue;
      lifted++;
      if (wait.user === undefined) this.#addresses.forget(wait.address ?? "");
      else if (wait.address === undefined) this.#users.forget(wait.user);
      else this.#pairs.forget(`${wait.address} ${wait.user}`);
    }
    return lifted;
  }
}

const seconds = (ms: number): number => Math.ceil(ms / 1_000);
