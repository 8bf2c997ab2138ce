import type { AuthenticatorClass, StrategyDefinition, StrategyMethods } from "../../../events/index.ts";
import { isThenable } from "../../../events/index.ts";
import { isPlainObject, type JSONObject, kerror } from "../../../kernel/index.ts";
import type { PluginScope, PluginSource } from "../dialect.ts";
import { readStrategy } from "../v2/strategies.ts";
import { mergesInputs } from "./variants.ts";

/** `strategies` of a plugin. Errors: `plugin.strategy.*`. Source: contract/plugins/v1.md section 6. */
export function readStrategies(source: PluginSource, scope: PluginScope): StrategyDefinition[] {
  const { strategies } = source.instance as JSONObject;
  if (strategies === undefined || strategies === null) return [];
  if (!isPlainObject(strategies)) throw kerror("plugin.strategy.invalid_description", source.name, "strategies");
  return Object.entries(strategies).map(([name, written]) => readFormerStrategy(source, name, written, scope));
}

/** One strategy: its class is `config.constructor`, or one of the plugin's `authenticators`. */
export function readFormerStrategy(
  source: PluginSource,
  name: string,
  written: unknown,
  scope: PluginScope,
): StrategyDefinition {
  const instance = source.instance as JSONObject;
  const ownClass = ownClassOf(written, name, source.name);
  const definition = readStrategy(instance, name, written, scope, ownClass);
  return {
    ...definition,
    authenticator: mergesInputs(source.variant) ? seeingBody(definition.authenticator) : definition.authenticator,
    methods: formerMethods(definition, validateArity(source, written)),
  };
}

function ownClassOf(written: unknown, name: string, plugin: string): AuthenticatorClass | undefined {
  const config = isPlainObject(written) ? written.config : undefined;
  if (!isPlainObject(config) || !Object.hasOwn(config, "constructor")) return undefined;
  // The property is the author's: own, and no longer the constructor that every object inherits.
  const type: unknown = Object.getOwnPropertyDescriptor(config, "constructor")?.value;
  if (typeof type !== "function") throw kerror("plugin.strategy.invalid_constructor", plugin, name);
  if (config.authenticator !== undefined) {
    const why = '"config" has both "constructor" and "authenticator": keep one of them.';
    throw kerror("plugin.strategy.invalid_definition", plugin, name, why);
  }
  return type as AuthenticatorClass;
}

/** Four parameters may be those of the first documents, without the name of the strategy: the operator may say so. */
function validateArity({ instance, config, variant }: PluginSource, written: unknown): number {
  if (typeof config._validateArity === "number") return config._validateArity;
  const methods = isPlainObject(written) ? written.methods : undefined;
  const name = isPlainObject(methods) ? methods.validate : undefined;
  const method = typeof name === "string" ? (instance as JSONObject)[name] : undefined;
  return variant === "b" && typeof method === "function" && method.length === 4 ? 4 : 5;
}

function formerMethods({ methods }: StrategyDefinition, arity: number): StrategyMethods {
  const verify = (...args: unknown[]): unknown => {
    const answer = methods.verify(...args);
    return isThenable(answer) ? answer.then(asVerified) : answer;
  };
  return {
    ...methods,
    validate: (request, credentials, kuid, strategy, isUpdate) => {
      const validate = methods.validate as (...args: unknown[]) => unknown;
      return arity === 4
        ? validate(request, credentials, kuid, isUpdate)
        : validate(request, credentials, kuid, strategy, isUpdate);
    },
    verify: Object.defineProperty(verify, "length", { value: methods.verify.length }),
  };
}

const asVerified = (answer: unknown): unknown => (typeof answer === "string" ? { kuid: answer } : answer);

type Authenticate = (this: object, request: JSONObject, options?: object) => unknown;

/** The class reads the credentials from `query`, where the body of the login is too. */
function seeingBody(Type: AuthenticatorClass): AuthenticatorClass {
  // A declaration, not an arrow: called with `new`, a function may answer another object.
  function Strategy(options: JSONObject, verify: (...args: unknown[]) => void): object {
    const instance = new Type(options, verify) as { authenticate: Authenticate };
    const { authenticate } = instance;
    instance.authenticate = function (request, choices) {
      const query = { ...(request.query as JSONObject | undefined), ...(request.body as JSONObject | null) };
      return authenticate.call(this, { ...request, query }, choices);
    };
    return instance;
  }
  return Strategy as unknown as AuthenticatorClass;
}
