import { shapeMappings, shapeQuery } from "../../../data/index.ts";
import { type Action, action, arg, schema } from "../../../events/index.ts";
import { type ErrorId, kerror } from "../../../kernel/index.ts";
import type { Security } from "../../../security/index.ts";
import { expiresIn } from "../auth/arguments.ts";
import {
  allowedSchema,
  answerOf,
  describedRequest,
  documentSchema,
  idSchema,
  pageAnswer,
  pageSchema,
} from "./answers.ts";

type Kind = "users" | "profiles" | "roles";

/** What the mapping actions of users, profiles and roles share. */
function mappingActions(security: Security, kind: Kind, singular: string): Readonly<Record<string, Action>> {
  const collection = security.collection(kind);
  const mappingErrors = [
    "services.storage.invalid_mapping",
    "services.storage.cannot_change_mapping",
    "services.storage.unexpected_bad_request",
  ] as const satisfies readonly ErrorId[];
  return {
    [`get${singular}Mapping`]: action({
      summary: `Mapping of the ${kind}`,
      http: [{ verb: "GET", path: `/${kind}/_mapping` }],
      result: schema.object({ mapping: schema.object() }),
      run: async () => {
        const { _kuzzle_info: _, ...mapping } = (await collection.mappings()).properties ?? {};
        return { mapping };
      },
    }),
    [`update${singular}Mapping`]: action({
      summary: `Extends the mapping of the ${kind}`,
      http: [{ verb: "PUT", path: `/${kind}/_mapping` }],
      args: { content: arg.content() },
      result: schema.object({
        properties: schema.object(),
        dynamic: schema.string(),
        _meta: schema.object(),
      }),
      errors: ["api.assert.body_required", ...mappingErrors],
      run: async ({ content }) => {
        const { properties, dynamic, _meta } = await collection.updateMappings(shapeMappings(content));
        return { properties, dynamic, _meta };
      },
    }),
  };
}

const isKind = (name: string): name is Kind => name === "users" || name === "profiles" || name === "roles";

/** Rights of others, API keys, tokens, mappings, and the standard rights. */
export function maintenanceActions(security: Security): Readonly<Record<string, Action>> {
  const { apiKeys, tokens, users } = security;
  return {
    checkRights: action({
      summary: "Tells whether a user may run the given request",
      http: [{ verb: "POST", path: "/_checkRights/:userId" }],
      args: { userId: arg.string(), request: arg.content() },
      result: allowedSchema,
      errors: ["api.assert.body_required", "security.user.not_found"],
      run: async ({ userId }, request) => {
        const question = describedRequest(request);
        return { allowed: security.isAllowed(await users.get(userId), question) };
      },
    }),

    createApiKey: action({
      summary: "Creates an API key for a user",
      http: [{ verb: "POST", path: "/users/:userId/api-keys/_create" }],
      args: {
        userId: arg.string(),
        expiresIn: expiresIn(),
        refresh: arg.looseRefresh(true),
        _id: arg.optionalId(),
        description: arg.body.string(),
      },
      result: documentSchema,
      errors: [
        "security.user.not_found",
        "api.assert.invalid_argument",
        "services.storage.document_already_exists",
        "security.token.generation_failed",
      ],
      run: async ({ userId, expiresIn: expires, refresh, _id, description }) => {
        const { _id: kuid } = await users.get(userId);
        const { key, token } = await apiKeys.create({
          userId: kuid,
          id: _id ?? undefined,
          description,
          expiresIn: expires || -1,
          limited: false,
          refresh,
        });
        return answerOf({ id: key.id, content: { ...key.content, token } });
      },
    }),

    deleteApiKey: action({
      summary: "Deletes an API key of a user",
      http: [{ verb: "DELETE", path: "/users/:userId/api-keys/:_id" }],
      args: { userId: arg.string(), _id: arg.id(), refresh: arg.looseRefresh(true) },
      result: idSchema,
      errors: ["services.storage.not_found"],
      run: async ({ userId, _id, refresh }) => {
        await apiKeys.delete(userId, _id, refresh);
        return { _id };
      },
    }),

    searchApiKeys: action({
      summary: "Searches the API keys of a user",
      http: [{ verb: "POST", path: "/users/:userId/api-keys/_search" }],
      args: {
        userId: arg.string(),
        from: arg.default.integer(0),
        size: arg.default.integer(10),
        scroll: arg.scroll(),
        lang: arg.lang(),
        query: arg.optionalContent(),
      },
      result: pageSchema,
      errors: [
        "api.assert.invalid_argument",
        "api.assert.koncorde_restricted_keyword",
        "services.storage.unexpected_bad_request",
      ],
      run: async ({ userId, from, size, lang, query }) =>
        pageAnswer(await apiKeys.search(userId, shapeQuery(query, lang), from, size)),
    }),

    revokeTokens: action({
      summary: "Revokes every token of a user, API keys excepted",
      http: [{ verb: "DELETE", path: "/users/:_id/tokens" }],
      args: { _id: arg.id() },
      result: { type: "null" },
      run: async ({ _id }) => {
        await tokens.revokeAll(_id);
        return null;
      },
    }),

    rotateTokenSecret: action({
      summary:
        "Signs tokens with a new secret from here on; what was signed before stays good until it ends. `endFormer` first ends what was signed by the secrets before the present one; `dryRun` only counts",
      http: [{ verb: "POST", path: "/_rotateTokenSecret" }],
      args: {
        endFormer: arg.flag(),
        dryRun: arg.flag(),
      },
      result: schema.object({
        acknowledged: schema.oneOf([true]),
        formerSecrets: schema.integer(),
        tokens: schema.integer({ description: "Tokens that a former secret has signed and that are good still" }),
        apiKeys: schema.integer({ description: "API keys of that kind" }),
      }),
      errors: ["security.token.secret_configured"],
      run: async (how) => ({ acknowledged: true, ...(await security.rotateTokenSecret(how)) }),
    }),

    refresh: action({
      summary: "Makes the latest writes of users, profiles or roles searchable",
      http: [{ verb: "POST", path: "/_security/:collection/_refresh" }],
      args: { collection: arg.collection() },
      result: { type: "null" },
      errors: ["api.assert.unexpected_argument"],
      run: async ({ collection }) => {
        if (!isKind(collection)) throw kerror("api.assert.unexpected_argument", collection, "users, profiles, roles");
        await security.collection(collection).refresh();
        return null;
      },
    }),

    restrictDefaultRights: action({
      summary: "Writes the standard roles and profiles of the configuration",
      http: [{ verb: "POST", path: "/_restrictDefaultRights" }],
      result: { type: "null" },
      run: async (_, request) => {
        await security.restrictDefaultRights(security.authorOf(request));
        return null;
      },
    }),

    ...mappingActions(security, "users", "User"),
    ...mappingActions(security, "profiles", "Profile"),
    ...mappingActions(security, "roles", "Role"),
  };
}
