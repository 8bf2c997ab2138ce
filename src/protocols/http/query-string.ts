import { parse } from "node:querystring";
import type { JSONObject } from "../../kernel/index.ts";

/**
 * Adds the members of a query string, or of an urlencoded body, to an object: texts, `?a` is "", a repeated name has an array.
 * Broken percent-encoding stays as it is.
 */
export function addQuery(target: JSONObject, query: string): JSONObject {
  // No bound on the number of names: the size of the header or of the body is one.
  const parsed = parse(query, "&", "=", { maxKeys: 0 });
  for (const name in parsed) {
    if (name !== "__proto__" && name !== "") target[name] = parsed[name];
  }
  return target;
}
