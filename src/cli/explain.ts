import { KuzzleError } from "../kernel/index.ts";

/** What went wrong in a line; a stack only helps when it is nobody's known error. */
export function explain(error: unknown): string {
  if (error instanceof KuzzleError) return error.message;
  if (!(error instanceof Error)) return String(error);
  return error.name === "Error" || "code" in error ? error.message : (error.stack ?? error.message);
}
