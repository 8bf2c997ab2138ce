import { action, arg, type ControllerDefinition } from "../../../events/index.ts";
import { kerror } from "../../../kernel/index.ts";
import { acknowledged, inBackground } from "./answers.ts";
import type { AdminControllerDeps } from "./deps.ts";
import { loadingActions } from "./loading.ts";
import { operationActions } from "./operations.ts";
import { resetActions } from "./resets.ts";
import { SingleRuns } from "./single-runs.ts";

/** What only an administrator does to a whole server: contract/api/admin.yaml, and the actions of our own on running operations. */
export function createAdminController(deps: AdminControllerDeps): ControllerDefinition {
  const single = new SingleRuns();
  return {
    name: "admin",
    actions: {
      dump: action({
        summary: "Writes a diagnostic dump of the server to its disk",
        http: [{ verb: "POST", path: "/admin/_dump" }],
        args: {
          refresh: arg.looseRefresh(true),
          suffix: arg.default.string("manual-api-action"),
          heapSnapshot: arg.flag(),
          coreFile: arg.flag(),
        },
        result: acknowledged.schema,
        errors: ["api.process.action_locked"],
        run: ({ refresh, suffix, heapSnapshot, coreFile }) => {
          const work = single.run("dump", () => deps.dump(suffix, { heapSnapshot, coreFile }));
          return inBackground(!refresh, work, deps.log, "dump");
        },
      }),
      ...loadingActions(deps),
      ...resetActions(deps, single),
      ...operationActions(deps, single),
      shutdown: action({
        summary: "Stops the server once the running requests are answered",
        http: [{ verb: "POST", path: "/admin/_shutdown/" }],
        result: acknowledged.schema,
        errors: ["api.process.action_locked"],
        run: () => {
          if (deps.isStopping()) throw kerror("api.process.action_locked", "shutdown");
          deps.shutdown();
          return acknowledged.answer();
        },
      }),
    },
  };
}
