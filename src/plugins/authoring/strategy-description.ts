import type { AuthenticatorClass, MaybePromise, VerifyResult } from "../../events/index.ts";
import type { JSONObject, KuzzleRequest } from "../../kernel/index.ts";

/** What a Passport strategy sees of a login, and hands to `verify` first. */
export interface LoginRequest {
  readonly body: JSONObject | null;
  /** The arguments of the request. */
  readonly query: JSONObject;
  readonly headers: JSONObject;
  readonly original: KuzzleRequest;
}

/** A way to log in, as `definePlugin` takes it. Source: contract/plugins/v2.md section 6. */
export interface StrategyDescription<Context> {
  /** A class for Passport, such as that of `passport-local`. */
  readonly authenticator: AuthenticatorClass;
  /** For its constructor. */
  readonly strategyOptions?: JSONObject;
  /** For each login. */
  readonly authenticateOptions?: JSONObject;
  /** Names of the credentials' fields. */
  readonly fields?: readonly string[];
  readonly methods: DescribedMethods<Context>;
}

/** What the server asks of a strategy; the last argument is the plugin's context. Credentials are the plugin's own to store. */
export interface DescribedMethods<Context> {
  create(
    request: KuzzleRequest,
    credentials: JSONObject,
    kuid: string,
    strategy: string,
    context: Context,
  ): MaybePromise<unknown>;
  update(
    request: KuzzleRequest,
    credentials: JSONObject,
    kuid: string,
    strategy: string,
    context: Context,
  ): MaybePromise<unknown>;
  delete(request: KuzzleRequest, kuid: string, strategy: string, context: Context): MaybePromise<unknown>;
  exists(request: KuzzleRequest, kuid: string, strategy: string, context: Context): MaybePromise<boolean>;
  /** True, or a rejection with the reason. */
  validate(
    request: KuzzleRequest,
    credentials: JSONObject,
    kuid: string,
    strategy: string,
    isUpdate: boolean,
    context: Context,
  ): MaybePromise<boolean>;
  /** `given`: what the authenticator found in the request; for `passport-local` the name and the password. */
  verify(request: LoginRequest, given: readonly unknown[], context: Context): MaybePromise<VerifyResult>;
  getInfo?(request: KuzzleRequest, kuid: string, strategy: string, context: Context): MaybePromise<unknown>;
  getById?(request: KuzzleRequest, id: string, strategy: string, context: Context): MaybePromise<unknown>;
  search?(searchBody: JSONObject, options: { from: number; size: number }, context: Context): MaybePromise<unknown>;
  afterRegister?(authenticator: object, context: Context): MaybePromise<unknown>;
  /** Renews what it holds elsewhere when a token is refreshed; may impose how long that lives. */
  refreshToken?(request: KuzzleRequest, context: Context): MaybePromise<{ readonly expiresIn?: string | number }>;
}
