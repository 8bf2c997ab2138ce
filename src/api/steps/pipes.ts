import { isThenable, type MaybePromise } from "../../events/index.ts";
import { type KuzzleRequest, ownRequest, PluginImplementationError } from "../../kernel/index.ts";
import type { Execution, PipelineDeps, Step } from "../execution.ts";

/** Fires one event of requests; the request that its pipes answer goes on. */
export const pipe = (
  event: "request:beforeExecution" | "request:onAuthorized" | "request:onExecution" | "request:onSuccess",
): Step => {
  const step: Step = (execution, { events }) => replaceRequest(execution, event, events.pipe(event, execution.request));
  // Named after its event, for stacks and for the test of the documented order.
  return Object.defineProperty(step, "name", { value: event });
};

/** `<controller>:before<Action>` */
export function beforeAction(execution: Execution, { events }: PipelineDeps): MaybePromise<void> {
  const event = execution.entry?.events.before ?? "";
  return replaceRequest(execution, event, events.pipe(event, execution.request));
}

/** `<controller>:after<Action>` */
export function afterAction(execution: Execution, { events }: PipelineDeps): MaybePromise<void> {
  const event = execution.entry?.events.after ?? "";
  return replaceRequest(execution, event, events.pipe(event, execution.request));
}

/** `generic:document:before<Kind>`, with the documents of the request. */
export function beforeDocuments(execution: Execution, deps: PipelineDeps): MaybePromise<void> {
  return documentPipe(execution, deps, execution.entry?.action.documents.before);
}

/** `generic:document:after<Kind>`, with the documents of the result. */
export function afterDocuments(execution: Execution, deps: PipelineDeps): MaybePromise<void> {
  return documentPipe(execution, deps, execution.entry?.action.documents.after);
}

type DocumentPipe = NonNullable<NonNullable<Execution["entry"]>["action"]["documents"]["before"]>;

function documentPipe(
  { request }: Execution,
  { events }: PipelineDeps,
  pipe: DocumentPipe | undefined,
): MaybePromise<void> {
  if (pipe === undefined || !events.hasListeners(pipe.event)) return;
  return runDocumentPipe(request, events, pipe);
}

async function runDocumentPipe(
  request: KuzzleRequest,
  events: PipelineDeps["events"],
  pipe: DocumentPipe,
): Promise<void> {
  const documents = await events.pipe(pipe.event, pipe.extract(request), request);
  if (!Array.isArray(documents)) throw wrongAnswer(pipe.event, "an array of documents");
  pipe.insert(request, documents);
}

function replaceRequest(execution: Execution, event: string, answer: MaybePromise<unknown>): MaybePromise<void> {
  if (answer === execution.request) return;
  if (isThenable(answer)) return awaitReplacement(execution, event, answer);
  execution.request = asRequest(event, answer);
}

async function awaitReplacement(execution: Execution, event: string, answer: PromiseLike<unknown>): Promise<void> {
  execution.request = asRequest(event, await answer);
}

export function asRequest(event: string, answer: unknown): KuzzleRequest {
  const request = ownRequest(answer);
  if (request === undefined) throw wrongAnswer(event, "a request");
  return request;
}

const wrongAnswer = (event: string, expected: string): Error =>
  new PluginImplementationError(
    `A pipe on "${event}" must answer ${expected}. Return the payload, or give it to the callback.`,
  );
