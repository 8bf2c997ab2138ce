import { always, type FilterNode, literal, never, type Scalar } from "../filter.ts";
import { FilterError } from "../filter-error.ts";
import { isPlainObject } from "../plain-object.ts";
import { checkField } from "./parse-field.ts";

/** Reads the content of `exists` and `missing`: `"path"`, `"path[json]"` or `{field: ...}`. */
export function parseExists(content: unknown, keyword: string, path: string, negated: boolean): FilterNode {
  const text = readFieldText(content, keyword, path);
  const brackets = splitBrackets(text);
  if (brackets === undefined) {
    const field = unescapeBrackets(text);
    checkField(field, keyword, path);
    return literal({ kind: "exists", path: field }, negated);
  }
  const field = unescapeBrackets(brackets.field);
  checkField(field, keyword, path);
  const value = parseBracketValue(brackets.json, keyword, path);
  // An array or object between the brackets is well formed, and no element ever is that one.
  if (value === undefined) return negated ? always : never;
  return literal({ kind: "contains", path: field, value }, negated);
}

function readFieldText(content: unknown, keyword: string, path: string): string {
  let text = content;
  if (isPlainObject(content)) {
    const keys = Object.keys(content);
    if (keys.length !== 1 || keys[0] !== "field") {
      throw new FilterError(`takes a field name, or an object with exactly "field"`, keyword, path);
    }
    text = content.field;
  }
  if (typeof text !== "string" || text === "") {
    throw new FilterError("the name of a field must be a non-empty string", keyword, path);
  }
  return text;
}

/** Cuts `path[json]`; undefined for a plain name. A backslash takes the meaning from a bracket. */
function splitBrackets(text: string): { field: string; json: string } | undefined {
  if (!text.endsWith("]") || text.endsWith("\\]")) return undefined;
  let open = text.indexOf("[");
  while (open > 0 && text[open - 1] === "\\") open = text.indexOf("[", open + 1);
  return open === -1 ? undefined : { field: text.slice(0, open), json: text.slice(open + 1, -1) };
}

function unescapeBrackets(text: string): string {
  return text.replace(/\\([[\]])/g, "$1");
}

function parseBracketValue(json: string, keyword: string, path: string): Scalar | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new FilterError(
      `what stands between the brackets must be a JSON value; strings take double quotes: tags["red"]`,
      keyword,
      path,
    );
  }
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  return typeof value === "number" ? value + 0 : undefined;
}
