/** What is nested deeper is refused, so that no recursion over a document can exhaust the stack. A guess: far above what anybody nests. */
export const maxDepth = 200;

/** Shorter texts cannot be nested too deep. */
export const shortestTooDeep = maxDepth * 2;

/** Whether a parsed value has more than {@link maxDepth} objects and arrays inside each other. */
export function isTooDeep(value: unknown, left = maxDepth): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (left === 0) return true;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (isTooDeep(value[i], left - 1)) return true;
    return false;
  }
  for (const key in value) if (isTooDeep((value as Readonly<Record<string, unknown>>)[key], left - 1)) return true;
  return false;
}
