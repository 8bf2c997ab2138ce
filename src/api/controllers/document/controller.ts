import { action, arg, type ControllerDefinition, schema } from "../../../events/index.ts";
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
        result: schema.object({ valid: schema.boolean(), errorMessages: schema.object() }),
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
