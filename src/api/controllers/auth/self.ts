import { type Action, action, arg, schema } from "../../../events/index.ts";
import { kerror } from "../../../kernel/index.ts";
import type { Security } from "../../../security/index.ts";
import {
  allowedSchema,
  describedRequest,
  documentSchema,
  rightsAnswer,
  rightsSchema,
  userAnswer,
} from "../security/answers.ts";
import { forUsersOnly, refuseAnonymous } from "./arguments.ts";

const since = "2.4.0";
const instead = (route: string) => ({ since, message: `Use this route instead: ${route}` });

/** Who the caller is, and what it may do. */
export function selfActions(security: Security): Readonly<Record<string, Action>> {
  return {
    checkRights: action({
      summary: "Tells whether the caller may run the given request",
      http: [{ verb: "POST", path: "/_checkRights" }],
      args: { request: arg.content() },
      result: allowedSchema,
      errors: ["api.assert.body_required", "api.assert.missing_argument", "api.assert.invalid_type"],
      run: async (_, request) => {
        const question = describedRequest(request);
        return { allowed: security.isAllowed(await security.userOf(request), question) };
      },
    }),

    getCurrentUser: action({
      summary: "The caller",
      http: [
        { verb: "GET", path: "/_me" },
        { verb: "GET", path: "/users/_me", deprecated: instead("GET /_me") },
      ],
      result: schema.object({
        _id: schema.string(),
        _source: schema.object(),
        strategies: schema.array(schema.string()),
      }),
      errors: ["plugin.runtime.unexpected_error"],
      run: async (_, request) => {
        const user = await security.userOf(request);
        const strategies = await security.accounts.strategiesOf(request, user._id);
        return { ...userAnswer(user), strategies };
      },
    }),

    getMyRights: action({
      summary: "What the roles of the caller say",
      http: [
        { verb: "GET", path: "/_me/_rights" },
        { verb: "GET", path: "/users/_me/_rights", deprecated: instead("GET /_me/_rights") },
      ],
      result: rightsSchema,
      run: async (_, request) => rightsAnswer(security.rightsOf((await security.userOf(request)).profileIds)),
    }),

    getStrategies: action({
      summary: "Names of the strategies, in order of registration",
      http: [{ verb: "GET", path: "/strategies" }],
      result: schema.array(schema.string()),
      run: () => Promise.resolve(security.strategies.names()),
    }),

    updateSelf: forUsersOnly(
      action({
        summary: "Updates the fields of the caller, its profiles excepted",
        http: [
          { verb: "PUT", path: "/_me" },
          { verb: "PUT", path: "/_updateSelf", deprecated: instead("PUT /_me") },
        ],
        args: {
          refresh: arg.looseRefresh(true),
          retryOnConflict: arg.default.integer(10),
          content: arg.content(),
        },
        result: documentSchema,
        errors: ["security.rights.unauthorized", "api.assert.forbidden_argument", "api.assert.body_required"],
        run: async ({ refresh, retryOnConflict, content: { ...content } }, request) => {
          if (content._id) throw kerror("api.assert.forbidden_argument", "body._id");
          if (content.profileIds) throw kerror("api.assert.forbidden_argument", "body.profileIds");
          // A falsy one is no request for profiles, and must not become one.
          delete content.profileIds;
          const author = security.authorOf(request);
          const id = refuseAnonymous(request);
          return userAnswer(await security.users.update({ id, content, author, refresh, retryOnConflict }));
        },
      }),
    ),
  };
}
