import { type Clock, isPlainObject, type JSONObject, systemClock } from "../../../kernel/index.ts";
import { defaultLoginGuardOptions, LoginGuard } from "../../../security/index.ts";
import { type DefinedPlugin, definePlugin } from "../../authoring/define-plugin.ts";
import { totpActions } from "./actions.ts";
import { Challenges, challengeKey } from "./challenges.ts";
import { totpConfig } from "./config.ts";
import { collections, Factors } from "./factors.ts";
import { Seal } from "./seal.ts";
import { authenticatedUser, SecondFactor } from "./second-factor.ts";
import { challengeStrategy } from "./strategy.ts";

/** `totp.key` of the vault. */
function keyOf({ totp }: Readonly<JSONObject>): string | undefined {
  const key: unknown = isPlainObject(totp) ? totp.key : undefined;
  return typeof key === "string" && key !== "" ? key : undefined;
}

/** The optional plugin `totp`: a second factor for logins by whatever strategy. */
export function createTotpPlugin(clock: Clock = systemClock): DefinedPlugin {
  let ready: SecondFactor | undefined;
  const secondFactor = (): SecondFactor => {
    if (ready === undefined) throw new Error("The plugin was used before it was initialised.");
    return ready;
  };
  return definePlugin({
    name: "totp",
    config: totpConfig,
    // Behind all others: the user who is judged is the one who gets the token.
    priority: -1_000,
    pipeDeadlineMs: 10_000,
    init: async ({ config, storage, repository, secrets }) => {
      await storage.bootstrap(collections);
      const { failures, failuresPerUser, firstWait, maxWait } = config;
      const bounds = { failures, failuresPerUser, firstWaitMs: firstWait, maxWaitMs: maxWait };
      ready = new SecondFactor({
        config,
        clock,
        factors: new Factors(repository("factors"), repository("claims")),
        seal: new Seal(keyOf(secrets)),
        challenges: new Challenges(await challengeKey(repository("config"))),
        guard: new LoginGuard({ ...defaultLoginGuardOptions, ...bounds }, clock),
      });
    },
    pipes: {
      "auth:strategyAuthenticated": async (login) => {
        const user = authenticatedUser(login.content);
        if (user !== undefined && login.strategy !== "totp") await secondFactor().judge(user, login.request);
        return login;
      },
    },
    strategies: { totp: challengeStrategy(secondFactor) },
    controllers: totpActions(secondFactor),
  });
}
