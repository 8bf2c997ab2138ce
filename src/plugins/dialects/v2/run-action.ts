import { isThenable } from "../../../events/index.ts";
import { HttpStream, KuzzleError, KuzzleRequest, kerror, kerrorFrom } from "../../../kernel/index.ts";
import { callPlugin, type PluginCall } from "../../realm/current-call.ts";
import type { Target } from "./targets.ts";

/**
 * Runs an action of a plugin. Errors: what it refuses with; `plugin.runtime.unexpected_error` for errors that are not of the API,
 * `plugin.controller.invalid_action_response` for no promise, `plugin.controller.unserializable_response`.
 */
export async function runAction(
  call: PluginCall,
  controller: string,
  action: string,
  handler: Target,
  request: KuzzleRequest,
): Promise<unknown> {
  let result: unknown;
  try {
    const answer = callPlugin(call, handler, request);
    if (!isThenable(answer)) throw kerror("plugin.controller.invalid_action_response", controller, action);
    result = await answer;
  } catch (error) {
    if (error instanceof KuzzleError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw kerrorFrom(error, "plugin.runtime.unexpected_error", message);
  }
  const isRaw = request.hasResponse && request.response.raw;
  if (!isRaw && !(result instanceof HttpStream) && !isSerializable(result)) {
    throw kerror("plugin.controller.unserializable_response", controller, action);
  }
  return result;
}

const maxDepth = 64;
const maxMembers = 100_000;

/** False for the request itself (the classic mistake), cycles and big integers. Cheaper than a trial serialisation of every answer. */
function isSerializable(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "bigint";
  if (value instanceof KuzzleRequest) return false;
  const budget = { members: maxMembers };
  const plain = isPlainTree(value, maxDepth, budget);
  return plain ?? serializes(value);
}

/** Undefined when a look at the members cannot tell: too deep, too many, or with a serialisation of their own. */
function isPlainTree(value: object, depth: number, budget: { members: number }): boolean | undefined {
  if (depth === 0 || "toJSON" in value) return value instanceof Date ? true : undefined;
  for (const key in value) {
    const member: unknown = (value as Record<string, unknown>)[key];
    if (typeof member === "bigint") return false;
    if (typeof member !== "object" || member === null) continue;
    if (--budget.members < 0) return undefined;
    const plain = isPlainTree(member, depth - 1, budget);
    if (plain !== true) return plain;
  }
  return true;
}

function serializes(value: object): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}
