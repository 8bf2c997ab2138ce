/** A plugin as a user writes it: OAuth 2 with state and PKCE, its identities in memory. */
import { createRequire } from "node:module";
import type { Kuzzle } from "kuzzle-sdk";
import { Plugin } from "../../src/kuzzle.ts";
import { client } from "./identity-provider.ts";

type Done = (error: unknown, profile?: object) => void;
/** What is used of `passport-oauth2`: the package brings no types. */
interface OAuth2 {
  readonly _oauth2: {
    useAuthorizationHeaderforGET(use: boolean): void;
    get(url: string, token: string, done: (error: unknown, body: string) => void): void;
  };
}
/** What is used of the plugin's context. */
interface Context {
  readonly accessors: { readonly sdk: Kuzzle };
}
const OAuth2Strategy = createRequire(import.meta.url)("passport-oauth2") as new (...args: unknown[]) => OAuth2;

/** Reads the profile, which OAuth 2 itself does not know. Passport runs a strategy through an object that inherits from it, which has no `#private` members. */
class ProviderStrategy extends OAuth2Strategy {
  readonly profileUrl: string;

  constructor(options: { readonly profileUrl: string }, verify: unknown) {
    super(options, verify);
    this.profileUrl = options.profileUrl;
    this._oauth2.useAuthorizationHeaderforGET(true);
  }

  userProfile(token: string, done: Done): void {
    this._oauth2.get(this.profileUrl, token, (error, body) =>
      error ? done(error) : done(null, JSON.parse(body) as object),
    );
  }
}

export class OAuthPlugin extends Plugin {
  authenticators: object = { ProviderStrategy };
  strategies: object = {};
  readonly #options: object;
  #sdk!: Kuzzle;
  readonly bySubject = new Map<string, string>();
  /** What the token endpoint has answered, and where the request went. */
  readonly seen: { params: Readonly<Record<string, unknown>>; subject: string; state: unknown }[] = [];

  constructor(provider: string, callbackURL: string) {
    super({ kuzzleVersion: ">=2.0.0 <3.0.0" });
    this.#options = {
      ...client,
      authorizationURL: `${provider}/auth`,
      tokenURL: `${provider}/token`,
      profileUrl: `${provider}/me`,
      callbackURL,
      scope: ["openid", "profile"],
      state: true,
      pkce: true,
    };
  }

  async init(_config: object, context: Context): Promise<void> {
    this.#sdk = context.accessors.sdk;
    this.strategies = {
      oauth: {
        config: { authenticator: "ProviderStrategy", strategyOptions: this.#options, fields: ["subject"] },
        methods: {
          create: "create",
          delete: "remove",
          exists: "exists",
          update: "create",
          validate: "validate",
          verify: "verify",
        },
      },
    };
  }

  /** Five parameters: passport-oauth2 then gives what the token endpoint has answered, too. */
  async verify(
    request: { query: { state?: unknown } },
    _accessToken: string,
    _refreshToken: string | undefined,
    params: Readonly<Record<string, unknown>>,
    profile: { sub: string; name: string },
  ): Promise<object> {
    this.seen.push({ params, subject: profile.sub, state: request.query.state });
    if (profile.sub === "mallory") return { kuid: null, message: "mallory is not welcome" };
    const known = this.bySubject.get(profile.sub);
    if (known !== undefined) return { kuid: known };
    const { _id } = await this.#sdk.security.createUser(null, {
      content: { profileIds: ["default"], name: profile.name },
      credentials: { oauth: { subject: profile.sub } },
    });
    return { kuid: _id };
  }

  async create(_request: unknown, { subject }: { subject: string }, kuid: string): Promise<object> {
    this.bySubject.set(subject, kuid);
    return { subject };
  }

  async remove(_request: unknown, kuid: string): Promise<void> {
    for (const [subject, owner] of this.bySubject) if (owner === kuid) this.bySubject.delete(subject);
  }

  async exists(_request: unknown, kuid: string): Promise<boolean> {
    return [...this.bySubject.values()].includes(kuid);
  }

  async validate(): Promise<boolean> {
    return true;
  }
}
