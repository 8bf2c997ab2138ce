import { shapeQuery } from "../../../data/index.ts";
import { type Action, action, arg } from "../../../events/index.ts";
import type { Security } from "../../../security/index.ts";
import { answerOf, documentSchema, idSchema, pageAnswer, pageSchema } from "../security/answers.ts";
import { expiresIn, forUsersOnly, refuseAnonymous } from "./arguments.ts";

/** The caller's API keys. */
export function apiKeyActions({ apiKeys }: Security): Readonly<Record<string, Action>> {
  return {
    createApiKey: forUsersOnly(
      action({
        summary: "Creates an API key for the caller",
        http: [{ verb: "POST", path: "/api-keys/_create" }],
        args: {
          expiresIn: expiresIn(),
          refresh: arg.looseRefresh(true),
          _id: arg.optionalId(),
          description: arg.body.string(),
        },
        result: documentSchema,
        errors: [
          "api.assert.invalid_argument",
          "security.token.ttl_exceeded",
          "services.storage.document_already_exists",
          "security.token.generation_failed",
        ],
        run: async ({ expiresIn: expires, refresh, _id, description }, request) => {
          const { key, token } = await apiKeys.create({
            userId: refuseAnonymous(request),
            id: _id ?? undefined,
            description,
            expiresIn: expires || -1,
            limited: true,
            refresh,
          });
          return answerOf({ id: key.id, content: { ...key.content, token } });
        },
      }),
    ),

    deleteApiKey: forUsersOnly(
      action({
        summary: "Deletes one of the caller's API keys",
        http: [{ verb: "DELETE", path: "/api-keys/:_id" }],
        args: { _id: arg.id(), refresh: arg.looseRefresh(false) },
        result: idSchema,
        errors: ["services.storage.not_found"],
        run: async ({ _id, refresh }, request) => {
          await apiKeys.delete(refuseAnonymous(request), _id, refresh);
          return { _id };
        },
      }),
    ),

    searchApiKeys: forUsersOnly(
      action({
        summary: "Searches the caller's API keys",
        http: [{ verb: "POST", path: "/api-keys/_search" }],
        args: {
          from: arg.default.integer(0),
          size: arg.default.integer(10),
          lang: arg.lang(),
          query: arg.optionalContent(),
        },
        result: pageSchema,
        errors: [
          "api.assert.invalid_argument",
          "api.assert.koncorde_restricted_keyword",
          "services.storage.unexpected_bad_request",
        ],
        run: async ({ from, size, lang, query }, request) =>
          pageAnswer(await apiKeys.search(refuseAnonymous(request), shapeQuery(query, lang), from, size)),
      }),
    ),
  };
}
