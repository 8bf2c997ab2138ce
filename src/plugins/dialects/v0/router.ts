import {
  type ClientConnection,
  isPlainObject,
  type JSONObject,
  JsonText,
  KuzzleRequest,
  kerror,
} from "../../../kernel/index.ts";
import { callPlugin } from "../../realm/current-call.ts";
import type { PluginScope } from "../dialect.ts";
import { adoptRequestObject, responseObjectOf } from "./conversions.ts";
import { nameToday } from "./former-names.ts";
import { type ChangeTools, changeOf } from "./request-changes.ts";
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

/** Its connections are those of all plugins of this generation. */
export function createRouter(scope: PluginScope): Router {
  const { protocol } = scope.first;
  const answer = async (given: readonly unknown[]): Promise<ResponseObject> => {
    const at = given.findIndex(isRequestObject);
    const object = given[at];
    const context = given[at + 1];
    if (!isRequestObject(object)) throw refusal({}, kerror("plugin.context.missing_request"));
    const connection = isObject(context) ? protocol.find(idOf(context)) : undefined;
    if (connection === undefined) {
      const why = `[${scope.call.plugin}] The context of a request must be one that newConnection has answered.`;
      throw refusal(object, kerror("plugin.runtime.unexpected_error", why));
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
      return { connection: { type: protocol.open(name, id, scope.deps.entryPoint).protocol, id }, token: null };
    },
    execute(...given) {
      const callback = given.at(-1);
      if (typeof callback !== "function") return answer(given);
      const done = callback as RouterCallback;
      answer(given.slice(0, -1))
        .then(
          (response) => callPlugin(scope.call, done, null, response),
          (refused: unknown) => {
            const response = refused instanceof ResponseObject ? refused : refusal({}, refused);
            callPlugin(scope.call, done, response, response);
          },
        )
        .catch((err: unknown) => scope.log.error("plugin.callback_failed", { plugin: scope.call.plugin, err }));
      return undefined;
    },
    removeConnection(context) {
      if (!isObject(context) || !protocol.close(idOf(context))) {
        const why = "removeConnection was given a context that is not open.";
        const err = kerror("plugin.runtime.unexpected_error", why);
        scope.log.error("plugin.unknown_connection", { plugin: scope.call.plugin, err });
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
  { deps, first }: PluginScope,
  object: RequestObject,
  connection: ClientConnection,
  jwt: string | undefined,
): Promise<ResponseObject> {
  const { entryPoint } = deps;
  const { id, protocol } = connection;
  object.protocol = protocol;
  const make = (payload: JSONObject): KuzzleRequest =>
    new KuzzleRequest({ ...payload, jwt: jwt ?? null }, { connection: { id, protocol, headers: object.headers } });
  const execute = async (request: KuzzleRequest): Promise<KuzzleRequest> => {
    if (entryPoint === undefined) throw kerror("plugin.runtime.unavailable_before_start", "router.execute");
    const answer = await entryPoint.execute(request, connection);
    if (answer.error !== null) throw answer.error;
    return answer;
  };
  const tools: ChangeTools = {
    run: async (payload) => (await execute(make(payload))).result,
    keepsPasswords: first.strategies.has("local"),
  };
  try {
    await object.checkInformation();
    const payload = payloadOf(object);
    const change = changeOf(object.controller, object.action);
    const request = make((await change?.request?.(payload, tools)) ?? payload);
    adoptRequestObject(request, object);
    const answer = await execute(request);
    const { result, status } = answer;
    if (result instanceof JsonText) answer.setResult(result.parse(), { status });
    const response = responseObjectOf(answer);
    if (change?.answer !== undefined) response.data.body = await change.answer(answer.result, payload, tools);
    return response;
  } catch (error) {
    throw refusal(object, error);
  }
}

/** Under the names of today. */
export function payloadOf(object: RequestObject): JSONObject {
  const { body, ...others } = object.data;
  const { index, collection, requestId, metadata, scope, users } = object;
  const volatile = isPlainObject(metadata) && Object.keys(metadata).length > 0 ? metadata : undefined;
  const names = nameToday(String(object.controller), String(object.action));
  const target = { index, collection, requestId, volatile, scope, users };
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

/** An answer that holds an error. Early plugins forward the error as if it were the answer: it has the message, too. */
function refusal(object: JSONObject, error: unknown): ResponseObject {
  const response = new ResponseObject(object, error instanceof Error ? error : new Error(String(error)));
  return Object.defineProperty(response, "message", { value: response.error?.message ?? "", enumerable: false });
}
