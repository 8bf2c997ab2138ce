import { shapeQuery } from "../../../data/index.ts";
import { type Action, action, arg, schema } from "../../../events/index.ts";
import { type ErrorId, kerror } from "../../../kernel/index.ts";
import type { Security } from "../../../security/index.ts";
import { acknowledgedSchema } from "./answers.ts";
import { Credentials } from "./credentials.ts";

const errors = [
  "security.credentials.unknown_strategy",
  "plugin.runtime.unexpected_error",
] as const satisfies readonly ErrorId[];

const place = { _id: arg.id(), strategy: arg.string() };
/** The body is missed before the strategy. */
const writePlace = { _id: arg.id(), content: arg.content(), strategy: arg.string() };

/** Credentials of any user, which only strategies know. */
export function credentialActions(security: Security): Readonly<Record<string, Action>> {
  const { strategies, users, options } = security;
  const credentials = new Credentials(security);
  return {
    createCredentials: action({
      summary: "Adds credentials of a strategy to a user",
      http: [{ verb: "POST", path: "/credentials/:strategy/:_id/_create" }],
      args: writePlace,
      result: schema.anything(),
      errors: [...errors, "security.user.not_found"],
      run: async ({ _id, content, strategy }, request) => {
        strategies.get(strategy);
        await users.get(_id);
        return credentials.create(request, strategy, content, _id);
      },
    }),

    updateCredentials: action({
      summary: "Changes a user's credentials of a strategy",
      http: [{ verb: "PUT", path: "/credentials/:strategy/:_id/_update" }],
      args: writePlace,
      result: schema.anything(),
      errors: [...errors, "security.user.not_found"],
      run: async ({ _id, content, strategy }, request) => {
        strategies.get(strategy);
        await users.get(_id);
        return credentials.update(request, strategy, content, _id);
      },
    }),

    validateCredentials: action({
      summary: "Checks credentials without storing them",
      http: [{ verb: "POST", path: "/credentials/:strategy/:_id/_validate" }],
      args: { _id: arg.optionalId(), strategy: arg.string(), content: arg.content() },
      result: schema.anything(),
      errors,
      run: ({ _id, strategy, content }, request) => credentials.validate(request, strategy, content, _id),
    }),

    hasCredentials: action({
      summary: "Tells whether a user has credentials of a strategy",
      http: [{ verb: "GET", path: "/credentials/:strategy/:_id/_exists" }],
      args: place,
      result: schema.boolean(),
      errors,
      run: ({ _id, strategy }, request) => credentials.exist(request, strategy, _id),
    }),

    getCredentials: action({
      summary: "What may be told of a user's credentials",
      http: [{ verb: "GET", path: "/credentials/:strategy/:_id" }],
      args: place,
      result: schema.anything(),
      errors,
      run: ({ _id, strategy }, request) => credentials.getInfo(request, strategy, _id),
    }),

    getCredentialsById: action({
      summary: "What may be told of credentials, by the strategy's own identifier",
      http: [{ verb: "GET", path: "/credentials/:strategy/:_id/_byId" }],
      args: place,
      result: schema.anything(),
      errors,
      run: ({ _id, strategy }, request) => credentials.getById(request, strategy, _id),
    }),

    deleteCredentials: action({
      summary: "Removes a user's credentials of a strategy",
      http: [{ verb: "DELETE", path: "/credentials/:strategy/:_id" }],
      args: place,
      result: acknowledgedSchema,
      errors,
      run: async ({ _id, strategy }, request) => {
        await credentials.delete(request, strategy, _id);
        return { acknowledged: true };
      },
    }),

    getCredentialFields: action({
      summary: "Names of the fields of a strategy's credentials",
      http: [{ verb: "GET", path: "/credentials/:strategy/_fields" }],
      args: { strategy: arg.string() },
      result: schema.array(schema.string()),
      errors: ["security.credentials.unknown_strategy"],
      run: ({ strategy }) => Promise.resolve(strategies.get(strategy).fields),
    }),

    getAllCredentialFields: action({
      summary: "Names of the fields of every strategy's credentials",
      http: [{ verb: "GET", path: "/credentials/_fields" }],
      result: schema.object(),
      run: () =>
        Promise.resolve(Object.fromEntries(strategies.names().map((name) => [name, strategies.get(name).fields]))),
    }),

    searchUsersByCredentials: action({
      summary: "Searches users by what a strategy knows of them",
      http: [{ verb: "POST", path: "/credentials/:strategy/users/_search" }],
      args: {
        strategy: arg.string(),
        from: arg.default.integer(0),
        size: arg.default.integer(10),
        lang: arg.lang(),
        content: arg.optionalContent(),
      },
      result: schema.anything(),
      errors: [
        ...errors,
        "plugin.strategy.missing_optional_method",
        "api.assert.invalid_argument",
        "api.assert.koncorde_restricted_keyword",
        "services.storage.get_limit_exceeded",
      ],
      run: async ({ strategy, from, size, lang, content = {} }) => {
        if (size - from > options.documentsFetchCount) throw kerror("services.storage.get_limit_exceeded");
        const isFilter = lang === "koncorde" && content.query !== undefined;
        const body = isFilter ? { ...content, query: shapeQuery(content.query, lang) } : content;
        return credentials.search(strategy, body, { from, size });
      },
    }),
  };
}
