import { shapeSearchBody } from "../../../data/index.ts";
import { type Action, action, arg, schema } from "../../../events/index.ts";
import type { Security } from "../../../security/index.ts";
import type { LeavingOf } from "../../connections.ts";
import { pageAnswer } from "./answers.ts";
import { searchErrors } from "./users.ts";

/** The audit log. Beyond the contract: only this server has it. */
export const auditActions = ({ auditLog }: Security, leavingOf: LeavingOf): Readonly<Record<string, Action>> => ({
  searchAudit: action({
    summary: "Searches the audit log, newest entries first unless the body sorts",
    http: [{ verb: "POST", path: "/_audit/_search" }],
    args: {
      from: arg.default.integer(0),
      size: arg.default.integer(10),
      lang: arg.lang(),
      content: arg.optionalContent(),
    },
    result: schema.object({
      hits: schema.array(schema.object({ _id: schema.string(), _source: schema.object() })),
      total: schema.integer(),
      aggregations: schema.object(),
    }),
    errors: searchErrors,
    run: async ({ lang, content = {}, ...page }, request) => {
      const asked = { ...page, signal: leavingOf(request), body: shapeSearchBody(content, lang) };
      return pageAnswer(await auditLog.search(asked));
    },
  }),
});
