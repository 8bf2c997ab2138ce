import { Secret, TOTP } from "otpauth";
import { type Clock, isPlainObject, type JSONObject, type KuzzleRequest } from "../../../kernel/index.ts";
import type { Attempt, LoginGuard } from "../../../security/index.ts";
import type { Challenge, Challenges } from "./challenges.ts";
import type { TotpConfig } from "./config.ts";
import { codeRequired, enrolmentRequired, invalidChallenge, invalidCode, notEnrolled } from "./errors.ts";
import type { Factor, Factors, UserFactors } from "./factors.ts";
import { makeRecoveryCodes, recoveryHash } from "./recovery-codes.ts";
import type { Seal } from "./seal.ts";

const periodSeconds = 30;

export interface SecondFactorDeps {
  readonly config: TotpConfig;
  readonly factors: Factors;
  readonly challenges: Challenges;
  readonly guard: LoginGuard;
  readonly seal: Seal;
  readonly clock: Clock;
}

/** What a client presents: a code of the application, or one of those for its loss. */
export interface Presented {
  readonly code: string | undefined;
  readonly recoveryCode: string | undefined;
}

export interface Enrolment {
  /** Base 32. */
  readonly secret: string;
  /** `otpauth://totp/…`, to be shown as a QR code. */
  readonly uri: string;
  readonly recoveryCodes: readonly string[];
}

export interface FactorStatus {
  readonly enabled: boolean;
  readonly pending: boolean;
  readonly recoveryCodesLeft: number;
  /** Epoch milliseconds; absent when there is none. */
  readonly enrolledAt?: number;
}

/** Out of the body, or the arguments where a provider redirects to a route. */
export function presentedIn({ input }: KuzzleRequest, codeName: "totp" | "code"): Presented {
  const body = isPlainObject(input.body) ? input.body : {};
  const read = (name: string): string | undefined => {
    const value: unknown = body[name] ?? input.args[name];
    return typeof value === "string" && value !== "" && value.length <= 100 ? value : undefined;
  };
  return { code: read(codeName), recoveryCode: read("recoveryCode") };
}

/** Time-based codes (RFC 6238: SHA-1, 6 digits, 30 seconds, which every authenticator application has) beside whatever the first factor is. */
export class SecondFactor {
  readonly #deps: SecondFactorDeps;

  constructor(deps: SecondFactorDeps) {
    this.#deps = deps;
  }

