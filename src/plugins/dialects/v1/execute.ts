import { KuzzleRequest, kerror } from "../../../kernel/index.ts";
import type { PluginScope } from "../dialect.ts";
import { executeRequest } from "../v2/accessors.ts";
import { emulate } from "./former-actions.ts";
import { firesOwnEvents } from "./variants.ts";

export type ExecuteCallback = (error: Error | null, request: KuzzleRequest) => unknown;

/** `accessors.execute` of a plugin: a promise of the request, or, with a callback, nothing. The callback gets the request with its error, too. */
export type Execute = (request: KuzzleRequest, callback?: ExecuteCallback) => Promise<KuzzleRequest> | undefined;

/**
 * Requests of a plugin check no rights. In the first releases they fire the events of their action, in later ones none.
 * Errors: `plugin.context.missing_request`, `unavailable_realtime`, `invalid_callback`, those of the action.
 * Source: contract/plugins/v1.md section 7.
 */
export function createExecute(scope: PluginScope, variantNow: () => string | undefined): Execute {
  const run = async (request: KuzzleRequest): Promise<KuzzleRequest> => {
    if (!(request instanceof KuzzleRequest)) throw kerror("plugin.context.missing_request");
    if (firesOwnEvents(variantNow())) request.input.triggerEvents = isFirstOfItsKind(request);
    return (await emulate(scope, request)) ?? executeRequest(scope, request);
  };
  return (request, callback) => {
    if (callback === undefined) return run(request);
    if (typeof callback !== "function")
      return Promise.reject(kerror("plugin.context.invalid_callback", typeof callback));
    const answered = run(request).then(
      (answer) => callback(null, answer),
      (error: Error) => callback(error, request),
    );
    // What the callback itself throws, or rejects with, has no one else to go to.
    answered.catch((err: unknown) => scope.log.error("plugin.callback_failed", { plugin: scope.call.plugin, err }));
    return undefined;
  };
}

/** A request that a plugin makes while it handles one of the same kind fires nothing: its plugin would make it for ever. */
function isFirstOfItsKind(request: KuzzleRequest): boolean {
  const { controller, action } = request.input;
  const before = `${controller}:before${action?.charAt(0).toUpperCase()}${action?.slice(1)}`;
  if (request.hasTriggered(before)) return false;
  for (let { previous } = request; previous !== null; { previous } = previous) {
    if (previous.input.controller === controller && previous.input.action === action) return false;
  }
  request.triggers(before);
  return true;
}
