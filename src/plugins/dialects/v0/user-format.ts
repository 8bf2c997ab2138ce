import { isThenable, type MaybePromise } from "../../../events/index.ts";
import { isPlainObject, type JSONObject, KuzzleRequest } from "../../../kernel/index.ts";
import type { PluginPipe } from "../../definition.ts";
import { callPlugin } from "../../realm/current-call.ts";
import type { PluginScope } from "../dialect.ts";
import { PipeAnswer } from "../pipe-answer.ts";
import type { Target } from "../v2/targets.ts";

/** Plugins that keep secrets in users take them out of answers here. */
export const userFormatEvent = "security:formatUserForSerialization";

/** Actions that answer users. */
const answersWithUsers = [
  "auth:afterGetCurrentUser",
  "auth:afterUpdateSelf",
  "security:afterCreateFirstAdmin",
  "security:afterCreateRestrictedUser",
  "security:afterCreateUser",
  "security:afterGetUser",
  "security:afterMGetUsers",
  "security:afterReplaceUser",
  "security:afterScrollUsers",
  "security:afterSearchUsers",
  "security:afterUpdateUser",
  "security:afterUpsertUser",
] as const;

/**
 * One pipe for each action that answers users: the plugin's is called with each user, `{ _id, _source }` as it is answered.
 * Source: contract/plugins/events.yaml, "security:formatUserForSerialization".
 */
export function userFormatPipes(target: Target, scope: PluginScope): PluginPipe[] {
  const { pipeWarnMs, pipeDeadlineMs } = scope.limits;
  return answersWithUsers.map((event) => ({
    event,
    warnMs: pipeWarnMs,
    deadlineMs: pipeDeadlineMs,
    run: ([payload]) => format(payload, target, scope),
  }));
}

async function format(payload: unknown, target: Target, scope: PluginScope): Promise<unknown> {
  if (!KuzzleRequest.isOwn(payload) || !isPlainObject(payload.result)) return payload;
  const { result, status } = payload;
  if (!Array.isArray(result.hits)) {
    payload.setResult(await callOnce(result, target, scope), { status });
    return payload;
  }
  const hits: unknown[] = [];
  for (const user of result.hits as JSONObject[]) hits.push(await callOnce(user, target, scope));
  payload.setResult({ ...result, hits }, { status });
  return payload;
}

/** What is handed back takes the user's place, when it is an object. */
async function callOnce(user: JSONObject, target: Target, { call, log, limits }: PluginScope): Promise<JSONObject> {
  const own = copyOf(user);
  const pending = new PipeAnswer({
    event: userFormatEvent,
    plugin: call.plugin,
    like: undefined,
    log,
    promiseMayBeEmpty: true,
  });
  const returned = callPlugin(call, target, own, (error?: unknown, answer?: unknown) =>
    pending.calledBack(error, answer),
  );
  const answer: MaybePromise<unknown> = pending.afterReturn(returned, limits.pipeWarnMs);
  const formatted = isThenable(answer) ? await answer : answer;
  return isPlainObject(formatted) ? formatted : own;
}

/** The stored user is shared by its requests, and members are deleted from this one. */
const copyOf = (user: JSONObject): JSONObject =>
  isPlainObject(user._source) ? { ...user, _source: { ...user._source } } : { ...user };
