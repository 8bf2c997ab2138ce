import { shapeSearchBody } from "../../../data/index.ts";
import { type Action, action, arg, schema } from "../../../events/index.ts";
import { BadRequestError, type ErrorId } from "../../../kernel/index.ts";
import type { Security } from "../../../security/index.ts";
import type { LeavingOf } from "../../connections.ts";
import type { WithLookups } from "../lookups.ts";
import {
  answerOf,
  documentSchema,
  hitsSchema,
  idSchema,
  pageAnswer,
  pageSchema,
  rightsAnswer,
  rightsSchema,
} from "./answers.ts";
import { deleteMany, idTexts } from "./bulk.ts";
import { scrollErrors, searchErrors } from "./users.ts";

const profileErrors = [
  "security.role.not_found",
  "api.assert.unexpected_argument",
  "api.assert.invalid_argument",
  "services.storage.unknown_index",
  "services.storage.unknown_collection",
  "security.profile.missing_anonymous_role",
] as const satisfies readonly ErrorId[];

const write = { _id: arg.id(), refresh: arg.looseRefresh(true), strict: arg.flag() };

/** Profiles: sets of roles, each with the collections to which it is restricted. */
export function profileActions(
  security: Security,
  leavingOf: LeavingOf,
  withLookups: WithLookups,
): Readonly<Record<string, Action>> {
  const { profiles } = security;
  return {
    createProfile: action({
      summary: "Creates a profile",
      http: [{ verb: "POST", path: "/profiles/:_id/_create" }],
      args: { ...write, content: arg.content() },
      result: documentSchema,
      errors: ["services.storage.document_already_exists", ...profileErrors],
      run: async ({ _id: id, ...rest }, request) =>
        answerOf(await profiles.create({ id, ...rest, author: security.authorOf(request) })),
    }),

    createOrReplaceProfile: action({
      summary: "Writes a profile, whether it exists or not",
      http: [{ verb: "PUT", path: "/profiles/:_id" }],
      args: { ...write, content: arg.content() },
      result: documentSchema,
      errors: profileErrors,
      run: async ({ _id: id, ...rest }, request) =>
        answerOf(await profiles.createOrReplace({ id, ...rest, author: security.authorOf(request) })),
    }),

    updateProfile: action({
      summary: "Updates a profile, member by member",
      http: [{ verb: "PUT", path: "/profiles/:_id/_update" }],
      args: {
        _id: write._id,
        refresh: write.refresh,
        retryOnConflict: arg.default.integer(10),
        strict: write.strict,
        content: arg.content(),
      },
      result: documentSchema,
      errors: ["security.profile.not_found", ...profileErrors],
      run: async ({ _id: id, retryOnConflict: _, ...rest }, request) =>
        answerOf(await profiles.update({ id, ...rest, author: security.authorOf(request) })),
    }),

    getProfile: action({
      summary: "Reads a profile",
      http: [{ verb: "GET", path: "/profiles/:_id" }],
      args: { _id: arg.id() },
      result: documentSchema,
      errors: ["security.profile.not_found"],
      run: ({ _id }) => Promise.resolve(answerOf(profiles.get(_id))),
    }),

    mGetProfiles: action({
      summary: "Reads several profiles",
      http: [{ verb: "POST", path: "/profiles/_mGet" }],
      args: { ids: arg.body.array() },
      result: hitsSchema,
      errors: ["security.profile.not_found"],
      run: async ({ ids }) => ({ hits: idTexts("body.ids", ids).map((id) => answerOf(profiles.get(id))) }),
    }),

    deleteProfile: action({
      summary: "Deletes a profile",
      http: [{ verb: "DELETE", path: "/profiles/:_id" }],
      args: { _id: arg.id(), onAssignedUsers: arg.default.string("fail"), refresh: arg.looseRefresh(true) },
      result: idSchema,
      errors: ["security.profile.not_found", "security.profile.cannot_delete", "security.profile.in_use"],
      run: async ({ _id, onAssignedUsers, refresh }, request) => {
        const author = security.authorOf(request);
        await profiles.delete(_id, { unassign: onAssignedUsers === "remove", refresh, author });
        return { _id };
      },
    }),

    mDeleteProfiles: action({
      summary: "Deletes several profiles",
      http: [{ verb: "POST", path: "/profiles/_mDelete" }],
      args: { refresh: arg.looseRefresh(true), ids: arg.body.array() },
      result: schema.array(schema.string()),
      errors: ["services.storage.write_limit_exceeded", "services.storage.incomplete_delete"],
      run: ({ refresh, ids }, request) => {
        const author = security.authorOf(request);
        return deleteMany(security, request, ids, (id) => profiles.delete(id, { unassign: false, refresh, author }));
      },
    }),

    searchProfiles: action({
      summary: "Searches profiles",
      http: [{ verb: "POST", path: "/profiles/_search" }],
      args: {
        from: arg.default.integer(0),
        size: arg.optional.integer(),
        scroll: arg.scroll(),
        lang: arg.lang(),
        roles: arg.body.optional.array(),
        content: arg.optionalContent(),
      },
      result: pageSchema,
      errors: searchErrors,
      run: async ({ lang, roles, content = {}, ...place }, request) => {
        const page = { ...place, signal: leavingOf(request) };
        if (roles === undefined) {
          const body = shapeSearchBody(await withLookups(request, content), lang);
          return pageAnswer(await profiles.search({ ...page, body }));
        }
        if (content.query) throw new BadRequestError('Profiles are searched by "roles" or by "query", not by both.');
        request.addDeprecation("auto", 'The member "roles" is deprecated: search with "query".');
        const { roles: _, ...rest } = content;
        const ids = idTexts("body.roles", roles);
        const query = ids.length === 0 ? { match_all: {} } : { terms: { "policies.roleId": ids } };
        return pageAnswer(
          await profiles.search({
            ...page,
            body: { ...shapeSearchBody(await withLookups(request, rest), "elasticsearch"), query },
          }),
        );
      },
    }),

    scrollProfiles: action({
      summary: "Next page of a search of profiles",
      http: [{ verb: "GET", path: "/profiles/_scroll/:scrollId" }],
      args: { scrollId: arg.string(), scroll: arg.scroll() },
      result: pageSchema,
      errors: scrollErrors,
      run: async ({ scrollId, scroll }, request) =>
        pageAnswer(await profiles.scroll(scrollId, scroll, leavingOf(request))),
    }),

    getProfileRights: action({
      summary: "What the roles of a profile say",
      http: [{ verb: "GET", path: "/profiles/:_id/_rights" }],
      args: { _id: arg.id() },
      result: rightsSchema,
      errors: ["security.profile.not_found"],
      run: ({ _id }) => Promise.resolve(rightsAnswer(security.rightsOf([_id]))),
    }),
  };
}
