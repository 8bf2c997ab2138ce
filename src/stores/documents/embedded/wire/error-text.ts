import { catalogue, type ErrorId, errorFrom, KuzzleError, kerrorFrom } from "../../../../kernel/index.ts";

import { asReadError } from "../rows/sqlite-error.ts";

/** An error on its way from one thread to another: classes do not survive the way, ids do. */
export interface ErrorText {
  readonly id: string | undefined;
  readonly parameters: readonly unknown[];
  readonly message: string;
  readonly stack: string | undefined;
}

export function toErrorText(thrown: unknown): ErrorText {
  const error = asReadError(thrown);
  if (error instanceof KuzzleError)
    return { id: error.id, parameters: error.props, message: error.message, stack: undefined };
  const message = error instanceof Error ? error.message : String(error);
  return { id: undefined, parameters: [], message, stack: error instanceof Error ? error.stack : undefined };
}

/** The error of the catalogue again; what has no id there is `services.storage.unexpected_error`, with the original as its cause. */
export function fromErrorText(text: ErrorText): KuzzleError {
  if (text.id !== undefined && text.id in catalogue) {
    return errorFrom(text.id, catalogue[text.id as ErrorId], text.parameters);
  }
  const cause = new Error(text.message);
  if (text.stack !== undefined) cause.stack = text.stack;
  return kerrorFrom(cause, "services.storage.unexpected_error", text.message);
}
