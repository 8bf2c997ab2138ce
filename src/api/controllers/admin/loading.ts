import { type Action, type Argument, action, arg, schema } from "../../../events/index.ts";
import { kerror } from "../../../kernel/index.ts";
import { acknowledged, inBackground } from "./answers.ts";
import type { AdminControllerDeps } from "./deps.ts";
import { loadFixtures } from "./load-fixtures.ts";
import { loadMappings } from "./load-mappings.ts";

/** The body as a whole. Errors: `api.assert.body_required`, `api.assert.invalid_argument` (400). */
const bodyObject = (): Argument<Readonly<Record<string, unknown>>> => ({
  in: "content",
  required: true,
  schema: schema.object(),
  read: ({ request }) => {
    const { body } = request.input;
    if (body === null) throw kerror("api.assert.body_required");
    if (Array.isArray(body)) throw kerror("api.assert.invalid_argument", "body", "an object");
    return body;
  },
});

/** Loading of whole files: documents, mappings, users and their rights. */
export function loadingActions(deps: AdminControllerDeps): Readonly<Record<string, Action>> {
  const { collections, documents, security, clock, log, preparation, operations } = deps;
  let mappingTurn: Promise<unknown> = Promise.resolve();

  return {
    loadFixtures: action({
      summary: "Loads documents into several collections",
      http: [{ verb: "POST", path: "/admin/_loadFixtures" }],
      args: { refresh: arg.looseRefresh(true), content: bodyObject() },
      result: acknowledged.schema,
      errors: [
        "services.storage.unknown_index",
        "services.storage.unknown_collection",
        "services.storage.import_failed",
        "services.storage.invalid_query_keyword",
        "services.storage.unexpected_bad_request",
      ],
      run: async ({ refresh, content }, request) => {
        const start = { action: "admin:loadFixtures", user: request.getKuid(), unit: "documents" } as const;
        await operations.run(start, (running) =>
          loadFixtures(documents, content, { now: clock.now(), refresh, preparation, running }),
        );
        return acknowledged.answer();
      },
    }),

    loadMappings: action({
      summary: "Creates or updates several collections",
      http: [{ verb: "POST", path: "/admin/_loadMappings" }],
      args: { refresh: arg.looseRefresh(true), content: bodyObject() },
      result: acknowledged.schema,
      errors: [
        "services.storage.invalid_index_name",
        "services.storage.invalid_collection_name",
        "services.storage.collection_reserved",
        "services.storage.invalid_mapping",
        "services.storage.cannot_change_mapping",
        "services.storage.invalid_mapping_type",
        "services.storage.unexpected_properties",
        "services.storage.wrong_mapping_property",
        "services.storage.unexpected_bad_request",
      ],
      run: ({ refresh, content }, request) => {
        const start = { action: "admin:loadMappings", user: request.getKuid(), unit: "collections" } as const;
        // One after the other: two that create the same collection would be in each other's way.
        const work = mappingTurn.then(() =>
          operations.run(start, (running) => loadMappings(collections, content, "bare", preparation, running)),
        );
        mappingTurn = work.catch(() => {});
        return inBackground(!refresh, work, log, "loadMappings");
      },
    }),

    loadSecurities: action({
      summary: "Loads roles, profiles and users",
      http: [{ verb: "POST", path: "/admin/_loadSecurities" }],
      args: {
        refresh: arg.looseRefresh(true),
        onExistingUsers: arg.default.string("fail"),
        force: arg.flag(),
        content: bodyObject(),
      },
      result: acknowledged.schema,
      errors: [
        "security.user.prevent_overwrite",
        "api.assert.unexpected_argument",
        "security.role.unknown_controller",
        "security.role.unknown_action",
      ],
      run: ({ refresh, onExistingUsers, force, content }, request) => {
        const options = { onExistingUsers, force, refresh: true };
        const work = security.loadSecurities(content, options, (name, args) =>
          deps.runSecurityAction(request, name, args),
        );
        return inBackground(!refresh, work, log, "loadSecurities");
      },
    }),
  };
}
