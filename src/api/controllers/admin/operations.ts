import { type Action, action, arg, schema } from "../../../events/index.ts";
import { acknowledged, inBackground } from "./answers.ts";
import type { AdminControllerDeps } from "./deps.ts";
import type { SingleRuns } from "./single-runs.ts";

const operation = schema.object({
  id: schema.string(),
  action: schema.string({ description: "Which action does it, as in bulk:import" }),
  user: schema.string({ description: "Who asked for it; null for what the server does by itself" }),
  startedAt: schema.integer({ description: "Epoch milliseconds" }),
  done: schema.integer(),
  total: schema.integer({ description: "Null until it is known" }),
  unit: schema.oneOf(["documents", "collections", "bytes"]),
  cancellable: schema.boolean(),
  state: schema.oneOf(["running"]),
});

/** Actions of our own, beyond the contract: what runs on many documents, and backups. Their paths begin with what no index is called. */
export function operationActions(deps: AdminControllerDeps, single: SingleRuns): Readonly<Record<string, Action>> {
  const { operations, log } = deps;
  return {
    operations: action({
      summary: "Lists what runs on many documents, and how far it is",
      http: [{ verb: "GET", path: "/_operations" }],
      result: schema.object({ operations: schema.array(operation) }),
      run: () => ({ operations: operations.list() }),
    }),

    cancelOperation: action({
      summary: "Cancels a running operation; what it did stays done",
      http: [{ verb: "DELETE", path: "/_operations/:_id" }],
      args: { _id: arg.id() },
      result: acknowledged.schema,
      run: ({ _id }) => {
        operations.cancel(_id);
        return acknowledged.answer();
      },
    }),

    backup: action({
      summary: "Writes a backup of all data into the folder of the backups",
      http: [{ verb: "POST", path: "/admin/_backup" }],
      args: { refresh: arg.looseRefresh(true), name: arg.optional.string() },
      result: schema.object({
        name: schema.string({ description: "Of its folder" }),
        createdAt: schema.string({ description: "Of the instant that it shows" }),
        documents: schema.integer(),
        bytes: schema.integer(),
      }),
      errors: ["api.process.action_locked"],
      run: ({ refresh, name }, request) => {
        const start = { action: "admin:backup", user: request.getKuid(), unit: "bytes" } as const;
        const work = single.run("backup", () => operations.run(start, (running) => deps.backup(name, running)));
        return refresh ? work : inBackground(true, work, log, "backup");
      },
    }),
  };
}