  /**
   * Lets a login pass whose first factor was right, or throws: `code_required`, `enrolment_required` with a challenge, `invalid_code` (401),
   * `security.login.wait` (429). `request` undefined: nothing was presented.
   */
  async judge(user: { _id: string; profileIds: readonly string[] }, request: KuzzleRequest | undefined): Promise<void> {
    const { factors, config } = this.#deps;
    const known = await factors.find(user._id);
    if (known.active === undefined) {
      if (!user.profileIds.some((id) => config.requiredFor.includes(id))) return;
      throw enrolmentRequired(this.#challenge("enrol", user._id), user._id);
    }
    const presented = request === undefined ? nothing : presentedIn(request, "totp");
    if (isNothing(presented)) throw codeRequired(this.#challenge("code", user._id), user._id);
    await this.#present(user._id, known, presented, request);
  }

  /** The second step of a login: whose challenge it is. Errors: `invalid_challenge`, `invalid_code` (401), `security.login.wait` (429). */
  async answer(text: unknown, presented: Presented, request: KuzzleRequest): Promise<string> {
    const { challenges, clock, factors } = this.#deps;
    const challenge = challenges.read(text, clock.now());
    if (challenge === undefined) throw invalidChallenge();
    const { kuid, purpose } = challenge;
    const known = await factors.find(kuid);
    if (purpose === "code" || known.active !== undefined) await this.#present(kuid, known, presented, request);
    else await this.#activate(kuid, known, presented, request);
    return kuid;
  }

  /** Of whom a challenge to enrol is; `invalid_challenge` (401) for another, and once there is a factor. */
  async enrolling(text: unknown): Promise<string> {
    const { challenges, clock, factors } = this.#deps;
    const challenge = challenges.read(text, clock.now());
    if (challenge?.purpose !== "enrol") throw invalidChallenge();
    if ((await factors.find(challenge.kuid)).active !== undefined) throw invalidChallenge();
    return challenge.kuid;
  }

  /** A new factor, which counts once it is confirmed. Who has one proves that he has it. */
  async enrol(kuid: string, presented: Presented, request: KuzzleRequest): Promise<Enrolment> {
    const { factors, config, clock, seal } = this.#deps;
    const known = await factors.find(kuid);
    if (known.active !== undefined) await this.#present(kuid, known, presented, request);
    const { base32: secret } = new Secret({ size: 20 });
    const recoveryCodes = makeRecoveryCodes(config.recoveryCodes);
    const recovery = recoveryCodes.map(recoveryHash);
    const pending: Factor = { secret: seal.close(secret, kuid), recovery, enrolledAt: clock.now() };
    await factors.put(kuid, { ...(await factors.find(kuid)), pending });
    return { secret, uri: this.#totp(secret, kuid).toString(), recoveryCodes };
  }

  /** The first code of a new factor makes it count. Errors: `not_enrolled` (412), `invalid_code` (401). */
  async confirm(kuid: string, presented: Presented, request: KuzzleRequest): Promise<void> {
    await this.#activate(kuid, await this.#deps.factors.find(kuid), presented, request);
  }

  /** Errors: `not_enrolled` (412), `invalid_code` (401). */
  async disable(kuid: string, presented: Presented, request: KuzzleRequest): Promise<void> {
    const { factors } = this.#deps;
    const known = await factors.find(kuid);
    if (known.active !== undefined) await this.#present(kuid, known, presented, request);
    else if (known.pending === undefined) throw notEnrolled();
    await factors.delete(kuid);
  }

  /** Without any proof: for administrators, and for users that are deleted. */
  async remove(kuid: string): Promise<void> {
    await this.#deps.factors.delete(kuid);
    this.#deps.guard.lift({ user: kuid });
  }

  /** New codes in the place of all that are left. Errors: `not_enrolled` (412), `invalid_code` (401). */
  async renewRecoveryCodes(kuid: string, presented: Presented, request: KuzzleRequest): Promise<readonly string[]> {
    const { factors, config } = this.#deps;
    await this.#present(kuid, await factors.find(kuid), presented, request);
    const known = await factors.find(kuid);
    if (known.active === undefined) throw notEnrolled();
    const codes = makeRecoveryCodes(config.recoveryCodes);
    await factors.put(kuid, { ...known, active: { ...known.active, recovery: codes.map(recoveryHash) } });
    return codes;
  }

  async status(kuid: string): Promise<FactorStatus> {
    const { active, pending } = await this.#deps.factors.find(kuid);
    return {
      enabled: active !== undefined,
      pending: pending !== undefined,
      recoveryCodesLeft: active?.recovery.length ?? 0,
      ...(active === undefined ? {} : { enrolledAt: active.enrolledAt }),
    };
  }

  #challenge(purpose: Challenge["purpose"], kuid: string): string {
    const { challenges, clock, config } = this.#deps;
    return challenges.make({ purpose, kuid, expiresAt: clock.now() + config.challengeExpiresIn });
  }

  /** Uses up what was presented. Errors: `not_enrolled` (412), `invalid_code` (401), `security.login.wait` (429). */
  async #present(
    kuid: string,
    known: UserFactors,
    presented: Presented,
    request: KuzzleRequest | undefined,
  ): Promise<void> {
    const { active } = known;
    if (active === undefined) throw notEnrolled();
    const attempt = this.#attempt(kuid, request);
    const isRight =
      presented.code === undefined
        ? await this.#useRecoveryCode(kuid, { ...known, active }, presented.recoveryCode)
        : await this.#useCode(kuid, { ...known, active }, active.secret, presented.code);
    if (!isRight) throw invalidCode(kuid);
    attempt.succeeded();
  }

  async #activate(kuid: string, known: UserFactors, { code }: Presented, request: KuzzleRequest): Promise<void> {
    const { pending } = known;
    if (pending === undefined) throw notEnrolled();
    const attempt = this.#attempt(kuid, request);
    const next: UserFactors = { active: pending, pending: undefined, lastStep: -1 };
    if (code === undefined || !(await this.#useCode(kuid, next, pending.secret, code))) throw invalidCode(kuid);
    attempt.succeeded();
  }

  #attempt(kuid: string, request: KuzzleRequest | undefined): Attempt {
    return this.#deps.guard.begin(kuid, request?.context.connection.ips ?? []);
  }

  /** A code counts once, and never after one of a later time (RFC 6238 section 5.2): `next`, with its time step, becomes what is stored. */
  async #useCode(kuid: string, next: UserFactors, sealed: string, code: string): Promise<boolean> {
    const { config, factors, clock, seal } = this.#deps;
    const now = clock.now();
    const token = code.replace(/\s/g, "");
    const totp = this.#totp(seal.open(sealed, kuid), kuid);
    const delta = totp.validate({ token, timestamp: now, window: config.window });
    if (delta === null) return false;
    const step = Math.floor(now / 1_000 / periodSeconds) + delta;
    if (step <= next.lastStep || !(await factors.claim(kuid, `${sealed} ${step}`))) return false;
    await factors.put(kuid, { ...next, lastStep: step });
    if (next.lastStep >= 0) await factors.unclaim(kuid, `${sealed} ${next.lastStep}`);
    return true;
  }

  async #useRecoveryCode(
    kuid: string,
    known: UserFactors & { readonly active: Factor },
    code: string | undefined,
  ): Promise<boolean> {
    if (code === undefined) return false;
    const { factors } = this.#deps;
    const { active } = known;
    const hash = recoveryHash(code);
    if (!active.recovery.includes(hash) || !(await factors.claim(kuid, hash))) return false;
    await factors.put(kuid, {
      ...known,
      active: { ...active, recovery: active.recovery.filter((one) => one !== hash) },
    });
    return true;
  }

  #totp(secret: string, label: string): TOTP {
    const { issuer } = this.#deps.config;
    return new TOTP({ issuer, label, secret: Secret.fromBase32(secret), digits: 6, period: periodSeconds });
  }
}

const nothing: Presented = { code: undefined, recoveryCode: undefined };
const isNothing = ({ code, recoveryCode }: Presented): boolean => code === undefined && recoveryCode === undefined;

/** The user whom a strategy has found; undefined when a pipe has made a step in between of the login. */
export function authenticatedUser(content: unknown): { _id: string; profileIds: readonly string[] } | undefined {
  const { _id, profileIds } = (typeof content === "object" && content !== null ? content : {}) as JSONObject;
  if (typeof _id !== "string" || !Array.isArray(profileIds)) return undefined;
  return { _id, profileIds: profileIds.filter((id): id is string => typeof id === "string") };
}
