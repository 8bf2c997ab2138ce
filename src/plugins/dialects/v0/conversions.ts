import { isThenable } from "../../../events/index.ts";
import {
  InternalError,
  isPlainObject,
  type JSONObject,
  KuzzleError,
  KuzzleRequest,
  kerror,
  type RequestToken,
} from "../../../kernel/index.ts";
import type { PluginHostDeps } from "../../deps.ts";
import type { ConversionName } from "./event-table.ts";
import { formerName } from "./former-names.ts";
import { isObject, isRequestObject, RequestObject } from "./request-object.ts";
import { errorOfResponse, isResponseObject, ResponseObject } from "./response-object.ts";
import { shownUser } from "./users.ts";

/** One way of showing a payload of today to a listener of the first generation. */
export interface Conversion {
  /** What the listener gets. */
  show(payload: unknown): unknown;
  /** Takes over what a pipe has handed back, and answers the payload of today. `wrong`: what to throw for an answer of another kind. */
  takeBack(answer: unknown, payload: unknown, wrong: (expected: string) => Error): unknown;
}

/** One object for all events of a request, and one for its answer: plugins leave notes on them. */
const shown = new WeakMap<KuzzleRequest, RequestObject>();
const answered = new WeakMap<KuzzleRequest, ResponseObject>();

/** A request that a plugin has made itself is shown as the object that it made. */
export function adoptRequestObject(request: KuzzleRequest, object: RequestObject): void {
  shown.set(request, object);
}

/** Brought up to what the request says now; controller and action under their former names. */
export function requestObjectOf(request: KuzzleRequest): RequestObject {
  const { input } = request;
  let object = shown.get(request);
  if (object === undefined) {
    object = makeRequestObject(request);
    shown.set(request, object);
  }
  const { index, collection, requestId: _, timestamp: __, ...others } = input.args;
  object.index = index;
  object.collection = collection;
  if (input.volatile !== null) object.metadata = input.volatile;
  const { data } = object;
  for (const key of Object.keys(data)) if (!(key in others)) delete data[key];
  Object.assign(data, others, { body: contentOf(request) ?? input.body ?? {} });
  return object;
}

function makeRequestObject({ id, input, context, timestamp }: KuzzleRequest): RequestObject {
  const { protocol, misc } = context.connection;
  const names = formerName(input.controller, input.action);
  const object = new RequestObject({ requestId: id, headers: misc.headers ?? {}, body: null, ...names }, {});
  object.protocol = protocolName(protocol);
  object.timestamp = timestamp;
  return object;
}

const protocolName = (protocol: string | null): string | null => (protocol === "http" ? "rest" : protocol);

/** Users were their own body; now it has credentials beside them. */
function contentOf({ input: { controller, action, body } }: KuzzleRequest): JSONObject | undefined {
  if (controller !== "security" || action === null || !/^(create|upsert).*(User|Admin)$/.test(action)) return undefined;
  const content = isPlainObject(body) ? body.content : undefined;
  return isPlainObject(content) ? content : undefined;
}

/** `data.body` is the body; all else in `data`, `index` and `collection` are arguments; `metadata` is volatile. */
export function writeBack(object: RequestObject, request: KuzzleRequest): void {
  const { input } = request;
  const { body, ...others } = object.data;
  if (contentOf(request) !== undefined) (input.body as JSONObject).content = body;
  else if (input.body !== null || !isPlainObject(body) || Object.keys(body).length > 0) input.body = body as JSONObject;
  const { args } = input;
  const { requestId, timestamp } = args;
  for (const key of Object.keys(args)) delete args[key];
  Object.assign(
    args,
    withoutUndefined({ requestId, timestamp, index: object.index, collection: object.collection, ...others }),
  );
  if (isPlainObject(object.metadata) && (input.volatile !== null || Object.keys(object.metadata).length > 0)) {
    input.volatile = object.metadata;
  }
}

function withoutUndefined(object: JSONObject): JSONObject {
  for (const key of Object.keys(object)) if (object[key] === undefined) delete object[key];
  return object;
}

/**
 * `{ connection: { type, id }, token, user, profile, role }`; `_id` of the token is its text. `rolesOf`: ids of the roles of a profile.
 * Source: contract/plugins/v0.md section 8.
 */
export function connectionContextOf(request: KuzzleRequest, { rolesOf }: ConversionTools): JSONObject {
  const { connection, token, user } = request.context;
  const shownAs = user === null ? null : shownUser(user);
  const profile = shownAs?.profile ?? null;
  return {
    connection: { type: protocolName(connection.protocol), id: request.isHttp ? "" : (connection.id ?? "") },
    token: token === null ? null : { ...token, _id: token.jwt, user: shownAs },
    user: shownAs,
    profile,
    role: profile === null ? null : (rolesOf(profile)[0] ?? null),
  };
}

/** As it is answered. */
export function responseObjectOf(request: KuzzleRequest): ResponseObject {
  const response = answered.get(request) ?? new ResponseObject(requestObjectOf(request));
  answered.set(request, response);
  response.data.body = request.result;
  response.status = request.status;
  return response;
}

