import { isPlainObject, readOwn } from "./plain-object.ts";

/**
 * Recursive containment, the `match` clause. Scalars are strictly equal; every member of an expected object matches the
 * document's; every element of an expected array takes a document element of its own, first fit, in any order.
 * The depth of the recursion is that of `expected`, which the parser bounds.
 */
export function containsValue(actual: unknown, expected: unknown): boolean {
  if (Array.isArray(expected)) return Array.isArray(actual) && containsElements(actual, expected);
  if (isPlainObject(expected)) {
    if (!isPlainObject(actual)) return false;
    for (const key of Object.keys(expected)) {
      const member = readOwn(actual, key);
      if (member === undefined || !containsValue(member, expected[key])) return false;
    }
    return true;
  }
  return actual === expected;
}

function containsElements(actual: readonly unknown[], expected: readonly unknown[]): boolean {
  if (expected.length > actual.length) return false;
  const used = new Uint8Array(actual.length);
  for (const element of expected) {
    let at = 0;
    while (at < actual.length && (used[at] === 1 || !containsValue(actual[at], element))) at++;
    if (at === actual.length) return false;
    used[at] = 1;
  }
  return true;
}
