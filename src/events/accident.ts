import { KuzzleError } from "../kernel/index.ts";

/** Errors of the API that this server makes out of a plugin's mistakes. */
const madeOfMistakes: ReadonlySet<string | undefined> = new Set([
  "plugin.runtime.unexpected_error",
  "plugin.runtime.pipe_timeout",
  "plugin.controller.invalid_action_response",
  "plugin.controller.unserializable_response",
]);

/** True for what a plugin did not mean: a refusal is an error of the API that it throws on purpose. */
export function isAccident(error: unknown): boolean {
  return !(error instanceof KuzzleError) || madeOfMistakes.has(error.id);
}
