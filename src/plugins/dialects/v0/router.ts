import { type ClientConnection, isPlainObject, type JSONObject, KuzzleRequest, kerror } from "../../../kernel/index.ts";
import { callPlugin } from "../../realm/current-call.ts";
import type { PluginScope } from "../dialect.ts";
import { actionToday } from "./actions-today.ts";
import { PluginProtocol } from "./plugin-protocol.ts";
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

/** Its protocol is made known to the server by the first connection. */
export function createRouter(instance: JSONObject, scope: PluginScope): Router {
  let protocol: PluginProtocol | undefined;
  const open = (): PluginProtocol => {
    if (protocol !== undefined) return protocol;
    protocol = new PluginProtocol(instance, scope);
    scope.deps.entryPoint?.registerProtocol(protocol);
    return protocol;
  };
  const answer = async (given: readonly unknown[]): Promise<ResponseObject> => {
    const at = given.findIndex(isRequestObject);
    const object = given[at];
    const context = given[at + 1];
    if (!isRequestObject(object)) throw new ResponseObject({}, kerror("plugin.context.missing_request"));
    const connection = isObject(context) ? protocol?.find(idOf(context)) : undefined;
    if (connection === undefined) {
      const why = `[${scope.call.plugin}] The context of a request must be one that newConnection has answered.`;
      throw new ResponseObject(object, kerror("plugin.runtime.unexpected_error", why));
    }
    return run(scope, object, connection, tokenOf(at > 0 ? given[0] : undefined) ?? tokenOf(object.headers));
  };
  return {
    routeName: "kuzzle",
    async newConnection(name, id) {
      if (typeof name !== "string" || name === "" || typeof id !== "string" || id === "") {
        const why = "A connection needs the name of a protocol and an id, both as texts.";
        throw kerror("plugin.runtime.unexpected_error", why);
      }
      open().open(name, id);
      return { connection: { type: name, id }, token: null };
    },
    execute(...given) {
      const callback = given.at(-1);
      if (typeof callback !== "function") return answer(given);
      const done = callback as RouterCallback;
      answer(given.slice(0, -1)).then(
        (response) => callPlugin(scope.call, done, null, response),
        (refused: unknown) => {
          const response = refused instanceof ResponseObject ? refused : new ResponseObject({}, refused);
          callPlugin(scope.call, done, withMessage(response), response);
        },
      );
      return undefined;
    },
    removeConnection(context) {
      if (!isObject(context) || protocol?.close(idOf(context)) !== true) {
        scope.log.error("plugin.unknown_connection", { plugin: scope.call.plugin });
      }
    },
  };
}

const idOf = ({ connection }: JSONObject): string => (isObject(connection) ? String(connection.id) : "");

/** `Bearer <token>`, the token alone, or headers that hold it. */
export function tokenOf(given: unknown): string | undefined {
  const text = isObject(given) ? given.authorization : given;
  return typeof text === "string" && text !== "" ? text.replace(/^Bearer /i, "") : undefined;
}

/** Rejects with the answer that holds the error. */
async function run(
  { deps }: PluginScope,
  object: RequestObject,
  connection: ClientConnection,
  jwt: string | undefined,
): Promise<ResponseObject> {
  const { id, protocol } = connection;
  object.protocol = protocol;
  try {
    await object.checkInformation();
    const request = new KuzzleRequest(payloadOf(object, jwt), { connection: { id, protocol } });
    if (deps.entryPoint === undefined) throw kerror("plugin.runtime.unavailable_before_start", "router.execute");
    const answer = await deps.entryPoint.execute(request, connection);
    if (answer.error !== null) throw answer.error;
    return new ResponseObject(object, answer.result);
  } catch (error) {
    throw new ResponseObject(object, error instanceof Error ? error : new Error(String(error)));
  }
}

/** Under the names of today. */
export function payloadOf(object: RequestObject, jwt: string | undefined): JSONObject {
  const { body, ...others } = object.data;
  const { index, collection, requestId, metadata, scope, users } = object;
  const volatile = isPlainObject(metadata) && Object.keys(metadata).length > 0 ? metadata : undefined;
  const names = actionToday(String(object.controller), String(object.action));
  const target = { index, collection, requestId, volatile, scope, users, jwt };
  const payload: JSONObject = { ...others, ...target, ...names, body: withoutId(body) };
  for (const key of Object.keys(payload)) if (payload[key] === undefined) delete payload[key];
  return payload;
}

/** The id of a document may have come inside of it. */
function withoutId(body: unknown): unknown {
  if (!isPlainObject(body)) return body ?? null;
  const { _id, ...content } = body;
  return content;
}

/** Early plugins forward the error as if it were the answer. */
const withMessage = (response: ResponseObject): ResponseObject =>
  Object.defineProperty(response, "message", { value: response.error?.message ?? "", enumerable: false });
