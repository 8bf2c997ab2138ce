import type { JSONObject, KuzzleRequest } from "../../kernel/index.ts";
import type { MaybePromise } from "../maybe-promise.ts";

/** What a Passport strategy class looks like from outside. */
export type AuthenticatorClass = new (options: JSONObject, verify: (...args: unknown[]) => void) => object;

/** What `verify` found: a user, or why not. `message` is for the client; `reason` and the kuid `of` whom are for the audit log only. */
export type VerifyResult =
  | { readonly kuid: string }
  | { readonly kuid?: null; readonly message?: string; readonly reason?: string; readonly of?: string }
  | false;

/**
 * A way to log in, as the security room uses it, whatever the generation of the plugin that brings it. Credentials are the strategy's
 * own: the server never stores or reads them.
 * Source: contract/plugins/v2.md section 6; contract/security.md sections 12 to 14.
 */
export interface StrategyDefinition {
  readonly name: string;
  /** Plugin that brings it: only it may replace or remove it. */
  readonly plugin: string;
  readonly authenticator: AuthenticatorClass;
  readonly strategyOptions: JSONObject;
  readonly authenticateOptions: JSONObject;
  /** Names of the credentials' fields. */
  readonly fields: readonly string[];
  readonly methods: StrategyMethods;
}

export interface StrategyMethods {
  create(request: KuzzleRequest, credentials: JSONObject, kuid: string, strategy: string): MaybePromise<unknown>;
  update(request: KuzzleRequest, credentials: JSONObject, kuid: string, strategy: string): MaybePromise<unknown>;
  delete(request: KuzzleRequest, kuid: string, strategy: string): MaybePromise<unknown>;
  exists(request: KuzzleRequest, kuid: string, strategy: string): MaybePromise<unknown>;
  /** True, or a rejection with the reason. */
  validate(
    request: KuzzleRequest,
    credentials: JSONObject,
    kuid: string,
    strategy: string,
    isUpdate: boolean,
  ): MaybePromise<unknown>;
  /** Gets what Passport hands to the strategy's verify function, without its callback. Its answer is checked by the security room. */
  verify(...args: unknown[]): unknown;
  getInfo?(request: KuzzleRequest, kuid: string, strategy: string): MaybePromise<unknown>;
  getById?(request: KuzzleRequest, id: string, strategy: string): MaybePromise<unknown>;
  search?(searchBody: JSONObject, options: { from: number; size: number }): MaybePromise<unknown>;
  afterRegister?(strategyInstance: object): MaybePromise<unknown>;
  refreshToken?(...args: unknown[]): MaybePromise<unknown>;
}