const request: Conversion = {
  show: (payload) => requestObjectOf(payload as KuzzleRequest),
  takeBack(answer, payload, wrong) {
    if (!isRequestObject(answer)) throw wrong("RequestObject");
    takeRequestBack(answer, payload as KuzzleRequest);
    return payload;
  },
};

/** Another object that was handed on is the one that the next listeners get. */
function takeRequestBack(object: RequestObject, today: KuzzleRequest): void {
  if (object instanceof RequestObject) shown.set(today, object);
  writeBack(object, today);
}

const response: Conversion = {
  show: (payload) => responseObjectOf(payload as KuzzleRequest),
  takeBack(answer, payload, wrong) {
    if (!isResponseObject(answer)) throw wrong("ResponseObject");
    const today = payload as KuzzleRequest;
    if (answer instanceof ResponseObject) answered.set(today, answer);
    const error = errorOfResponse(answer);
    if (error !== undefined) throw error;
    const { status } = answer;
    if (answer.data.body !== today.result || status !== today.status) {
      today.setResult(answer.data.body, Number.isInteger(status) ? { status } : {});
    }
    return payload;
  },
};

const requestWithContext = (tools: ConversionTools): Conversion => ({
  show: (payload) => ({
    context: connectionContextOf(payload as KuzzleRequest, tools),
    requestObject: requestObjectOf(payload as KuzzleRequest),
  }),
  takeBack(answer, payload, wrong) {
    const object = isObject(answer) ? answer.requestObject : undefined;
    if (!isRequestObject(object)) throw wrong("{ requestObject, context }");
    takeRequestBack(object, payload as KuzzleRequest);
    return payload;
  },
});

/** The token of what comes back is the one that ends. */
const connectionContext = (tools: ConversionTools): Conversion => ({
  show: (payload) => connectionContextOf(payload as KuzzleRequest, tools),
  takeBack(answer, payload, wrong) {
    if (!isObject(answer)) throw wrong("connection context");
    const today = payload as KuzzleRequest;
    const jwt = isObject(answer.token) ? answer.token._id : undefined;
    if (typeof jwt !== "string" || jwt === today.context.token?.jwt) return payload;
    const token = tools.tokens.verify(jwt);
    if (isThenable(token)) return token.then((found) => withToken(today, found));
    return withToken(today, token);
  },
});

function withToken(today: KuzzleRequest, token: RequestToken): KuzzleRequest {
  today.context.token = token;
  return today;
}

/** What comes back does not count. */
const observed = (show: Conversion["show"]): Conversion => ({ show, takeBack: (_, payload) => payload });

const join = observed((payload) => {
  const { input, result } = payload as KuzzleRequest;
  const { roomId } = (isObject(result) ? result : {}) as JSONObject;
  return { index: input.args.index, collection: input.args.collection, roomId };
});

const raw: Conversion = { show: (payload) => payload, takeBack: likeTheGiven };

/** What conversions ask the server for. */
export type ConversionTools = Pick<PluginHostDeps, "rolesOf" | "tokens">;

/** Nothing was converted, so a request or a list must come back as one. */
function likeTheGiven(answer: unknown, payload: unknown, wrong: (expected: string) => Error): unknown {
  if (payload instanceof KuzzleRequest && !(answer instanceof KuzzleRequest)) throw wrong("request");
  if (Array.isArray(payload) && !Array.isArray(answer)) throw wrong("list");
  return answer;
}

/** `variant`: plugins of the last dialect of the generation get numbers as numbers. */
export function conversionOf(name: ConversionName, variant: string | undefined, tools: ConversionTools): Conversion {
  switch (name) {
    case "req":
      return request;
    case "res":
      return response;
    case "ctxreq":
      return requestWithContext(tools);
    case "conn":
      return connectionContext(tools);
    case "percent":
      return observed((payload) => (variant === "d" ? payload : `${String(payload)}%`));
    case "none":
      return observed(() => undefined);
    case "error":
      return observed((payload) => (payload instanceof Error ? payload : (payload as KuzzleRequest).error));
    case "join":
      return join;
    case "message":
      return observed(() => "started");
    case "raw":
      return raw;
  }
}

/** What a pipe or an action has refused with, as an error of the API: its text is what the client is told. */
export function errorOf(error: unknown): unknown {
  if (!error || error instanceof KuzzleError) return error;
  if (isResponseObject(error))
    return errorOfResponse(error) ?? kerror("plugin.runtime.unexpected_error", "a pipe refused.");
  if (error instanceof Error) return internalError(error.message, error);
  if (!isObject(error)) return internalError(String(error), error);
  if (typeof error.message !== "string") return error;
  return errorOfResponse(new ResponseObject({}, { action: "", controller: "", status: error.status, error }));
}

const { id: internalId, code: internalCode } = kerror("plugin.runtime.unexpected_error", "");

const internalError = (message: string, cause: unknown): Error =>
  new InternalError(message, internalId, internalCode, { cause });
