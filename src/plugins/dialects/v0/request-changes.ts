import { isPlainObject, type JSONObject, uuid } from "../../../kernel/index.ts";

/** What a change may ask the server for, in the name of whoever sent the request. */
export interface ChangeTools {
  /** Runs another request on the same connection, with the same rights. Rejects with its error. */
  readonly run: (payload: JSONObject) => Promise<unknown>;
  /** A plugin checks passwords itself, and finds them in the user. */
  readonly keepsPasswords: boolean;
}

/** How one former action is asked for today. */
interface Change {
  /** The payload of today; what it leaves out stays. */
  readonly request?: (payload: JSONObject, tools: ChangeTools) => JSONObject | Promise<JSONObject>;
  /** The former result. */
  readonly answer?: (result: unknown, payload: JSONObject, tools: ChangeTools) => unknown;
}

const bodyOf = ({ body }: JSONObject): JSONObject => (isPlainObject(body) ? body : {});

/** Takes members out of the body and makes them arguments, where there are none of these names. */
function toArguments(payload: JSONObject, names: readonly string[]): JSONObject {
  const { ...body } = bodyOf(payload);
  const moved: JSONObject = {};
  for (const name of names) {
    if (body[name] === undefined) continue;
    moved[name] = body[name];
    delete body[name];
  }
  return { ...moved, ...payload, body };
}

/** The query was the body, or stood beside it. */
function search(payload: JSONObject): JSONObject {
  const { query, ...others } = toArguments(payload, ["from", "size", "scroll"]);
  return query === undefined ? others : { ...others, body: { query, ...bodyOf(others) } };
}

const listed = (value: unknown): unknown[] | undefined =>
  value === undefined || value === null ? undefined : Array.isArray(value) ? (value as unknown[]) : [value];

/** Users were one object, with their password in it. */
function userParts(payload: JSONObject, keepsPasswords: boolean): { content: JSONObject; password: unknown } {
  const { profile, profileIds, password, ...fields } = bodyOf(payload);
  const ids = listed(profileIds ?? profile);
  const content: JSONObject = { ...fields, ...(ids === undefined ? {} : { profileIds: ids }) };
  if (!keepsPasswords || password === undefined) return { content, password };
  return { content: { ...content, password }, password: undefined };
}

function newUser(payload: JSONObject, tools: ChangeTools, fallback: JSONObject): JSONObject {
  const { content, password } = userParts(payload, tools.keepsPasswords);
  const _id = payload._id ?? uuid();
  const credentials = password === undefined ? {} : { local: { username: _id, password } };
  return { ...payload, _id, body: { content: { ...fallback, ...content }, credentials } };
}

/** After the user itself: its rights and its existence are checked by then. */
async function writePassword(payload: JSONObject, { run, keepsPasswords }: ChangeTools): Promise<void> {
  const { password } = userParts(payload, keepsPasswords);
  if (password === undefined) return;
  const { _id } = payload;
  const target = { controller: "security", strategy: "local", _id };
  const exist = await run({ ...target, action: "hasCredentials" });
  if (exist === true) await run({ ...target, action: "updateCredentials", body: { password } });
  else await run({ ...target, action: "createCredentials", body: { username: _id, password } });
}

const thenPassword: NonNullable<Change["answer"]> = async (result, payload, tools) => {
  await writePassword(payload, tools);
  return result;
};

const updatedUser: Change = {
  request: (payload, { keepsPasswords }) => ({ ...payload, body: userParts(payload, keepsPasswords).content }),
  answer: thenPassword,
};

const replacedUser: Change = {
  async request(payload, { run, keepsPasswords }) {
    const content = { profileIds: ["default"], ...userParts(payload, keepsPasswords).content };
    const { _id } = payload;
    const { hits } = (await run({ controller: "security", action: "mGetUsers", ids: [_id] })) as { hits: unknown[] };
    if (hits.length > 0) return { ...payload, body: content };
    return { ...payload, action: "upsertUser", body: { content, credentials: {} } };
  },
  answer: thenPassword,
};

/** `{ roles: ["a", { _id: "b", restrictedTo }] }` became policies. */
function policiesOf(payload: JSONObject): JSONObject {
  const { roles, ...body } = bodyOf(payload);
  if (!Array.isArray(roles) || body.policies !== undefined) return payload;
  const policies = roles.map((role: unknown) => {
    if (!isPlainObject(role)) return { roleId: role };
    const { _id, roleId, restrictedTo } = role;
    return { roleId: roleId ?? _id, ...(restrictedTo === undefined ? {} : { restrictedTo }) };
  });
  return { ...payload, body: { ...body, policies } };
}

