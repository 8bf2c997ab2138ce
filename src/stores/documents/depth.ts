/** What is nested deeper is refused, so that no recursion over a document can exhaust the stack. A guess: far above what anybody nests. */
export const maxDepth = 200;

/** Whether a parsed value has more than `levels` objects and arrays inside each other. */
export function isTooDeep(value: unknown, levels: number = maxDepth): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (isTooDeep(value[i], levels - 1)) return true;
    return false;
  }
  for (const key in value) if (isTooDeep((value as Readonly<Record<string, unknown>>)[key], levels - 1)) return true;
  return false;
}

/** As {@link isTooDeep}, of a text and what was parsed from it: a short text is not looked through. */
export const isTextTooDeep = (text: string, value: unknown, levels: number = maxDepth): boolean =>
  text.length > levels * 2 && isTooDeep(value, levels);
