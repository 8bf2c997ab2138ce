import { isPlainObject, type JSONObject } from "../../../../kernel/index.ts";

/** A text may name a member so, also with escapes. */
const suspicious = /"(toString|valueOf)"|\\u/;

/**
 * Parses an object that a client wrote and whose members will be printed in errors and compared as texts. An object with a member `toString` or
 * `valueOf` cannot be made a text: JavaScript would call that member. Here it prints as any other object does, and is refused where a text is wanted.
 */
export function parseClientObject(text: string): JSONObject {
  // The cast: only texts of objects are sent.
  const value = JSON.parse(text) as JSONObject;
  if (suspicious.test(text)) makePrintable(value);
  return value;
}

function makePrintable(root: unknown): void {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (Array.isArray(value)) for (const member of value) open.push(member);
    if (!isPlainObject(value)) continue;
    for (const name of Object.keys(value)) open.push(value[name]);
    if (Object.hasOwn(value, "toString") || Object.hasOwn(value, "valueOf"))
      Object.defineProperty(value, Symbol.toPrimitive, { value: () => "[object Object]" });
  }
}
