import { shapeSearchBody } from "../../../data/index.ts";
import { type Action, action, arg, schema } from "../../../events/index.ts";
import {
  type ErrorId,
  isPlainObject,
  type JSONObject,
  KuzzleError,
  type KuzzleRequest,
  kerror,
} from "../../../kernel/index.ts";
import type { Security } from "../../../security/index.ts";
import type { LeavingOf } from "../../connections.ts";
import type { WithLookups } from "../lookups.ts";
import {
  documentSchema,
  hitsSchema,
  idSchema,
  pageAnswer,
  pageSchema,
  rightsAnswer,
  rightsSchema,
  userAnswer,
} from "./answers.ts";
import { deleteMany, idTexts } from "./bulk.ts";

export const scrollErrors = [
  "services.storage.scroll_duration_too_great",
  "services.storage.unknown_scroll_id",
] as const satisfies readonly ErrorId[];

/** Of documents that a search looks something up in. */
export const lookupErrors = [
  "services.storage.unknown_index",
  "services.storage.unknown_collection",
  "services.storage.unexpected_bad_request",
] as const satisfies readonly ErrorId[];

export const searchErrors = [
  "services.storage.get_limit_exceeded",
  "api.assert.invalid_argument",
  "api.assert.koncorde_restricted_keyword",
  "services.storage.scroll_duration_too_great",
  "services.storage.invalid_search_query",
  ...lookupErrors,
] as const satisfies readonly ErrorId[];

const profileErrors = ["security.user.no_profile", "security.profile.not_found"] as const satisfies readonly ErrorId[];

const accountErrors = [
  "security.credentials.unknown_strategy",
  "security.credentials.database_inconsistency",
  "security.user.already_exists",
  "plugin.runtime.unexpected_error",
] as const satisfies readonly ErrorId[];

const newUser = {
  _id: arg.optionalId(),
  kuid: arg.default.string("human"),
  refresh: arg.looseRefresh(true),
};

const optionalAccount = { content: arg.body.optional.object(), credentials: arg.body.optional.object() };

