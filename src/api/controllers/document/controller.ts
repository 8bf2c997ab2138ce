import type { HeldRule, ValidationReport } from "../../../data/index.ts";
import { action, arg, type ControllerDefinition, schema } from "../../../events/index.ts";
import type { JSONObject } from "../../../kernel/index.ts";
import { type DocumentControllerDeps, underRule } from "./deps.ts";
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
        run: underRule(deps, ({ content, index, collection }, request, held) => {
          const id = request.getId({ ifMissing: "ignore" });
          const report = deps.validator.report({ target: { index, collection }, id, content });
          return held === undefined ? report : withRule(report, held, id, content);
        }),
      }),
    },
  };
}

/** Whether the content could be stored as a new document, by what the user may write. */
function withRule(
  { valid, errorMessages }: ValidationReport,
  { rule }: HeldRule,
  id: string | null,
  content: JSONObject,
): ValidationReport {
  const foreign = rule.writable?.foreignChange({}, content, "_kuzzle_info");
  const problems: string[] = [];
  if (foreign !== undefined) problems.push(`The policies of this user do not let it write the field "${foreign}".`);
  if (!rule.matches(content, id ?? undefined))
    problems.push("The document would be one that the policies of this user do not let it write.");
  if (problems.length === 0) return { valid, errorMessages };
  return {
    valid: false,
    errorMessages: { ...errorMessages, documentScope: [...documentScope(errorMessages), ...problems] },
  };
}

const documentScope = ({ documentScope: found }: JSONObject): readonly unknown[] => (Array.isArray(found) ? found : []);
