/** Whether a name, or all that a wildcard stands for, is among what patterns allow: `document:*` allows `document:beforeGet` and `document:before*`. */
export const allows = (patterns: readonly string[], name: string): boolean =>
  patterns.some((pattern) => (pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern));

/** Whether a path is one of these, or lies below one of them. */
export const reaches = (paths: readonly string[], path: string): boolean =>
  paths.some((allowed) => allowed === "." || path === allowed || path.startsWith(`${allowed}/`));

/** What both lists allow. Of two patterns one lies within the other, or they have nothing in common. */
export function common(
  a: readonly string[],
  b: readonly string[],
  covers: (patterns: readonly string[], name: string) => boolean,
): string[] {
  return [...new Set([...a.filter((one) => covers(b, one)), ...b.filter((one) => covers(a, one))])];
}
