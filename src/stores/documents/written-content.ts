import type { JSONObject } from "../../kernel/index.ts";
import type { WriteOperation } from "./document-store.ts";
import { removeField } from "./embedded/rows/field-path.ts";
import { mergeInto } from "./embedded/rows/merge.ts";

/**
 * What a document would hold after a write, by the rules of every engine; `present` is its stored text, undefined when there is none. Undefined
 * when it would be gone, or when the write needs a document that is not there. Throws what `JSON.parse` throws.
 */
export function writtenContent(operation: WriteOperation, present: string | undefined): JSONObject | undefined {
  switch (operation.kind) {
    case "create":
    case "index":
      return JSON.parse(operation.source);
    case "replace":
      return present === undefined ? undefined : JSON.parse(operation.source);
    case "delete":
      return undefined;
    case "deleteFields":
    case "update": {
      if (present === undefined) {
        const initial = operation.kind === "update" ? operation.upsert : undefined;
        return initial === undefined ? undefined : JSON.parse(initial);
      }
      const content = JSON.parse(present) as JSONObject; // only texts of objects are stored
      if (operation.kind === "deleteFields") for (const path of operation.fields) removeField(content, path);
      return mergeInto(content, JSON.parse(operation.partial));
    }
  }
}
