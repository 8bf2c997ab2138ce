import { Type } from "typebox";
import { action, arg, type ControllerDefinition } from "../../../events/index.ts";
import type { DocumentControllerDeps } from "./deps.ts";
import { exportActions } from "./export.ts";
import { multipleActions } from "./multiple.ts";
import { queryActions } from "./queries.ts";
import { readActions } from "./reads.ts";
import { writeActions } from "./writes.ts";

/** Documents of public collections (contract/api/document.yaml). */
export function createDocumentController(deps: DocumentControllerDeps): ControllerDefinition {
  return {
    name: "document",
    actions: {
      ...readActions(deps),
      ...writeActions(deps),
      ...multipleActions(deps),
      ...queryActions(deps),
      ...exportActions(deps),
      validate: action({
        summary: "Checks a content against the specification of its collection, without storing it",
        http: [{ verb: "POST", path: "/:index/:collection/_validate" }],
        args: { content: arg.content(), index: arg.index(), collection: arg.collection() },
        result: Type.Object({ valid: Type.Boolean(), errorMessages: Type.Object({}) }),
        run: ({ content, index, collection }, request) =>
          deps.validator.report({
            target: { index, collection },
            id: request.getId({ ifMissing: "ignore" }),
            content,
          }),
      }),
    },
  };
}