const isAllowed = (rights: unknown): boolean => rights === true || (isPlainObject(rights) && rights.test !== undefined);

/**
 * `{ indexes: { i: { collections: { c: { controllers } } } } }` became `{ controllers }`: what is allowed in one collection is allowed in all, for
 * today the profile says in which.
 */
function flatRole(payload: JSONObject): JSONObject {
  const { indexes, ...body } = bodyOf(payload);
  if (!isPlainObject(indexes)) return payload;
  const controllers: Record<string, { actions: Record<string, boolean> }> = {};
  for (const [name, { actions }] of controllersIn(indexes)) {
    if (!isPlainObject(actions)) continue;
    const flat = controllers[name] ?? { actions: {} };
    controllers[name] = flat;
    for (const [action, rights] of Object.entries(actions)) {
      flat.actions[action] = flat.actions[action] === true || isAllowed(rights);
    }
  }
  return { ...payload, body: { ...body, controllers } };
}

function controllersIn(indexes: JSONObject): [string, JSONObject][] {
  return membersOf(indexes)
    .flatMap(([, { collections }]) => membersOf(collections))
    .flatMap(([, { controllers }]) => membersOf(controllers));
}

function membersOf(value: unknown): [string, JSONObject][] {
  if (!isPlainObject(value)) return [];
  return Object.entries(value).filter((entry): entry is [string, JSONObject] => isPlainObject(entry[1]));
}

const policies: Change = { request: policiesOf };
const flat: Change = { request: flatRole };

const changes: ReadonlyMap<string, Change> = new Map(
  Object.entries<Change>({
    "admin:createFirstAdmin": { request: (payload, tools) => newUser(payload, tools, {}) },
    "admin:getStats": { request: (payload) => toArguments(payload, ["startTime", "stopTime"]) },
    "auth:login": {
      request: (payload) => ({ strategy: "local", ...toArguments(payload, ["strategy", "expiresIn"]) }),
    },
    "read:listCollections": {
      request: (payload) => toArguments(payload, ["type", "from", "size"]),
      answer: (result) => byType(result),
    },
    "read:scroll": { request: (payload) => toArguments(payload, ["scrollId", "scroll"]) },
    "read:search": { request: search },
    "read:count": { request: search },
    "security:createOrReplaceProfile": policies,
    "security:createOrReplaceRole": flat,
    "security:createOrReplaceUser": replacedUser,
    "security:createProfile": policies,
    "security:createRestrictedUser": { request: (payload, tools) => newUser(payload, tools, {}) },
    "security:createRole": flat,
    "security:createUser": { request: (payload, tools) => newUser(payload, tools, { profileIds: ["default"] }) },
    "security:searchProfiles": { request: (payload) => toArguments(payload, ["from", "size", "scroll"]) },
    "security:searchRoles": { request: searchRoles },
    "security:searchUsers": { request: (payload) => toArguments(payload, ["from", "size", "scroll"]) },
    "security:updateProfile": policies,
    "security:updateRole": flat,
    "security:updateUser": updatedUser,
    "subscribe:on": { request: (payload) => ({ ...payload, body: payload.body ?? {} }) },
    "write:create": { request: createOrPublish },
    "write:deleteByQuery": { request: search, answer: (result) => ({ ids: (result as JSONObject).ids }) },
  }),
);

/** Up to RC1 a document that is not to be stored was a message. */
function createOrPublish(payload: JSONObject): JSONObject {
  const { persist, ...body } = bodyOf(payload);
  if (typeof persist !== "boolean") return payload;
  return persist ? { ...payload, body } : { ...payload, controller: "realtime", action: "publish", body };
}

/** Roles know no index any more: that part of a search finds all. */
function searchRoles(payload: JSONObject): JSONObject {
  const { body, ...others } = toArguments(payload, ["from", "size", "scroll"]);
  const { indexes: _, ...filter } = body as JSONObject;
  return { ...others, body: filter };
}

function byType(result: unknown): unknown {
  const { collections, ...others } = result as JSONObject;
  const byKind: Record<string, unknown[]> = { stored: [], realtime: [] };
  for (const { name, type } of collections as readonly { name: string; type: string }[]) byKind[type]?.push(name);
  return { ...others, collections: byKind };
}

/** Commands of the shared memory had all their arguments in the body. */
const memory: Change = {
  request: (payload) => ({ ...bodyOf(payload), ...payload }),
};

/** How `<controller>:<action>` of the first generation is asked for; undefined when only the names changed. */
export function changeOf(controller: unknown, action: unknown): Change | undefined {
  if (controller === "ms" || controller === "memoryStorage") return memory;
  return changes.get(`${String(controller)}:${String(action)}`);
}
