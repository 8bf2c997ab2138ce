import { isPlainObject, type KuzzleRequest } from "../../../kernel/index.ts";
import type { DefinedPluginContext } from "../../authoring/define-plugin.ts";
import type { LoginRequest, StrategyDescription } from "../../authoring/strategy-description.ts";
import { useActions } from "./errors.ts";
import { presentedIn, type SecondFactor } from "./second-factor.ts";

type Verified = (error: unknown, user?: unknown, info?: unknown) => void;

/** For Passport: hands the request on as it is. */
class ChallengeAuthenticator {
  readonly #verify: (request: LoginRequest, done: Verified) => void;
  declare success: (user: unknown, info?: unknown) => void;
  declare fail: (info?: unknown) => void;
  declare error: (error: unknown) => void;

  constructor(_options: unknown, verify: (...args: unknown[]) => void) {
    this.#verify = verify;
    // Passport makes an object of this one as its prototype for each login, which private members are not reached through.
    this.authenticate = ChallengeAuthenticator.#authenticator(this);
  }

  authenticate: (this: ChallengeAuthenticator, request: LoginRequest) => void;

  static #authenticator(made: ChallengeAuthenticator): ChallengeAuthenticator["authenticate"] {
    return function (request) {
      made.#verify(request, (error, user, info) => {
        if (error) this.error(error);
        else if (user) this.success(user, info);
        else this.fail(info);
      });
    };
  }
}

/**
 * The strategy `totp`: the second step of a login, `{ challenge, code }` or `{ challenge, recoveryCode }`. Its credentials are the user's factor,
 * which the plugin's actions make; an administrator removes it with `security:deleteCredentials`.
 */
export function challengeStrategy(secondFactor: () => SecondFactor): StrategyDescription<DefinedPluginContext> {
  const refuse = (): never => {
    throw useActions();
  };
  const status = (_request: KuzzleRequest, kuid: string) => secondFactor().status(kuid);
  return {
    authenticator: ChallengeAuthenticator,
    fields: [],
    methods: {
      create: refuse,
      update: refuse,
      validate: refuse,
      delete: async (request, kuid) => {
        if (request.getController() !== "auth") return secondFactor().remove(kuid);
        await secondFactor().disable(kuid, presentedIn(request, "code"), request);
      },
      // Also one that waits for its first code: it goes with its user.
      exists: async (_request, kuid) => {
        const { enabled, pending } = await secondFactor().status(kuid);
        return enabled || pending;
      },
      getInfo: status,
      getById: status,
      verify: async ({ body, query, original }) => {
        const challenge = isPlainObject(body) ? body.challenge : query.challenge;
        return { kuid: await secondFactor().answer(challenge, presentedIn(original, "code"), original) };
      },
    },
  };
}
