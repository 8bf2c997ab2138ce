import {
  type Action,
  type Argument,
  action,
  type ControllerDefinition,
  type JsonSchema,
  schema,
} from "../../../events/index.ts";
import type { MemoryStore } from "../../../stores/memory/index.ts";
import type { MsAction, MsArgument } from "./action.ts";
import { msActions } from "./actions.ts";
import { runMs } from "./run-ms.ts";

/** Shared memory over the API (contract/api/ms.yaml): one action for each command, from one table. */
export function createMsController(store: MemoryStore): ControllerDefinition {
  return {
    name: "ms",
    aliases: ["memoryStorage"],
    actions: Object.fromEntries(msActions.map((row) => [row.action, actionOf(store, row)])),
  };
}

function actionOf(store: MemoryStore, row: MsAction): Action {
  const declared = action({
    summary: `The command ${row.command.toUpperCase()} of the memory storage`,
    http: row.routes,
    result: schema.anything(),
    errors: ["plugin.runtime.unexpected_error", "core.fatal.unexpected_error"],
    run: (_, request) => runMs(store, row, request),
  });
  // The table has readers of its own, which see empty texts and missing values as the commands do: these arguments only describe.
  return {
    ...declared,
    args: Object.fromEntries(row.arguments.map((argument) => [argument.name, describe(argument)])),
  };
}

const listKinds: ReadonlySet<MsArgument["kind"]> = new Set([
  "commaList",
  "bodyList",
  "options",
  "limit",
  "entries",
  "fields",
  "points",
]);

function describe({ kind, from, required }: MsArgument): Argument<unknown> {
  const described: JsonSchema = listKinds.has(kind) ? schema.array() : schema.string();
  return { in: from === "body" ? "body" : "args", required, schema: described, read: () => undefined };
}
