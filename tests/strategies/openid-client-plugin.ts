/** A plugin as a user writes it: the strategy of `openid-client`, which finds out by itself what the provider can do. */
import type { Kuzzle } from "kuzzle-sdk";
import * as openId from "openid-client";
import { Strategy } from "openid-client/passport";
import { Plugin } from "../../src/kuzzle.ts";
import { client } from "./identity-provider.ts";

/** Requests of logins are `POST` for strategies, whatever the client has sent: this one reads the code from the address of a `GET`. */
class OpenIdClient extends Strategy {
  override authenticate(request: object, options: object): void {
    super.authenticate(Object.assign(request, { method: "GET" }) as never, options as never);
  }
}

export class OpenIdClientPlugin extends Plugin {
  authenticators: object = { OpenIdClient };
  strategies: object = {};
  readonly #provider: string;
  readonly #callbackURL: string;
  readonly #bySubject = new Map<string, string>();
  #sdk!: Kuzzle;

  constructor(provider: string, callbackURL: string) {
    super({ kuzzleVersion: ">=2.0.0 <3.0.0" });
    this.#provider = provider;
    this.#callbackURL = callbackURL;
  }

  async init(_config: object, { accessors }: { readonly accessors: { readonly sdk: Kuzzle } }): Promise<void> {
    this.#sdk = accessors.sdk;
    const found = await openId.discovery(
      new URL(this.#provider),
      client.clientID,
      undefined,
      openId.ClientSecretPost(client.clientSecret),
      // The provider of the tests is on this machine.
      { execute: [openId.allowInsecureRequests] },
    );
    const methods = ["create", "delete", "exists", "update", "validate", "verify"];
    this.strategies = {
      openid: {
        config: {
          authenticator: "OpenIdClient",
          strategyOptions: { config: found, scope: "openid profile", callbackURL: this.#callbackURL },
        },
        methods: Object.fromEntries(methods.map((name) => [name, name])),
      },
    };
  }

  async verify(_request: object, tokens: { claims(): { sub: string } | undefined }): Promise<object> {
    const subject = tokens.claims()?.sub ?? "";
    const known = this.#bySubject.get(subject);
    if (known !== undefined) return { kuid: known };
    const { _id } = await this.#sdk.security.createUser(null, {
      content: { profileIds: ["default"], name: `${subject} of the company` },
      credentials: { openid: { subject } },
    });
    return { kuid: _id };
  }

  async create(_request: object, { subject }: { subject: string }, kuid: string): Promise<object> {
    this.#bySubject.set(subject, kuid);
    return { subject };
  }

  async update(): Promise<void> {}

  async delete(_request: object, kuid: string): Promise<void> {
    for (const [subject, owner] of this.#bySubject) if (owner === kuid) this.#bySubject.delete(subject);
  }

  async exists(_request: object, kuid: string): Promise<boolean> {
    return [...this.#bySubject.values()].includes(kuid);
  }

  async validate(): Promise<boolean> {
    return true;
  }
}
