import { isPlainObject, type JSONObject } from "../../kernel/index.ts";
import type { Detected } from "./generation.ts";

const firstNames =
  /^(data|read|write|subscription|memoryStorage|cleanDb|prepareDb|protocol):|^auth:loadStrategies$|^server:overload$/;
const formerNames = /^(document|collection|index|realtime|ms|bulk|generic|http):|^server:before/;
const secondNames = /^(kuzzle:state|core:realtime):|^hook:onError$|^request:(before|after)Execution$/;

/**
 * What an instance says of its generation, before or after its `init`; undefined when it leaves it open.
 * Source: contract/plugins/generations.md section 3, steps B and D.
 */
export function generationOfInstance(instance: object): Detected | undefined {
  const plugin = instance as JSONObject;
  return firstGeneration(plugin) ?? secondGeneration(plugin) ?? formerGeneration(plugin) ?? scopeOf(plugin);
}

function firstGeneration(plugin: JSONObject): Detected | undefined {
  if (isPlainObject(plugin.controllers)) {
    const factory = Object.values(plugin.controllers).find((controller) => typeof controller === "string");
    if (factory !== undefined)
      return { generation: "v0", because: `a controller is the name of a factory, "${String(factory)}"` };
  }
  const variant = variantOfInit(plugin);
  if (variant !== undefined) return { generation: "v0", variant, because: "init takes isDummy" };
  const name = eventNames(plugin).find((event) => firstNames.test(event));
  return name === undefined ? undefined : { generation: "v0", because: `it listens to "${name}"` };
}

/** By the place of `isDummy`: a plugin that finds a context there takes it for "do nothing". */
export function variantOfInit({ init }: JSONObject): "a" | "b" | undefined {
  if (typeof init !== "function") return undefined;
  const [, parameters = ""] = /^[^(]*\(([^)]*)\)/.exec(Function.prototype.toString.call(init)) ?? [];
  const names = parameters.split(",").map((name) => name.trim());
  const at = names.indexOf("isDummy");
  if (at === 1) return "a";
  return at > 1 || init.length === 3 ? "b" : undefined;
}

function secondGeneration(plugin: JSONObject): Detected | undefined {
  if (isPlainObject(plugin._manifest)) return { generation: "v2", because: "it extends Plugin" };
  if (isPlainObject(plugin.api) && Object.values(plugin.api).some((it) => isPlainObject(it) && "actions" in it)) {
    return { generation: "v2", because: 'it has an "api"' };
  }
  const name = eventNames(plugin).find((event) => secondNames.test(event));
  return name === undefined ? undefined : { generation: "v2", because: `it listens to "${name}"` };
}

function formerGeneration(plugin: JSONObject): Detected | undefined {
  const variant = variantOfStrategies(plugin);
  return variant === "b" || variant === "c"
    ? { generation: "v1", variant, because: "a strategy has config.constructor" }
    : undefined;
}

/** `b` and `c`: a strategy brings its class in its configuration, and has `validate` as in the first documents or not; `d`: it names an authenticator. */
export function variantOfStrategies(plugin: JSONObject): "b" | "c" | "d" | undefined {
  const { strategies, authenticators } = plugin;
  if (isPlainObject(authenticators)) return "d";
  if (!isPlainObject(strategies)) return undefined;
  for (const strategy of Object.values(strategies)) {
    if (!isPlainObject(strategy) || !isPlainObject(strategy.config)) continue;
    const { config, methods } = strategy;
    if (Object.hasOwn(config, "constructor")) return isPlainObject(methods) && takesFour(plugin, methods) ? "b" : "c";
    if (config.authenticator !== undefined) return "d";
  }
  return undefined;
}

function takesFour(plugin: JSONObject, { validate }: JSONObject): boolean {
  const method = typeof validate === "string" ? plugin[validate] : undefined;
  return typeof method === "function" && method.length === 4;
}

/** The last releases of the first generation and the first of the next have it: other signs decide between them. */
function scopeOf(plugin: JSONObject): Detected | undefined {
  if (!isPlainObject(plugin.scope)) return undefined;
  return isLaterThanFirst(plugin)
    ? { generation: "v1", variant: "a", because: 'it has a "scope", and controllers or events of a later release' }
    : { generation: "v0", variant: "d", because: 'it has a "scope"' };
}

/** Tables of actions, or events under the names of later releases. */
export function isLaterThanFirst(instance: object): boolean {
  const plugin = instance as JSONObject;
  const hasActions = isPlainObject(plugin.controllers) && Object.values(plugin.controllers).some(isPlainObject);
  return hasActions || eventNames(plugin).some((event) => formerNames.test(event));
}

function eventNames({ hooks, pipes }: JSONObject): string[] {
  return [...(isPlainObject(hooks) ? Object.keys(hooks) : []), ...(isPlainObject(pipes) ? Object.keys(pipes) : [])];
}
