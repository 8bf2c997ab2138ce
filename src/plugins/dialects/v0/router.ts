import { isPlainObject, type JSONObject, KuzzleRequest, kerror } from "../../../kernel/index.ts";
import type { PluginScope } from "../dialect.ts";
import { actionToday } from "./actions-today.ts";
import { isObject, isRequestObject, type RequestObject } from "./request-object.ts";
import { ResponseObject } from "./response-object.ts";

type RouterCallback = (error: unknown, response: ResponseObject) => void;

/** `getRouter()`: how a plugin that speaks a protocol of its own brings requests in. Source: contract/plugins/protocols.md section 1. */
export interface Router {
  readonly routeName: "kuzzle";
  newConnection(protocol: unknown, id: unknown): Promise<JSONObject>;
  /** `([token,] requestObject, context[, callback])`; without a callback a promise. The rights of the token's user count. */
  execute(...given: readonly unknown[]): Promise<ResponseObject> | undefined;
  removeConnection(context: unknown): void;
}

export function createRouter(scope: PluginScope): Router {
  const connections = new Map<string, JSONObject>();
  const answer = async (given: readonly unknown[]): Promise<ResponseObject> => {
    const at = given.findIndex(isRequestObject);
    const object = given[at];
    const context = given[at + 1];
    if (!isRequestObject(object)) throw new ResponseObject({}, kerror("plugin.context.missing_request"));
    const connection = isObject(context) ? connections.get(idOf(context)) : undefined;
    if (connection === undefined) throw new ResponseObject(object, kerror("plugin.context.missing_request"));
    return run(scope, object, connection, tokenOf(at > 0 ? given[0] : undefined) ?? tokenOf(object.headers));
  };
  return {
    routeName: "kuzzle",
    async newConnection(protocol, id) {
      if (typeof protocol !== "string" || protocol === "" || typeof id !== "string" || id === "") {
        throw kerror(
          "plugin.runtime.unexpected_error",
          "A connection needs the name of a protocol and an id, both as texts.",
        );
      }
      const context = connections.get(id) ?? { connection: { type: protocol, id }, token: null };
      connections.set(id, context);
      return context;
    },
    execute(...given) {
      const callback = given.at(-1);
      if (typeof callback !== "function") return answer(given);
      const done = callback as RouterCallback;
      answer(given.slice(0, -1)).then(
        (response) => done(null, response),
        (refused: unknown) => {
          const response = refused instanceof ResponseObject ? refused : new ResponseObject({}, refused);
          done(withMessage(response), response);
        },
      );
      return undefined;
    },
    removeConnection(context) {
      if (!isObject(context) || !connections.delete(idOf(context))) {
        scope.log.error("plugin.unknown_connection", { plugin: scope.call.plugin });
      }
    },
  };
}

const idOf = ({ connection }: JSONObject): string => (isObject(connection) ? String(connection.id) : "");

/** `Bearer <token>`, the token alone, or headers that hold it. */
function tokenOf(given: unknown): string | undefined {
  const text = isObject(given) ? given.authorization : given;
  return typeof text === "string" && text !== "" ? text.replace(/^Bearer /i, "") : undefined;
}

/** Rejects with the answer that holds the error. */
async function run(
  scope: PluginScope,
  object: RequestObject,
  { connection }: JSONObject,
  token: string | undefined,
): Promise<ResponseObject> {
  const { type, id } = connection as JSONObject;
  object.protocol = type;
  try {
    await object.checkInformation();
    const { body, ...others } = object.data;
    const { index, collection, requestId, metadata } = object;
    const names = actionToday(String(object.controller), String(object.action));
    const volatile = isPlainObject(metadata) && Object.keys(metadata).length > 0 ? metadata : null;
    const data: JSONObject = { ...others, ...names, index, collection, requestId, volatile, body: withoutId(body) };
    for (const key of Object.keys(data)) if (data[key] === undefined) delete data[key];
    // A client is at the other end: what plugins hear of clients' requests, they hear of this one.
    data.triggerEvents = true;
    const user = await userOf(scope, token);
    const request = new KuzzleRequest(data, { connection: { id, protocol: type }, user });
    const answer = await scope.deps.execute(request, { checkRights: true });
    if (answer.error !== null) throw answer.error;
    return new ResponseObject(object, answer.result);
  } catch (error) {
    throw new ResponseObject(object, error instanceof Error ? error : new Error(String(error)));
  }
}

/** The id of a document may have come inside of it. */
function withoutId(body: unknown): unknown {
  if (!isPlainObject(body)) return body ?? null;
  const { _id, ...content } = body;
  return content;
}

/** Error: the token is not valid. */
async function userOf({ deps }: PluginScope, token: string | undefined) {
  if (token === undefined) return null;
  const check = new KuzzleRequest({ controller: "auth", action: "checkToken", body: { token } });
  const { result, error } = await deps.execute(check, { checkRights: false });
  if (error !== null) throw error;
  const { valid, kuid } = (isObject(result) ? result : {}) as JSONObject;
  if (valid !== true || typeof kuid !== "string") throw kerror("security.token.invalid");
  return (await deps.findUser(kuid)) ?? null;
}

/** Early plugins forward the error as if it were the answer. */
const withMessage = (response: ResponseObject): ResponseObject =>
  Object.defineProperty(response, "message", { value: response.error?.message ?? "", enumerable: false });
