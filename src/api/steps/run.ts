import { failureOf, isThenable, type MaybePromise } from "../../events/index.ts";
import { HttpStream, JsonText, type KuzzleRequest, kerror } from "../../kernel/index.ts";
import type { ActionEntry } from "../action-table.ts";
import type { Execution, PipelineDeps } from "../execution.ts";

/** Client libraries that the server does not support are refused (contract/wire.md section 8). */
export function checkSdk({ request }: Execution, { options }: PipelineDeps): void {
  const { volatile } = request.input;
  if (volatile === null || !options.strictSdkVersion) return;
  if (volatile.sdkVersion !== undefined) {
    throw kerror("api.process.incompatible_sdk_version", String(volatile.sdkVersion), "Use version 7 or newer.");
  }
  if (typeof volatile.sdkName !== "string") return;
  const [name = "", version = ""] = volatile.sdkName.split("@");
  const minimum = minimumMajor[name];
  const major = Number.parseInt(version, 10);
  if (minimum !== undefined && major < minimum) {
    throw kerror("api.process.incompatible_sdk_version", volatile.sdkName, `Use version ${minimum} or newer.`);
  }
}

const minimumMajor: Readonly<Record<string, number>> = {
  __proto__: null as never,
  android: 5,
  cpp: 2,
  csharp: 2,
  go: 3,
  java: 3,
  js: 7,
  php: 4,
};

/** The action itself; its result becomes the request's. */
export function runAction({ request, entry }: Execution): MaybePromise<void> {
  if (entry === undefined) return;
  const result = entry.action.invoke(request);
  if (isThenable(result)) return awaitResult(entry, request, result);
  if (entry.plugin !== undefined)
    throw kerror("plugin.controller.invalid_action_response", entry.controller, entry.name);
  storeResult(entry, request, result);
}

async function awaitResult(entry: ActionEntry, request: KuzzleRequest, result: PromiseLike<unknown>): Promise<void> {
  storeResult(entry, request, await result);
}

function storeResult({ plugin, controller, name }: ActionEntry, request: KuzzleRequest, result: unknown): void {
  const status = request.status === 102 ? 200 : request.status;
  if (plugin !== undefined && !(request.hasResponse && request.response.raw) && !(result instanceof HttpStream)) {
    if (!isSerializable(result)) {
      throw failureOf(kerror("plugin.controller.unserializable_response", controller, name), { plugin });
    }
  }
  request.setResult(result, { status });
}

function isSerializable(result: unknown): boolean {
  try {
    JSON.stringify(result);
    return true;
  } catch {
    return false;
  }
}

/** Results travel as text; whoever listens after the action, and calls from inside, get the object. */
export function reviveResult({ request, connection, entry }: Execution, { events }: PipelineDeps): void {
  const { result } = request;
  if (!(result instanceof JsonText) || entry === undefined) return;
  const isHeard =
    connection === undefined ||
    events.hasListeners(entry.events.after) ||
    (entry.action.documents.after !== undefined && events.hasListeners(entry.action.documents.after.event)) ||
    events.hasListeners("request:onSuccess") ||
    events.hasListeners("request:afterExecution");
  if (isHeard) request.setResult(result.parse(), { status: request.status });
}
