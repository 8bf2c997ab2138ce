import passportModule from "passport";
import { isThenable, type MaybePromise, type StrategyDefinition } from "../../events/index.ts";
import { type JSONObject, KuzzleError, kerror, kerrorFrom } from "../../kernel/index.ts";
import { anonymousKuid, type User } from "../users/user.ts";
import { runStrategy, withFaultsFound } from "./strategy-faults.ts";

/** Tells plugins of strategies that come and go while the server runs. */
export type StrategyEvents = (
  event: "core:auth:strategyAdded" | "core:auth:strategyRemoved",
  payload: { readonly name: string; readonly pluginName: string; readonly strategy?: StrategyDefinition },
) => MaybePromise<unknown>;

export interface StrategiesDeps {
  readonly findUser: (kuid: string) => MaybePromise<User | undefined>;
  readonly pipe: StrategyEvents;
}

/** The part of Passport that logins use. Its own types name those of a web framework. */
export interface Passport {
  use(name: string, strategy: object): unknown;
  unuse(name: string): unknown;
  /** `finish` gets an error, or a user or false with the words of the strategy. */
  authenticate(
    name: string,
    options: JSONObject,
    finish: (error: unknown, user: unknown, info: unknown) => void,
  ): (request: JSONObject, response: object, next: (error?: unknown) => void) => unknown;
}

type Done = (error: unknown, user?: User | false, info?: LoginRefusal) => void;

/** Why a login was refused: in the words for the client, and for the audit log. */
export interface LoginRefusal {
  readonly message: string;
  readonly reason?: string | undefined;
  readonly of?: string | undefined;
}

/** The ways to log in, by name, in order of registration: one namespace for all plugins. */
export class Strategies {
  readonly #deps: StrategiesDeps;
  readonly #strategies = new Map<string, StrategyDefinition>();
  /** Of this server alone: Passport's module holds one for the whole process. */
  readonly passport: Passport = new passportModule.Passport() as Passport;

  constructor(deps: StrategiesDeps) {
    this.#deps = deps;
  }

  names(): readonly string[] {
    return [...this.#strategies.keys()];
  }

  find(name: string): StrategyDefinition | undefined {
    return this.#strategies.get(name);
  }

  /** `security.credentials.unknown_strategy` (400). */
  get(name: string): StrategyDefinition {
    const strategy = this.#strategies.get(name);
    if (strategy === undefined) throw kerror("security.credentials.unknown_strategy", name);
    return strategy;
  }

  /**
   * Registers a strategy, or replaces one of the same plugin.
   * Errors (500): `plugin.strategy.unauthorized_removal` when another plugin has the name, `failed_registration` when Passport or the
   * strategy's class refuses.
   */
  async register(definition: StrategyDefinition): Promise<void> {
    const strategy = withFaultsFound(definition);
    const { name, plugin } = strategy;
    const present = this.#strategies.get(name);
    if (present !== undefined && present.plugin !== plugin) {
      throw kerror("plugin.strategy.unauthorized_removal", plugin, name);
    }
    const instance = this.#instantiate(strategy);
    try {
      this.passport.use(name, heedingRejections(instance));
      await strategy.methods.afterRegister?.(instance);
    } catch (error) {
      if (present === undefined) this.passport.unuse(name);
      else this.passport.use(name, heedingRejections(this.#instantiate(present)));
      if (error instanceof KuzzleError) throw error;
      throw kerrorFrom(error, "plugin.strategy.failed_registration", plugin, name, messageOf(error));
    }
    this.#strategies.set(name, strategy);
  }

  /** {@link register} while the server runs: plugins hear of it. */
  async add(strategy: StrategyDefinition): Promise<void> {
    await this.register(strategy);
    await this.#deps.pipe("core:auth:strategyAdded", { name: strategy.name, pluginName: strategy.plugin, strategy });
  }

  /**
   * No new logins by this strategy; sessions stay.
   * Errors: `plugin.strategy.strategy_not_found` (404), `unauthorized_removal` (500).
   */
  async remove(plugin: string, name: string): Promise<void> {
    const strategy = this.#strategies.get(name);
    if (strategy === undefined) throw kerror("plugin.strategy.strategy_not_found", plugin, name);
    if (strategy.plugin !== plugin) throw kerror("plugin.strategy.unauthorized_removal", plugin, name);
    this.#strategies.delete(name);
    this.passport.unuse(name);
    await this.#deps.pipe("core:auth:strategyRemoved", { name, pluginName: plugin });
  }

  #instantiate(strategy: StrategyDefinition): object {
    const options: JSONObject = { ...strategy.strategyOptions, passReqToCallback: true };
    try {
      const verify = (...args: unknown[]): void => this.#verify(strategy, args);
      // Strategies count the parameters of this function to know what the plugin wants: its own, and the callback.
      const { length } = strategy.methods.verify;
      if (length > 0) Object.defineProperty(verify, "length", { value: length + 1 });
      return runStrategy(
        strategy,
        () => {},
        () => new strategy.authenticator(options, verify),
      );
    } catch (error) {
      throw kerrorFrom(error, "plugin.strategy.failed_registration", strategy.plugin, strategy.name, messageOf(error));
    }
  }

  /** What Passport calls: its arguments without the callback go to the plugin, whose answer is checked. */
  #verify(strategy: StrategyDefinition, args: unknown[]): void {
    const done = args.pop() as Done;
    this.#judge(strategy, args).then(
      ({ user, ...refusal }) => (user === undefined ? done(null, false, refusal) : done(null, user)),
      (error: unknown) => done(error),
    );
  }

