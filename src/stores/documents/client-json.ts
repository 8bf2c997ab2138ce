import { isPlainObject, type JSONObject, kerror } from "../../kernel/index.ts";
import { isTextDeeper } from "./depth.ts";

/** A text may name a member so, also with escapes. */
const suspicious = /"(toString|valueOf)"|\\u/;

/** As many as a request may have: printing a value of many more takes the square of them, or all of the stack. */
const maxLevels = 500;

/**
 * Parses what a client wrote and whose members will be printed in errors and compared as texts. An object with a member `toString` or
 * `valueOf` cannot be made a text: JavaScript would call that member. Here it prints as any other object does, and is refused where a text is wanted.
 * Errors: `SyntaxError`; `services.storage.unexpected_bad_request` for what is nested deeper than 500 levels.
 */
export function parseClientJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (isTextDeeper(text, value, maxLevels))
    throw kerror("services.storage.unexpected_bad_request", `Nothing may be nested deeper than ${maxLevels} levels.`);
  if (suspicious.test(text)) makePrintable(value);
  return value;
}

/** As {@link parseClientJson}, of an object: only texts of objects are sent from thread to thread. */
export const parseClientObject = (text: string): JSONObject => parseClientJson(text) as JSONObject;

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
