import { type Action, action, arg, type Route, schema } from "../../../events/index.ts";
import type { ErrorId } from "../../../kernel/index.ts";
import type { Security } from "../../../security/index.ts";
import { acknowledgedSchema } from "../security/answers.ts";
import { Credentials } from "../security/credentials.ts";
import { forUsersOnly, refuseAnonymous } from "./arguments.ts";

const errors = [
  "security.rights.unauthorized",
  "security.credentials.unknown_strategy",
  "plugin.runtime.unexpected_error",
] as const satisfies readonly ErrorId[];

/** The route of today, and the one of before 2.4. */
function routes(verb: Route["verb"], suffix: string): readonly Route[] {
  const path = `/_me/credentials/:strategy${suffix}`;
  const deprecated = { since: "2.4.0", message: `Use this route instead: ${verb} ${path}` };
  return [
    { verb, path },
    { verb, path: `/credentials/:strategy/_me${suffix}`, deprecated },
  ];
}

/** The caller's credentials, which only strategies know. */
export function myCredentialActions(security: Security): Readonly<Record<string, Action>> {
  const credentials = new Credentials(security);
  const mine = { strategy: arg.string() };
  const withBody = { ...mine, content: arg.content() };
  const actions = {
    createMyCredentials: action({
      summary: "Adds credentials of a strategy to the caller",
      http: routes("POST", "/_create"),
      args: withBody,
      result: schema.anything(),
      errors: [...errors, "api.assert.body_required"],
      run: ({ strategy, content }, request) => credentials.create(request, strategy, content, refuseAnonymous(request)),
    }),

    credentialsExist: action({
      summary: "Tells whether the caller has credentials of a strategy",
      http: routes("GET", "/_exists"),
      args: mine,
      result: schema.boolean(),
      errors,
      run: ({ strategy }, request) => credentials.exist(request, strategy, refuseAnonymous(request)),
    }),

    deleteMyCredentials: action({
      summary: "Removes the caller's credentials of a strategy",
      http: routes("DELETE", ""),
      args: mine,
      result: acknowledgedSchema,
      errors,
      run: async ({ strategy }, request) => {
        await credentials.delete(request, strategy, refuseAnonymous(request));
        return { acknowledged: true };
      },
    }),

    getMyCredentials: action({
      summary: "What may be told of the caller's credentials",
      http: routes("GET", ""),
      args: mine,
      result: schema.anything(),
      errors,
      run: ({ strategy }, request) => credentials.getInfo(request, strategy, refuseAnonymous(request)),
    }),

    updateMyCredentials: action({
      summary: "Changes the caller's credentials of a strategy",
      http: routes("PUT", "/_update"),
      args: withBody,
      result: schema.anything(),
      errors: [...errors, "api.assert.body_required"],
      run: ({ strategy, content }, request) => credentials.update(request, strategy, content, refuseAnonymous(request)),
    }),

    validateMyCredentials: action({
      summary: "Checks credentials without storing them",
      http: routes("POST", "/_validate"),
      args: withBody,
      result: schema.anything(),
      errors: [...errors, "api.assert.body_required"],
      run: ({ strategy, content }, request) =>
        credentials.validate(request, strategy, content, refuseAnonymous(request)),
    }),
  };
  return Object.fromEntries(Object.entries(actions).map(([name, one]) => [name, forUsersOnly(one)]));
}