/** Users: `content` wraps the fields where users are created, elsewhere they are the body. */
export function userActions(
  security: Security,
  leavingOf: LeavingOf,
  withLookups: WithLookups,
): Readonly<Record<string, Action>> {
  const { users, accounts } = security;

  const createAccount = async (
    request: KuzzleRequest,
    asked: { _id: string | null; kuid: string; refresh: boolean },
    content: JSONObject,
    credentials: JSONObject = {},
  ) => {
    const author = security.authorOf(request);
    const { kuid, refresh } = asked;
    const place = "body.content.";
    return accounts.create(request, { id: asked._id ?? undefined, kuid, content, credentials, author, refresh, place });
  };

  return {
    createFirstAdmin: action({
      summary: "Creates the first user of profile admin",
      http: [
        { verb: "POST", path: "/_createFirstAdmin/:_id" },
        { verb: "POST", path: "/_createFirstAdmin" },
      ],
      args: {
        _id: newUser._id,
        kuid: newUser.kuid,
        reset: arg.flag(),
        refresh: newUser.refresh,
        ...optionalAccount,
      },
      result: documentSchema,
      errors: ["api.process.admin_exists", "api.assert.forbidden_argument", ...accountErrors],
      run: async ({ reset, content = {}, credentials, ...asked }, request) => {
        const admin = await security.firstAdmin(() => {
          refuseProfiles(content);
          return createAccount(request, asked, { ...content, profileIds: ["admin"] }, credentials);
        });
        if (reset) await security.restrictDefaultRights(security.authorOf(request));
        return userAnswer(admin);
      },
    }),

    createUser: action({
      summary: "Creates a user, with credentials if given",
      http: [
        { verb: "POST", path: "/users/_create" },
        { verb: "POST", path: "/users/:_id/_create" },
      ],
      args: { ...newUser, content: arg.body.object(), credentials: arg.body.optional.object() },
      result: documentSchema,
      errors: [
        ...accountErrors,
        ...profileErrors,
        "security.user.anonymous_profile_required",
        "security.credentials.rejected",
      ],
      run: async ({ content, credentials, ...asked }, request) =>
        userAnswer(await createAccount(request, asked, content, credentials)),
    }),

    createRestrictedUser: action({
      summary: "Creates a user with the profiles that the configuration gives to newcomers",
      http: [
        { verb: "POST", path: "/users/_createRestricted" },
        { verb: "POST", path: "/users/:_id/_createRestricted" },
      ],
      args: { ...newUser, ...optionalAccount },
      result: documentSchema,
      errors: ["api.assert.forbidden_argument", ...accountErrors],
      run: async ({ content = {}, credentials, ...asked }, request) => {
        refuseProfiles(content);
        const profileIds = [...security.options.restrictedProfileIds];
        return userAnswer(await createAccount(request, asked, { ...content, profileIds }, credentials));
      },
    }),

    upsertUser: action({
      summary: "Updates a user, or creates it",
      http: [{ verb: "POST", path: "/users/:_id/_upsert" }],
      args: {
        _id: arg.id(),
        refresh: arg.looseRefresh(true),
        retryOnConflict: arg.default.integer(10),
        content: arg.body.object(),
        default: arg.body.optional.object(),
        credentials: arg.body.optional.object(),
      },
      result: documentSchema,
      errors: ["api.assert.body_required", ...accountErrors, ...profileErrors],
      run: async ({ _id, refresh, retryOnConflict, content, credentials, default: fallback }, request) => {
        if (content.profileIds === undefined || content.profileIds === null) {
          throw kerror("api.assert.missing_argument", "body.content.profileIds");
        }
        const author = security.authorOf(request);
        try {
          const place = "body.content.";
          return userAnswer(await users.update({ id: _id, content, author, refresh, retryOnConflict, place }));
        } catch (error) {
          if (!(error instanceof KuzzleError) || error.id !== "security.user.not_found") throw error;
        }
        const asked = { _id, kuid: "human", refresh };
        return userAnswer(await createAccount(request, asked, { ...fallback, ...content }, credentials));
      },
    }),

    getUser: action({
      summary: "Reads a user",
      http: [{ verb: "GET", path: "/users/:_id" }],
      args: { _id: arg.id() },
      result: documentSchema,
      errors: ["security.user.not_found"],
      run: async ({ _id }) => userAnswer(await users.get(_id)),
    }),

    mGetUsers: action({
      summary: "Reads several users; unknown ones are left out",
      http: [
        { verb: "GET", path: "/users/_mGet" },
        { verb: "POST", path: "/users/_mGet" },
      ],
      args: { ids: arg.optional.list() },
      result: hitsSchema,
      run: async ({ ids }, request) => {
        const { body } = request.input;
        const fromBody = isPlainObject(body) ? body.ids : undefined;
        if (fromBody !== undefined && !Array.isArray(fromBody))
          throw kerror("api.assert.invalid_type", "body.ids", "array");
        const asked = fromBody !== undefined && (fromBody.length > 0 || ids === undefined) ? fromBody : ids;
        if (asked === undefined) throw kerror("api.assert.missing_argument", "ids");
        return { hits: (await users.mGet(idTexts("ids", asked))).map(userAnswer) };
      },
    }),

    updateUser: action({
      summary: "Updates the fields of a user",
      http: [{ verb: "PUT", path: "/users/:_id/_update" }],
      args: {
        _id: arg.id(),
        refresh: arg.looseRefresh(true),
        retryOnConflict: arg.default.integer(10),
        content: arg.content(),
      },
      result: documentSchema,
      errors: ["security.user.not_found", ...profileErrors, "security.user.anonymous_profile_required"],
      run: async ({ _id: id, ...write }, request) =>
        userAnswer(await users.update({ id, ...write, author: security.authorOf(request) })),
    }),

    replaceUser: action({
      summary: "Replaces the fields of a user",
      http: [{ verb: "PUT", path: "/users/:_id/_replace" }],
      args: { _id: arg.id(), refresh: arg.looseRefresh(true), content: arg.content() },
      result: documentSchema,
      errors: ["security.user.not_found", ...profileErrors],
      run: async ({ _id: id, ...write }, request) =>
        userAnswer(await users.replace({ id, ...write, author: security.authorOf(request) })),
    }),

    deleteUser: action({
      summary: "Deletes a user with its credentials, API keys and tokens",
      http: [{ verb: "DELETE", path: "/users/:_id" }],
      args: { _id: arg.id(), refresh: arg.looseRefresh(true) },
      result: idSchema,
      errors: ["security.user.not_found", "security.credentials.rejected", "services.storage.not_found"],
      run: async ({ _id, refresh }, request) => {
        await accounts.delete(request, _id, refresh);
        return { _id };
      },
    }),

    mDeleteUsers: action({
      summary: "Deletes several users",
      http: [{ verb: "POST", path: "/users/_mDelete" }],
      args: { refresh: arg.looseRefresh(true), ids: arg.body.array() },
      result: schema.array(schema.string()),
      errors: ["services.storage.write_limit_exceeded", "services.storage.incomplete_delete"],
      run: ({ refresh, ids }, request) =>
        deleteMany(security, request, ids, (id) => accounts.delete(request, id, refresh)),
    }),

    searchUsers: action({
      summary: "Searches users",
      http: [{ verb: "POST", path: "/users/_search" }],
      args: {
        from: arg.default.integer(0),
        size: arg.optional.integer(),
        scroll: arg.scroll(),
        lang: arg.lang(),
        content: arg.optionalContent(),
      },
      result: pageSchema,
      errors: searchErrors,
      run: async ({ lang, content = {}, ...page }, request) => {
        const signal = leavingOf(request);
        const body = shapeSearchBody(await withLookups(request, content), lang);
        const found = await users.search({ ...page, signal, body });
        const { aggregations: _dropped, ...answer } = pageAnswer(found);
        return answer;
      },
    }),

    scrollUsers: action({
      summary: "Next page of a search of users",
      http: [{ verb: "GET", path: "/users/_scroll/:scrollId" }],
      args: { scrollId: arg.string(), scroll: arg.scroll() },
      result: pageSchema,
      errors: scrollErrors,
      run: async ({ scrollId, scroll }, request) =>
        pageAnswer(await users.scroll(scrollId, scroll, leavingOf(request))),
    }),

    getUserRights: action({
      summary: "What the roles of a user say",
      http: [{ verb: "GET", path: "/users/:_id/_rights" }],
      args: { _id: arg.id() },
      result: rightsSchema,
      errors: ["security.user.not_found"],
      run: async ({ _id }) => rightsAnswer(security.rightsOf((await users.get(_id)).profileIds)),
    }),

    getUserStrategies: action({
      summary: "Strategies for which a user has credentials",
      http: [{ verb: "GET", path: "/users/:_id/_strategies" }],
      args: { _id: arg.id() },
      result: schema.object({ strategies: schema.array(schema.string()), total: schema.integer() }),
      errors: ["security.user.not_found", "plugin.runtime.unexpected_error"],
      run: async ({ _id }, request) => {
        const user = await users.get(_id);
        const strategies = await accounts.strategiesOf(request, user._id);
        return { strategies, total: strategies.length };
      },
    }),
  };
}

function refuseProfiles(content: JSONObject): void {
  if (content.profileIds !== undefined) throw kerror("api.assert.forbidden_argument", "body.content.profileIds");
}
