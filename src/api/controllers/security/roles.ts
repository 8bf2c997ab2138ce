import { shapeSearchBody } from "../../../data/index.ts";
import { type Action, action, arg, schema } from "../../../events/index.ts";
import { BadRequestError, type ErrorId } from "../../../kernel/index.ts";
import type { Security } from "../../../security/index.ts";
import type { LeavingOf } from "../../connections.ts";
import type { WithLookups } from "../lookups.ts";
import { answerOf, documentSchema, hitsSchema, idSchema, pageAnswer, pageSchema } from "./answers.ts";
import { deleteMany, idTexts } from "./bulk.ts";
import { searchErrors } from "./users.ts";

const roleErrors = [
  "api.assert.empty_argument",
  "security.role.login_required",
  "security.role.unknown_action",
  "security.role.unknown_controller",
] as const satisfies readonly ErrorId[];

const write = { _id: arg.id(), force: arg.flag(), refresh: arg.looseRefresh(true) };

/** Roles: which actions are allowed. */
export function roleActions(
  security: Security,
  leavingOf: LeavingOf,
  withLookups: WithLookups,
): Readonly<Record<string, Action>> {
  const { roles } = security;
  return {
    createRole: action({
      summary: "Creates a role",
      http: [{ verb: "POST", path: "/roles/:_id/_create" }],
      args: { ...write, content: arg.content() },
      result: documentSchema,
      errors: ["services.storage.document_already_exists", ...roleErrors],
      run: async ({ _id: id, ...rest }, request) =>
        answerOf(await roles.create({ id, ...rest, author: security.authorOf(request) })),
    }),

    createOrReplaceRole: action({
      summary: "Writes a role, whether it exists or not",
      http: [{ verb: "PUT", path: "/roles/:_id" }],
      args: { ...write, content: arg.content() },
      result: documentSchema,
      errors: roleErrors,
      run: async ({ _id: id, ...rest }, request) =>
        answerOf(await roles.createOrReplace({ id, ...rest, author: security.authorOf(request) })),
    }),

    updateRole: action({
      summary: "Replaces a role that exists",
      http: [{ verb: "PUT", path: "/roles/:_id/_update" }],
      args: { ...write, retryOnConflict: arg.default.integer(10), content: arg.content() },
      result: documentSchema,
      errors: ["services.storage.not_found", ...roleErrors],
      run: async ({ _id: id, retryOnConflict: _, ...rest }, request) =>
        answerOf(await roles.replace({ id, ...rest, author: security.authorOf(request) })),
    }),

    getRole: action({
      summary: "Reads a role",
      http: [{ verb: "GET", path: "/roles/:_id" }],
      args: { _id: arg.id() },
      result: documentSchema,
      errors: ["security.role.not_found"],
      run: ({ _id }) => Promise.resolve(answerOf(roles.get(_id))),
    }),

    mGetRoles: action({
      summary: "Reads several roles",
      http: [{ verb: "POST", path: "/roles/_mGet" }],
      args: { ids: arg.body.array() },
      result: hitsSchema,
      errors: ["security.role.not_found"],
      run: async ({ ids }) => ({ hits: idTexts("body.ids", ids).map((id) => answerOf(roles.get(id))) }),
    }),

    deleteRole: action({
      summary: "Deletes a role",
      http: [{ verb: "DELETE", path: "/roles/:_id" }],
      args: { _id: arg.id(), refresh: arg.looseRefresh(true) },
      result: idSchema,
      errors: ["security.role.not_found", "security.role.cannot_delete", "security.role.in_use"],
      run: async ({ _id, refresh }) => {
        await roles.delete(_id, refresh);
        return { _id };
      },
    }),

    mDeleteRoles: action({
      summary: "Deletes several roles",
      http: [{ verb: "POST", path: "/roles/_mDelete" }],
      args: { refresh: arg.looseRefresh(true), ids: arg.body.array() },
      result: schema.array(schema.string()),
      errors: ["services.storage.write_limit_exceeded", "services.storage.incomplete_delete"],
      run: ({ refresh, ids }, request) => deleteMany(security, request, ids, (id) => roles.delete(id, refresh)),
    }),

    searchRoles: action({
      summary: "Searches roles",
      http: [{ verb: "POST", path: "/roles/_search" }],
      args: {
        from: arg.default.integer(0),
        size: arg.optional.integer(),
        lang: arg.lang(),
        controllers: arg.body.optional.array(),
        content: arg.optionalContent(),
      },
      result: pageSchema,
      errors: searchErrors,
      run: async ({ lang, controllers, content = {}, ...page }, request) => {
        if (controllers && content.query) {
          throw new BadRequestError('Roles are searched by "controllers" or by "query", not by both.');
        }
        const { controllers: _, ...body } = content;
        const search = {
          ...page,
          signal: leavingOf(request),
          body: shapeSearchBody(await withLookups(request, body), lang),
        };
        if (controllers === undefined) return pageAnswer(await roles.search(search));
        return pageAnswer(await roles.searchByControllers(idTexts("body.controllers", controllers), search));
      },
    }),
  };
}
