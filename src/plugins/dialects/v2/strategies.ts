import type { AuthenticatorClass, StrategyDefinition, StrategyMethods } from "../../../events/index.ts";
import { isPlainObject, type JSONObject, kerror } from "../../../kernel/index.ts";
import { callPlugin, type PluginCall } from "../../realm/current-call.ts";
import type { PluginScope } from "../dialect.ts";
import { methodOf, type Target } from "./targets.ts";

const requiredMethods = ["create", "delete", "exists", "update", "validate", "verify"] as const;
const optionalMethods = ["afterRegister", "getById", "getInfo", "search", "refreshToken"] as const;

/** `authenticators` of a plugin. Errors: `plugin.authenticators.not_an_object`, `invalid_authenticator`. */
export function readAuthenticators(instance: JSONObject, plugin: string): ReadonlyMap<string, AuthenticatorClass> {
  const written = instance.authenticators;
  if (written === undefined || written === null) return new Map();
  if (typeof written !== "object" || Array.isArray(written))
    throw kerror("plugin.authenticators.not_an_object", plugin);
  const authenticators = new Map<string, AuthenticatorClass>();
  for (const [name, type] of Object.entries(written)) {
    if (typeof type !== "function") throw kerror("plugin.authenticators.invalid_authenticator", plugin, name);
    authenticators.set(name, type as AuthenticatorClass);
  }
  return authenticators;
}

/** `strategies` of a plugin. Errors: those of {@link readStrategy}, `plugin.strategy.invalid_definition`. */
export function readStrategies(instance: JSONObject, scope: PluginScope): StrategyDefinition[] {
  const written = instance.strategies;
  if (written === undefined || written === null) return [];
  if (!isPlainObject(written)) throw kerror("plugin.strategy.invalid_description", scope.call.plugin, "strategies");
  return Object.entries(written).map(([name, strategy]) => readStrategy(instance, name, strategy, scope));
}

/**
 * One strategy: `{ config: { authenticator, strategyOptions?, authenticateOptions?, fields? }, methods: { create: "nameOfMethod", … } }`.
 * Errors: `plugin.strategy.*`, `plugin.context.missing_authenticator`.
 * Source: contract/plugins/v2.md section 6.
 */
export function readStrategy(
  instance: JSONObject,
  name: string,
  written: unknown,
  scope: PluginScope,
  /** Of an older plugin, which brings the class itself as `config.constructor`. */
  ownClass?: AuthenticatorClass,
): StrategyDefinition {
  const { plugin } = scope.call;
  // A name that is added while the server runs may be anything.
  if (typeof name !== "string" || name === "") {
    throw kerror("plugin.strategy.invalid_definition", plugin, name, "its name must be a text.");
  }
  if (!isPlainObject(written)) throw kerror("plugin.strategy.invalid_description", plugin, name);
  const { methods, config } = written;
  if (!isPlainObject(methods)) throw kerror("plugin.strategy.invalid_methods", plugin, name);
  if (!isPlainObject(config)) throw kerror("plugin.strategy.invalid_config", plugin, name);
  if (ownClass === undefined && Object.hasOwn(config, "constructor"))
    throw kerror("plugin.strategy.unexpected_constructor", plugin, name);
  return {
    name,
    plugin,
    authenticator: ownClass ?? authenticatorOf(instance, name, config, plugin),
    strategyOptions: optionsOf(plugin, name, config, "strategyOptions"),
    authenticateOptions: optionsOf(plugin, name, config, "authenticateOptions"),
    fields: fieldsOf(plugin, name, config),
    methods: methodsOf(instance, name, methods, scope.call),
  };
}

function authenticatorOf(instance: JSONObject, name: string, config: JSONObject, plugin: string): AuthenticatorClass {
  const { authenticator } = config;
  if (authenticator === undefined) throw kerror("plugin.context.missing_authenticator", plugin, name);
  if (typeof authenticator !== "string") throw kerror("plugin.strategy.invalid_authenticator", plugin, name);
  const type = readAuthenticators(instance, plugin).get(authenticator);
  if (type === undefined) throw kerror("plugin.strategy.unknown_authenticator", plugin, name, authenticator);
  return type;
}

function optionsOf(plugin: string, name: string, config: JSONObject, member: string): JSONObject {
  const options = config[member];
  if (options === undefined || options === null) return {};
  if (!isPlainObject(options)) throw kerror("plugin.strategy.invalid_option", plugin, name, member);
  return options;
}

function fieldsOf(plugin: string, name: string, { fields }: JSONObject): string[] {
  if (fields === undefined || fields === null) return [];
  if (!Array.isArray(fields) || !fields.every((field) => typeof field === "string")) {
    throw kerror("plugin.strategy.invalid_fields", plugin, name);
  }
  return fields;
}

function methodsOf(instance: JSONObject, name: string, written: JSONObject, call: PluginCall): StrategyMethods {
  const methods: Record<string, Target> = {};
  for (const member of requiredMethods) methods[member] = boundMethod(instance, name, written, member, call);
  for (const member of optionalMethods) {
    if (written[member] !== undefined) methods[member] = boundMethod(instance, name, written, member, call);
  }
  // The six that the interface requires are there; their arguments are what the security room gives.
  return methods as unknown as StrategyMethods;
}

function boundMethod(
  instance: JSONObject,
  strategy: string,
  written: JSONObject,
  member: string,
  call: PluginCall,
): Target {
  const name = written[member];
  if (typeof name !== "string") throw kerror("plugin.strategy.invalid_method_type", call.plugin, strategy, member);
  const method = methodOf(instance, name);
  if (method === undefined) throw kerror("plugin.strategy.missing_method_function", call.plugin, strategy, name);
  const called: Target = (...args) => callPlugin(call, method, ...args);
  // Passport's strategies choose what they give to `verify` by how many parameters it declares.
  return Object.defineProperty(called, "length", { value: method.length });
}
