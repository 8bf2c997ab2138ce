import type { MaybePromise } from "../../events/index.ts";
import { isThenable } from "../../events/index.ts";
import { KuzzleError } from "../../kernel/index.ts";
import type { Execution, PipelineDeps } from "../execution.ts";

/** Token to user. */
export function identify({ request }: Execution, deps: PipelineDeps): MaybePromise<void> {
  try {
    return refusable(request, deps, deps.access.identify(request));
  } catch (error) {
    return refuse(request, deps, error);
  }
}

/** The user's roles allow this action, or 401 for nobody in particular and 403 for somebody. */
export function authorize({ request }: Execution, deps: PipelineDeps): MaybePromise<void> {
  try {
    return refusable(request, deps, deps.access.authorize(request));
  } catch (error) {
    return refuse(request, deps, error);
  }
}

/** A refusal passes the pipe `request:onUnauthorized`, whose own error takes its place. */
function refusable(request: Execution["request"], deps: PipelineDeps, pending: MaybePromise<void>): MaybePromise<void> {
  return isThenable(pending) ? pending.catch((error: unknown) => refuse(request, deps, error)) : undefined;
}

async function refuse(request: Execution["request"], { events }: PipelineDeps, error: unknown): Promise<never> {
  if (error instanceof KuzzleError && (error.status === 401 || error.status === 403)) {
    request.setError(error);
    await events.pipe("request:onUnauthorized", request);
  }
  throw error;
}

/** Requests per second of this user. */
export function limitRate({ request }: Execution, { access }: PipelineDeps): MaybePromise<void> {
  return access.limit(request);
}

/** Only now: to those without rights an unknown action looks like a forbidden one. */
export function findAction(execution: Execution, { actions }: PipelineDeps): void {
  const { controller, action } = execution.request.input;
  execution.entry = actions.get(controller ?? "", action ?? "");
}
