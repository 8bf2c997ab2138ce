import { isPlainObject, type JSONObject, readOwn } from "./plain-object.ts";

/**
 * The value at a dotted path, or undefined. Keys that contain dots themselves take part: `a.b` finds `{a: {b: 1}}` and
 * `{"a.b": 1}`. When a document has both, the nested one is read. Arrays and class instances are leaves.
 *
 * Each object of the document is visited at most once, as the keys that lead to it use up a fixed part of the path.
 */
export function readPath(document: JSONObject, path: string): unknown {
  let dot = path.indexOf(".");
  while (dot !== -1) {
    const inner = readOwn(document, path.slice(0, dot));
    if (inner !== undefined && isPlainObject(inner)) {
      const found = readPath(inner, path.slice(dot + 1));
      if (found !== undefined) return found;
    }
    dot = path.indexOf(".", dot + 1);
  }
  return readOwn(document, path);
}

/** The same for a path cut at its dots beforehand; the usual case needs no new strings. */
export function readSegments(document: JSONObject, path: string, segments: readonly string[]): unknown {
  let value: unknown = document;
  for (let i = 0; i < segments.length; i++) {
    if (!isPlainObject(value)) return readPath(document, path);
    value = readOwn(value, segments[i] as string); // i is within bounds
    if (value === undefined) return segments.length === 1 ? undefined : readPath(document, path);
  }
  return value;
}

/** Reads a tested field: `_id` is the identifier of the document when there is one. */
export function readField(document: JSONObject, documentId: string | undefined, path: string): unknown {
  return path === "_id" && documentId !== undefined ? documentId : readPath(document, path);
}
