import { isThenable } from "../events/index.ts";
import { type ClientConnection, type KuzzleRequest, kerror, ownRequest, type Recorder } from "../kernel/index.ts";
import type { Execution, PipelineDeps, Step } from "./execution.ts";
import { isTooDeep, maxDepth } from "./nesting.ts";
import { authorize, findAction, identify, limitRate } from "./steps/access.ts";
import { checkOrigin, checkShape } from "./steps/entrance.ts";
import { afterAction, afterDocuments, asRequest, beforeAction, beforeDocuments, pipe } from "./steps/pipes.ts";
import { checkSdk, reviveResult, runAction } from "./steps/run.ts";

/**
 * Every request goes through these steps, in this order. A test compares this list with `docs/lifecycle.md`.
 * A failure at the `entrance` is answered at once; one in `access` fires `request:afterExecution`; one in `execution` fires
 * `<controller>:error<Action>` and `request:onError` before that, and a pipe on either may recover.
 */
export const steps = {
  entrance: [checkShape, checkOrigin],
  // admit: the only queue, between entrance and access
  access: [pipe("request:beforeExecution"), identify, authorize, pipe("request:onAuthorized"), limitRate, findAction],
  execution: [
    checkSdk,
    pipe("request:onExecution"),
    beforeDocuments, // generic:document:before<Kind>
    beforeAction, // <controller>:before<Action>
    runAction,
    reviveResult, // documents as text become objects when somebody listens
    afterAction, // <controller>:after<Action>
    afterDocuments, // generic:document:after<Kind>
    pipe("request:onSuccess"),
  ],
} as const satisfies Readonly<Record<string, readonly Step[]>>;

/** What is left of the steps for calls from inside: no rights, no events unless asked for. */
const quietSteps: readonly Step[] = [findAction, runAction, reviveResult];
const loudSteps: readonly Step[] = [findAction, ...steps.execution];

export interface InternalOptions {
  /** Check the rights of the request's user first. */
  readonly checkRights?: boolean;
}

/** The life of a request: one call for every protocol, plugin and embedded client. */
export class Pipeline {
  readonly #deps: PipelineDeps;

  constructor(deps: PipelineDeps) {
    this.#deps = deps;
  }

  /** Never rejects: the answer carries the result or the error. */
  run(request: KuzzleRequest, connection: ClientConnection): Promise<KuzzleRequest> {
    const { recorder } = this.#deps;
    const answer = this.#runQueued(request, connection);
    return recorder === undefined ? answer : recorded(recorder, answer);
  }

