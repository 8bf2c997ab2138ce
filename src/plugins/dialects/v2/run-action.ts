import { isThenable } from "../../../events/index.ts";
import { KuzzleError, KuzzleRequest, kerror, kerrorFrom } from "../../../kernel/index.ts";
import { callFor, type PluginCall } from "../../realm/current-call.ts";
import type { Target } from "./targets.ts";

/**
 * Runs an action of a plugin. Errors: what it refuses with; `plugin.runtime.unexpected_error` for errors that are not of the API,
 * `plugin.controller.invalid_action_response` for no promise, `plugin.controller.unserializable_response` for the request itself as the answer;
 * whether the rest turns into JSON is checked by the pipeline.
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
    const answer = callFor(call, request, false, handler, request);
    if (!isThenable(answer)) throw kerror("plugin.controller.invalid_action_response", controller, action);
    result = await answer;
  } catch (error) {
    if (error instanceof KuzzleError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw kerrorFrom(error, "plugin.runtime.unexpected_error", message);
  }
  // The classic mistake: a request turns into JSON, but says nothing to the client.
  if (result instanceof KuzzleRequest) throw kerror("plugin.controller.unserializable_response", controller, action);
  return result;
}
