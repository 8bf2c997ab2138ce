import { type Action, type Argument, action, schema } from "../../../events/index.ts";
import { kerror, readers } from "../../../kernel/index.ts";
import { acknowledged } from "./answers.ts";
import type { AdminControllerDeps } from "./deps.ts";
import type { SingleRuns } from "./single-runs.ts";

/** Required, and an empty text is as good as none. */
const databaseName = (): Argument<string> => ({
  in: "args",
  required: true,
  schema: schema.oneOf(["internalCache", "memoryStorage"]),
  read: ({ args }) => {
    if (!readers.valueAt(args.holder, "database")) throw kerror("api.assert.missing_argument", "database");
    return readers.readString(args, "database");
  },
});

/** Actions that empty something. */
export function resetActions(deps: AdminControllerDeps, single: SingleRuns): Readonly<Record<string, Action>> {
  const { collections, security, caches } = deps;
  return {
    refreshIndexCache: action({
      summary: "Takes note of indexes and collections that others have created",
      http: [{ verb: "POST", path: "/admin/_refreshIndexCache" }],
      run: () => collections.discover(),
    }),

    resetCache: action({
      summary: "Empties the internal cache, or the memory storage",
      http: [{ verb: "POST", path: "/admin/_resetCache" }],
      args: { database: databaseName() },
      result: acknowledged.schema,
      errors: ["services.cache.database_not_found"],
      run: async ({ database }) => {
        if (database !== "internalCache" && database !== "memoryStorage") {
          throw kerror("services.cache.database_not_found", database);
        }
        await caches[database]();
        return acknowledged.answer();
      },
    }),

    resetDatabase: action({
      summary: "Deletes every index",
      http: [{ verb: "POST", path: "/admin/_resetDatabase" }],
      result: acknowledged.schema,
      errors: ["api.process.action_locked"],
      run: async () => {
        await single.run("resetDatabase", async () => {
          await deps.deleteAllIndexes();
          await deps.forgetImport("mappings");
        });
        return acknowledged.answer();
      },
    }),

    resetSecurity: action({
      summary: "Deletes users, profiles and roles, and writes those of the first start again",
      http: [{ verb: "POST", path: "/admin/_resetSecurity" }],
      result: schema.object({
        deletedUsers: schema.integer(),
        deletedProfiles: schema.integer(),
        deletedRoles: schema.integer(),
      }),
      errors: ["api.process.action_locked"],
      run: (_, request) =>
        single.run("resetSecurity", async () => {
          const counts = await security.resetSecurity(request);
          await deps.forgetImport("permissions");
          return counts;
        }),
    }),
  };
}