  async #runQueued(request: KuzzleRequest, connection: ClientConnection): Promise<KuzzleRequest> {
    const { queue, options } = this.#deps;
    const execution: Execution = { request, connection, entry: undefined };
    try {
      const entrance = this.#run(steps.entrance, execution);
      if (entrance !== undefined) await entrance;
      const turn = queue.enter(options.isUrgent?.(connection.id));
      if (turn !== undefined) await turn;
    } catch (error) {
      fail(execution, error);
      return execution.request;
    }
    try {
      const answer = await this.#runAdmitted(execution);
      const audited = this.#deps.access.audit?.(answer, "client");
      if (audited !== undefined) await audited;
      return answer;
    } finally {
      queue.leave();
    }
  }

  async #runAdmitted(execution: Execution): Promise<KuzzleRequest> {
    try {
      const access = this.#run(steps.access, execution);
      if (access !== undefined) await access;
    } catch (error) {
      fail(execution, error);
      return this.#finish(execution, false);
    }
    return this.#finish(execution, await this.#execute(execution, steps.execution));
  }

  /** A call from a plugin or from the embedded SDK. Rejects with the error, answers the request with its result. */
  async runInternal(request: KuzzleRequest, options: InternalOptions = {}): Promise<KuzzleRequest> {
    const { access, originOfCall } = this.#deps;
    const origin = originOfCall?.() ?? "server";
    try {
      const answer = await this.#runAs(request, options);
      const audited = access.audit?.(answer, origin);
      if (audited !== undefined) await audited;
      return answer;
    } catch (error) {
      fail({ request, connection: undefined, entry: undefined }, error);
      await access.audit?.(request, origin);
      throw error;
    }
  }

  async #runAs(request: KuzzleRequest, { checkRights = false }: InternalOptions): Promise<KuzzleRequest> {
    const { access } = this.#deps;
    if (checkRights) {
      await access.authorize(request);
      return this.#runInside(request);
    }
    const end = access.privilege?.(request);
    try {
      return await this.#runInside(request);
    } finally {
      end?.();
    }
  }

  async #runInside(request: KuzzleRequest): Promise<KuzzleRequest> {
    const execution: Execution = { request, connection: undefined, entry: undefined };
    if (!request.input.triggerEvents) {
      const pending = this.#run(quietSteps, execution);
      if (pending !== undefined) await pending;
      return execution.request;
    }
    const success = await this.#execute(execution, loudSteps);
    const answer = await this.#finish(execution, success);
    if (answer.error !== null) throw answer.error;
    return answer;
  }

  /** Undefined when no step had to wait. */
  #run(list: readonly Step[], execution: Execution, from = 0): Promise<void> | undefined {
    for (let i = from; i < list.length; i++) {
      const pending = (list[i] as Step)(execution, this.#deps);
      if (isThenable(pending)) return this.#runOn(list, execution, i + 1, pending);
    }
    return undefined;
  }

  async #runOn(list: readonly Step[], execution: Execution, from: number, pending: PromiseLike<void>): Promise<void> {
    await pending;
    for (let i = from; i < list.length; i++) {
      const next = (list[i] as Step)(execution, this.#deps);
      if (isThenable(next)) await next;
    }
  }

  async #execute(execution: Execution, list: readonly Step[]): Promise<boolean> {
    try {
      const pending = this.#run(list, execution);
      if (pending !== undefined) await pending;
      return true;
    } catch (error) {
      fail(execution, error);
      return this.#recover(execution);
    }
  }

  /** `<controller>:error<Action>` may clear the error, `request:onError` may answer another request. */
  async #recover(execution: Execution): Promise<boolean> {
    const { events } = this.#deps;
    try {
      const event = execution.entry?.events.error;
      if (event !== undefined && events.hasListeners(event)) {
        execution.request = asRequest(event, await events.pipe(event, execution.request));
        if (execution.request.error === null) return true;
      }
      const failed = execution.request;
      if (events.hasListeners("request:onError")) {
        execution.request = asRequest("request:onError", await events.pipe("request:onError", failed));
        return execution.request !== failed;
      }
    } catch (error) {
      fail(execution, error);
    }
    return false;
  }

  async #finish(execution: Execution, success: boolean): Promise<KuzzleRequest> {
    const { events } = this.#deps;
    const { request } = execution;
    if (!events.hasListeners("request:afterExecution")) return request;
    try {
      const outcome = success
        ? { request, result: request, success }
        : { request, error: request.error as Error, success };
      const answer = await events.pipe("request:afterExecution", outcome);
      if (success) return ownRequest(answer.result) ?? request;
      if (answer.error instanceof Error && answer.error !== request.error) request.setError(answer.error);
      return ownRequest(answer.request) ?? request;
    } catch (error) {
      fail(execution, error);
      return execution.request;
    }
  }
}

function fail({ request }: Execution, error: unknown): void {
  if (error instanceof RangeError && isTooDeep(request)) {
    request.setError(kerror("api.assert.invalid_argument", "body", `at most ${maxDepth} levels of nesting`));
    return;
  }
  request.setError(error instanceof Error ? error : new Error(String(error)));
}

async function recorded(recorder: Recorder, answering: Promise<KuzzleRequest>): Promise<KuzzleRequest> {
  const answer = await answering;
  const { input, error } = answer;
  if (error?.id !== undefined) recorder.error(error.id);
  if (error === null && input.controller !== null && input.action !== null)
    recorder.action(input.controller, input.action);
  return answer;
}
