import { isThenable, type MaybePromise } from "../../../events/index.ts";
import { isPlainObject, type JSONObject, KuzzleRequest } from "../../../kernel/index.ts";
import type { PluginHook, PluginPipe } from "../../definition.ts";
import { callPlugin } from "../../realm/current-call.ts";
import type { PluginScope } from "../dialect.ts";
import { PipeAnswer } from "../pipe-answer.ts";
import type { Target } from "../v2/targets.ts";
import { errorOf } from "./conversions.ts";

/** Plugins that keep secrets in users take them out of answers here. */
export const userFormatEvent = "security:formatUserForSerialization";

/** Actions that answer users. Answers to logins and notifications hold none. */
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
 * One pipe for each action that answers users: the plugin's is called with each user.
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

/** As {@link userFormatPipes}, for listeners that only look: each user as the pipes have left it. */
export function userFormatHooks(declared: string, target: Target, { call }: PluginScope): PluginHook[] {
  return answersWithUsers.map((event) => ({
    event,
    run: ([payload]) => {
      for (const user of usersIn(payload)) callPlugin(call, target, shown(user), declared);
    },
  }));
}

function usersIn(payload: unknown): readonly JSONObject[] {
  if (!(payload instanceof KuzzleRequest) || !isPlainObject(payload.result)) return [];
  const { result } = payload;
  return Array.isArray(result.hits) ? (result.hits as JSONObject[]) : [result];
}

async function format(payload: unknown, target: Target, scope: PluginScope): Promise<unknown> {
  if (!KuzzleRequest.isOwn(payload) || !isPlainObject(payload.result)) return payload;
  const { result, status } = payload;
  const users: JSONObject[] = [];
  for (const user of usersIn(payload)) users.push(await callOnce(user, target, scope));
  payload.setResult(Array.isArray(result.hits) ? { ...result, hits: users } : users[0], { status });
  return payload;
}

/** What is handed back takes the user's place, when it is an object. */
async function callOnce(user: JSONObject, target: Target, { call, log, limits }: PluginScope): Promise<JSONObject> {
  const own = shown(user);
  const pending = new PipeAnswer({
    event: userFormatEvent,
    plugin: call.plugin,
    like: undefined,
    log,
    promiseMayBeEmpty: true,
  });
  const returned = callPlugin(call, target, own, (error?: unknown, answer?: unknown) =>
    pending.calledBack(errorOf(error), answer),
  );
  const answer: MaybePromise<unknown> = pending.afterReturn(returned, limits.pipeWarnMs);
  const formatted = isThenable(answer) ? await answer : answer;
  return takeBack(user, isPlainObject(formatted) ? formatted : own);
}

const fieldsOf = ({ _source }: JSONObject): JSONObject => (isPlainObject(_source) ? _source : {});

/**
 * A copy, in both forms that plugins know: `{ _id, _source: { name } }`, and `{ _id, profileIds, profile, name }`. The stored user is shared by its
 * requests.
 */
function shown(user: JSONObject): JSONObject {
  const fields = fieldsOf(user);
  const { profileIds } = fields;
  const profile = Array.isArray(profileIds) ? (profileIds[0] as unknown) : undefined;
  return { profile, ...fields, _id: user._id, _source: { ...fields } };
}

/** A field that is gone, or changed, in either of the forms is so in the answer. */
function takeBack(user: JSONObject, { _id, _source, profile: _, ...flat }: JSONObject): JSONObject {
  const before = fieldsOf(user);
  const source: JSONObject = isPlainObject(_source) ? _source : { ...flat };
  const keepsFlat = !isPlainObject(_source) || Object.keys(before).some((field) => field in flat);
  if (keepsFlat) {
    for (const field of Object.keys(before)) if (!(field in flat) && field !== "profile") delete source[field];
    for (const [field, value] of Object.entries(flat)) if (value !== before[field]) source[field] = value;
  }
  return { ...user, _id, _source: source };
}
