import { KuzzleError, kerrorFrom } from "../kernel/index.ts";

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

/** An accident as the request's error: one of the API, which says for the log out of which plugin it came. */
export function failureOf(error: unknown, source: NonNullable<KuzzleError["source"]>): KuzzleError {
  const failure = asKuzzleError(error);
  failure.source = source;
  return failure;
}

function asKuzzleError(error: unknown): KuzzleError {
  if (error instanceof KuzzleError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return kerrorFrom(error, "plugin.runtime.unexpected_error", message);
}
