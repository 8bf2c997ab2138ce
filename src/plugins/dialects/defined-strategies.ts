import type { StrategyDefinition, StrategyMethods } from "../../events/index.ts";
import { isPlainObject, kerror } from "../../kernel/index.ts";
import type { DefinedPluginContext } from "../authoring/define-plugin.ts";
import type { DescribedMethods, LoginRequest, StrategyDescription } from "../authoring/strategy-description.ts";
import { callPlugin, type PluginCall } from "../realm/current-call.ts";

type Strategy = StrategyDescription<DefinedPluginContext>;
type Methods = DescribedMethods<DefinedPluginContext>;

/**
 * The strategies of a described plugin, which may come from code without types.
 * Errors: `plugin.strategy.invalid_description`, `invalid_authenticator`, `invalid_methods`, `missing_method_function`.
 */
export function readStrategies(
  written: Readonly<Record<string, Strategy>>,
  context: DefinedPluginContext,
  call: PluginCall,
): StrategyDefinition[] {
  return Object.entries(written).map(([name, strategy]) => {
    check(name, strategy, call.plugin);
    const { authenticator, strategyOptions = {}, authenticateOptions = {}, fields = [] } = strategy;
    const methods = methodsOf(strategy.methods, context, call);
    return { name, plugin: call.plugin, authenticator, strategyOptions, authenticateOptions, fields, methods };
  });
}

const requiredMethods = ["create", "update", "delete", "exists", "validate", "verify"] as const;
const optionalMethods = ["getInfo", "getById", "search", "afterRegister", "refreshToken"] as const;

function check(name: string, strategy: Strategy, plugin: string): void {
  if (!isPlainObject(strategy)) throw kerror("plugin.strategy.invalid_description", plugin, name);
  if (typeof strategy.authenticator !== "function") {
    throw kerror("plugin.strategy.invalid_definition", plugin, name, '"authenticator" must be a class for Passport.');
  }
  if (!isPlainObject(strategy.methods)) throw kerror("plugin.strategy.invalid_methods", plugin, name);
  for (const member of requiredMethods) {
    if (typeof strategy.methods[member] === "function") continue;
    throw kerror("plugin.strategy.missing_method_function", plugin, name, member);
  }
}

/** Each method in the name of the plugin, with its context behind what the server gives. */
function methodsOf(methods: Methods, context: DefinedPluginContext, call: PluginCall): StrategyMethods {
  const called: Record<string, (...given: unknown[]) => unknown> = {};
  for (const name of [...requiredMethods, ...optionalMethods]) {
    const method = methods[name] as ((...args: unknown[]) => unknown) | undefined;
    if (method !== undefined) called[name] = (...given) => callPlugin(call, method.bind(methods), ...given, context);
  }
  // Always a promise, which the security room wants of every generation.
  called.verify = async (request, ...given) =>
    callPlugin(call, methods.verify.bind(methods), request as LoginRequest, given, context);
  // The six that the interface requires have been checked; their arguments are what the security room gives.
  return called as unknown as StrategyMethods;
}