  async #judge(strategy: StrategyDefinition, args: unknown[]): Promise<LoginRefusal & { user?: User }> {
    const { plugin, name, methods } = strategy;
    const answer = methods.verify(...args);
    if (!isThenable(answer)) throw kerror("plugin.strategy.invalid_verify_return", plugin, name);
    const result = await answer;
    const refusal = `Login with strategy "${name}" was refused.`;
    if (result === false) return { message: refusal };
    if (typeof result !== "object" || result === null)
      throw kerror("plugin.strategy.invalid_verify_resolve", plugin, name);
    const { kuid, message, reason, of } = result as { [member in "kuid" | "message" | "reason" | "of"]?: unknown };
    if (kuid === undefined || kuid === null)
      return { message: textOr(message, refusal), reason: textOr(reason, undefined), of: textOr(of, undefined) };
    if (typeof kuid !== "string") throw kerror("plugin.strategy.invalid_kuid", plugin, name);
    const user = await this.#deps.findUser(kuid);
    // Nobody logs in as the anonymous user, under whichever of its names.
    if (user === undefined || user._id !== kuid || kuid === anonymousKuid)
      throw kerror("plugin.strategy.unknown_kuid", plugin, name);
    return { user, message: "" };
  }
}

const textOr = <T>(value: unknown, otherwise: T): string | T => (typeof value === "string" ? value : otherwise);
type Authenticate = (this: { error(error: unknown): void }, ...args: unknown[]) => unknown;

/** Passport calls `authenticate` and does not wait for it: where it is asynchronous, its rejection is the strategy's error. */
function heedingRejections(instance: object): object {
  const { authenticate } = instance as { readonly authenticate?: Authenticate };
  if (typeof authenticate !== "function") return instance;
  const heeding: Authenticate = function (...args) {
    const running = authenticate.apply(this, args);
    if (isThenable(running)) running.then(undefined, (error: unknown) => this.error(error ?? new Error("no reason")));
    return running;
  };
  // Passport runs strategies through objects that inherit from them, and so it may from this one.
  return Object.create(instance, { authenticate: { value: heeding } }) as object;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Calls a method of a plugin's strategy: what it throws beside the API's errors is `plugin.runtime.unexpected_error` (500). */
export async function callStrategy<T>(call: () => MaybePromise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof KuzzleError) throw error;
    throw kerrorFrom(error, "plugin.runtime.unexpected_error", messageOf(error));
  }
}
