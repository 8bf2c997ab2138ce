import { type JSONObject, KuzzleError, type SerializedError } from "../../kernel/index.ts";

/** Errors nest at most this deep on the wire: a `MultipleErrorsError` of multiple errors is already rare. */
const maxDepth = 4;

/**
 * An error as it goes on the wire (contract/wire.md section 3). Outside development no stack is left, neither its own nor
 * those of the errors that it sums up.
 */
export function wireError(error: KuzzleError, development: boolean, depth = 0): SerializedError {
  const json: SerializedError = { ...error.toJSON() };
  if (development) {
    if (typeof json.stack === "string") json.stack = markStack(json.stack);
  } else {
    delete json.stack;
  }
  if (Array.isArray(json.errors)) {
    json.errors = depth < maxDepth ? json.errors.map((nested) => wireNested(nested, development, depth + 1)) : [];
  }
  return json;
}

function wireNested(nested: unknown, development: boolean, depth: number): unknown {
  if (nested instanceof KuzzleError) return wireError(nested, development, depth);
  if (nested instanceof Error) {
    return development ? { message: nested.message, stack: nested.stack } : { message: nested.message };
  }
  if (development || typeof nested !== "object" || nested === null) return nested;
  if (!("stack" in nested) && !("errors" in nested)) return nested;
  const { stack: _, ...rest } = nested as JSONObject;
  if (Array.isArray(rest.errors)) {
    rest.errors = depth < maxDepth ? rest.errors.map((inner) => wireNested(inner, development, depth + 1)) : [];
  }
  return rest;
}

/** Lines of the user's code start with `>`, all others with two spaces. */
function markStack(stack: string): string {
  return stack
    .split("\n")
    .map((line) => (isUserCode(line) ? `>${line}` : `  ${line}`))
    .join("\n");
}

const ownCode = new URL("../../", import.meta.url).href;
const ownPath = new URL(ownCode).pathname;

function isUserCode(line: string): boolean {
  if (!line.trimStart().startsWith("at ")) return false;
  return !(
    line.includes("node:") ||
    line.includes("/node_modules/") ||
    line.includes("<anonymous>") ||
    line.includes(ownPath)
  );
}
