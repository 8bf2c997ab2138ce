import { isPlainObject, type JSONObject, type KuzzleRequest } from "../../kernel/index.ts";
import type { AuditTarget } from "./audit-entry.ts";

const maxNames = 20;
const maxLength = 200;

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value.slice(0, maxLength) : undefined;

const texts = (values: unknown): string[] =>
  Array.isArray(values) ? values.flatMap((value) => text(value) ?? []).slice(0, maxNames) : [];

const namesOf = (value: unknown): string[] => (isPlainObject(value) ? texts(Object.keys(value)) : []);

/** What the action works on, by the words in its name; the first that fits. */
const kinds: readonly (readonly [RegExp, AuditTarget["kind"]])[] = [
  [/ApiKey/, "apiKey"],
  [/Credentials|[Pp]assword|totp|Waits/, "credentials"],
  [/Token|log(in|out)/i, "token"],
  [/Profile/, "profile"],
  [/Role|restrictDefaultRights/, "role"],
  [/Securit|resetDatabase/, "securities"],
  [/User|Admin|Self/, "user"],
];

/** The objects of a security action. Ids that the server has made are in the result. */
export function targetOf({ input, result, context }: KuzzleRequest): AuditTarget | undefined {
  const { controller, action, args, body } = input;
  const kind = kinds.find(([pattern]) => pattern.test(`${controller}:${action}`))?.[1];
  if (kind === undefined) return undefined;
  const made = isPlainObject(result) ? text(result._id) : undefined;
  const listed = isPlainObject(body) ? texts(body.ids) : [];
  const named = text(args._id) ?? made ?? text(args.userId);
  if (listed.length > 0) return { kind, ids: listed };
  if (named !== undefined) return { kind, ids: [named] };
  const own = controller === "auth" || controller === "totp" ? text(context.user?._id) : undefined;
  return { kind, ids: own === undefined ? [] : [own] };
}

/** Names out of a request that are worth keeping; no values beside the ids of roles, profiles, users and strategies. */
export function detailOf({ input }: KuzzleRequest): JSONObject | undefined {
  const { controller, args } = input;
  const body = isPlainObject(input.body) ? input.body : {};
  const content = isPlainObject(body.content) ? body.content : body;
  const detail: JSONObject = {};
  const put = (name: string, value: string | readonly string[] | undefined): void => {
    if (value !== undefined && value.length > 0) detail[name] = value;
  };
  put("strategy", text(args.strategy));
  put("userId", text(args.userId));
  if (controller === "auth" && input.action === "login") return isEmpty(detail) ? undefined : detail;
  put("fields", namesOf(content));
  put("profileIds", texts(content.profileIds));
  put("controllers", namesOf(content.controllers));
  const policies = Array.isArray(content.policies) ? content.policies : [];
  put("roleIds", texts(policies.map((policy: unknown) => (isPlainObject(policy) ? policy.roleId : undefined))));
  put("credentials", namesOf(body.credentials));
  for (const kind of ["roles", "profiles", "users"]) put(kind, namesOf(body[kind]));
  return isEmpty(detail) ? undefined : detail;
}

const isEmpty = (object: JSONObject): boolean => Object.keys(object).length === 0;
