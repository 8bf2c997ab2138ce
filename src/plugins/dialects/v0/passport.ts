import type { AuthenticatorClass, StrategyDefinition } from "../../../events/index.ts";
import { BadRequestError, type JSONObject, kerror } from "../../../kernel/index.ts";
import type { PluginScope } from "../dialect.ts";
import { isObject } from "./request-object.ts";

/** `accessors.passport`, and the payload of `auth:loadStrategies`. */
export interface PassportAccess {
  /** `(strategy)` or `(name, strategy)`: an instance of a Passport strategy with a `verify` of its own. */
  use(...given: readonly unknown[]): void;
  unuse(name: string): void;
  /** What was used until now; from then on, strategies are registered at once. `scopes`: the plugin's property `scope`. */
  take(scopes: unknown): StrategyDefinition[];
}

/**
 * Strategies that plugins give to Passport themselves. The user that one finds is told by its `_id`; credentials are part of the user's content,
 * so there is nothing to create, update or delete beside it.
 * Source: contract/plugins/v0.md section 9.
 */
export function createPassportAccess(scope: PluginScope): PassportAccess {
  const { deps, call, log } = scope;
  const used = new Map<string, object>();
  let scopesAtStart: JSONObject | undefined;
  return {
    use(...given) {
      const strategy = given.at(-1);
      const name = given.length > 1 ? given[0] : (strategy as { name?: unknown } | undefined)?.name;
      if (!isObject(strategy) || typeof name !== "string" || name === "") {
        throw kerror("plugin.strategy.invalid_description", call.plugin, "passport.use");
      }
      scope.first.strategies.add(name);
      if (scopesAtStart === undefined) {
        used.set(name, strategy);
        return;
      }
      const registered = deps.registerStrategy(definitionOf(name, strategy, scope, scopesAtStart));
      Promise.resolve(registered).catch((err: unknown) =>
        log.error("plugin.strategy_refused", { plugin: call.plugin, err }),
      );
    },
    unuse(name) {
      used.delete(name);
      scope.first.strategies.delete(name);
    },
    take(scopes) {
      scopesAtStart = isObject(scopes) ? scopes : {};
      const known = scopesAtStart;
      return [...used].map(([name, strategy]) => definitionOf(name, strategy, scope, known));
    },
  };
}

function definitionOf(name: string, strategy: object, scope: PluginScope, scopes: JSONObject): StrategyDefinition {
  const refuse = async (): Promise<never> => {
    throw new BadRequestError(
      `Strategy "${name}" keeps its credentials in the users themselves: change the user instead.`,
    );
  };
  return {
    name,
    plugin: scope.call.plugin,
    authenticator: classOf(strategy, scope),
    strategyOptions: {},
    authenticateOptions: scopes[name] === undefined ? {} : { scope: scopes[name] },
    fields: [],
    methods: {
      create: refuse,
      update: refuse,
      delete: refuse,
      exists: async () => false,
      validate: async () => true,
      verify: refuse,
    },
  };
}

type Authenticate = (this: object, request: object, options?: object) => unknown;
interface Running {
  success(user: unknown, info?: unknown): void;
  fail(info?: unknown): void;
  error(error: unknown): void;
}

/** Passport makes an object over the strategy for each login and gives it `success`, `fail` and `error`. */
function classOf(strategy: object, { deps }: PluginScope): AuthenticatorClass {
  const { authenticate } = strategy as { authenticate: Authenticate };
  const adapted = Object.assign(Object.create(strategy) as object, {
    authenticate(this: Running, request: JSONObject, options?: object) {
      const success = this.success;
      this.success = (user, info) => {
        const { _id } = (isObject(user) ? user : {}) as JSONObject;
        Promise.resolve(typeof _id === "string" ? deps.findUser(_id) : undefined).then(
          (known) =>
            known === undefined
              ? this.fail({ message: "The strategy found no known user." })
              : success.call(this, known, info),
          (error: unknown) => this.error(error),
        );
      };
      const query = { ...(request.query as JSONObject | undefined), ...(request.body as JSONObject | null) };
      return authenticate.call(this, { ...request, query }, options);
    },
  });
  // A declaration, not an arrow: called with `new`, a function may answer another object.
  function Strategy(): object {
    return adapted;
  }
  return Strategy as unknown as AuthenticatorClass;
}
