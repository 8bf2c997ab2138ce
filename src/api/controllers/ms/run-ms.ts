import { isPlainObject, kerror, kerrorFrom, RequestInput } from "../../../kernel/index.ts";
import {
  type MemoryCommand,
  type MemoryStore,
  MemoryStoreError,
  MemoryStoreUnavailableError,
  type Reply,
} from "../../../stores/memory/index.ts";
import type { MsAction } from "./action.ts";
import { msActionsByName } from "./actions.ts";
import { commandOf, type MsRequest } from "./command-of.ts";
import { member, requiredArray, requiredBody } from "./texts.ts";

/**
 * Runs one action of the `ms` controller: reads its arguments, executes the command and answers the result.
 *
 * Shape: the reply as it is (scores and cursors are texts); `hgetall` answers an object; `mexecute` answers `[null, result]` for each entry
 * that was run, and `[{ message }]` for each that the engine refused.
 * Errors: those of {@link commandOf}; `plugin.runtime.unexpected_error` with the engine's text when it refuses the command;
 * `core.fatal.unexpected_error` when the engine cannot be reached. Source: contract/memory-storage.md sections 3, 4 and 7.
 */
export async function runMs(store: MemoryStore, row: MsAction, request: MsRequest): Promise<unknown> {
  try {
    if (row.action === "mexecute") return await runTransaction(store, request.input);
    const { name, args } = commandOf(row, request);
    return resultOf(row, await store.execute(name, args));
  } catch (error) {
    if (error instanceof MemoryStoreError) {
      throw kerrorFrom(error, "plugin.runtime.unexpected_error", error.message);
    }
    if (error instanceof MemoryStoreUnavailableError) {
      throw kerrorFrom(error, "core.fatal.unexpected_error", "services.cache.notconnected");
    }
    throw error;
  }
}

interface Step {
  readonly row: MsAction;
  readonly command: MemoryCommand;
}

/** Every entry is read before the first one runs. */
async function runTransaction(store: MemoryStore, input: RequestInput): Promise<unknown> {
  const steps = requiredArray(requiredBody(input), "actions").map(readStep);
  const outcomes = await store.transact(steps.map(({ command }) => command));
  return steps.map(({ row }, i) => {
    const outcome = outcomes[i] ?? null;
    return outcome instanceof MemoryStoreError ? [{ message: outcome.message }] : [null, resultOf(row, outcome)];
  });
}

function readStep(entry: unknown): Step {
  const holder = typeof entry === "object" ? entry : null;
  const name = member(holder, "action");
  const args = member(holder, "args");
  if (name === undefined) throw kerror("api.assert.missing_argument", "action");
  if (args === undefined) throw kerror("api.assert.missing_argument", "args");
  if (!isPlainObject(args)) throw kerror("api.assert.invalid_type", "args", "object");
  const row = typeof name === "string" && name !== "mexecute" ? msActionsByName.get(name) : undefined;
  if (row === undefined) throw kerror("api.assert.forbidden_argument", name);
  return { row, command: commandOf(row, { input: new RequestInput(args) }) };
}

const resultOf = (row: MsAction, reply: Reply): unknown =>
  row.reply === "object" && Array.isArray(reply) ? objectOf(reply) : reply;

/** `["name", "value", …]` as an object; a field called `__proto__` becomes a member like any other. */
function objectOf(flat: readonly Reply[]): Record<string, Reply> {
  const object: Record<string, Reply> = {};
  for (let i = 0; i < flat.length; i += 2) {
    const name = String(flat[i]);
    const value = flat[i + 1] ?? null;
    if (name === "__proto__") {
      Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
    } else {
      object[name] = value;
    }
  }
  return object;
}
