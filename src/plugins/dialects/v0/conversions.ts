import { isPlainObject, type JSONObject, KuzzleRequest, kerror } from "../../../kernel/index.ts";
import type { ConversionName } from "./event-table.ts";
import { isObject, isRequestObject, RequestObject } from "./request-object.ts";
import { errorOfResponse, isResponseObject, ResponseObject } from "./response-object.ts";

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

/** Brought up to what the request says now. */
export function requestObjectOf(request: KuzzleRequest): RequestObject {
  const { input, context } = request;
  const { protocol, misc } = context.connection;
  let object = shown.get(request);
  if (object === undefined) {
    object = new RequestObject({ requestId: request.id, headers: misc.headers ?? {}, body: null }, {});
    object.protocol = protocol === "http" ? "rest" : protocol;
    object.timestamp = request.timestamp;
    shown.set(request, object);
  }
  const { index, collection, requestId: _, timestamp: __, ...others } = input.args;
  object.controller = input.controller;
  object.action = input.action;
  object.index = index;
  object.collection = collection;
  if (input.volatile !== null) object.metadata = input.volatile;
  const { data } = object;
  for (const key of Object.keys(data)) if (!(key in others)) delete data[key];
  Object.assign(data, others, { body: contentOf(request) ?? input.body ?? {} });
  return object;
}

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

/** `{ connection: { type, id }, token, user, profile, role }` */
export function connectionContextOf(request: KuzzleRequest): JSONObject {
  const { connection, token, user } = request.context;
  const profile = user?.profileIds[0] ?? null;
  const shownUser = user === null ? null : { ...user, profile };
  return {
    connection: { type: connection.protocol === "http" ? "rest" : connection.protocol, id: connection.id ?? "" },
    token: token === null ? null : { ...token, _id: token.jwt, user: shownUser },
    user: shownUser,
    profile,
    role: null,
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
    writeBack(answer, payload as KuzzleRequest);
    return payload;
  },
};

const response: Conversion = {
  show: (payload) => responseObjectOf(payload as KuzzleRequest),
  takeBack(answer, payload, wrong) {
    if (!isResponseObject(answer)) throw wrong("ResponseObject");
    const today = payload as KuzzleRequest;
    const error = errorOfResponse(answer);
    if (error !== undefined) throw error;
    const { status } = answer;
    if (answer.data.body !== today.result || status !== today.status) {
      today.setResult(answer.data.body, Number.isInteger(status) ? { status } : {});
    }
    return payload;
  },
};

const requestWithContext: Conversion = {
  show: (payload) => ({
    context: connectionContextOf(payload as KuzzleRequest),
    requestObject: requestObjectOf(payload as KuzzleRequest),
  }),
  takeBack(answer, payload, wrong) {
    const object = isObject(answer) ? answer.requestObject : undefined;
    if (!isRequestObject(object)) throw wrong("{ requestObject, context }");
    writeBack(object, payload as KuzzleRequest);
    return payload;
  },
};

/** What comes back does not count. */
const observed = (show: Conversion["show"]): Conversion => ({ show, takeBack: (_, payload) => payload });

const conversions: Readonly<Record<ConversionName, Conversion>> = {
  req: request,
  res: response,
  ctxreq: requestWithContext,
  conn: observed((payload) => connectionContextOf(payload as KuzzleRequest)),
  percent: observed((payload) => `${String(payload)}%`),
  none: observed(() => undefined),
  error: observed((payload) => (payload as KuzzleRequest).error),
  join: observed((payload) => {
    const { input, result } = payload as KuzzleRequest;
    const { roomId } = (isObject(result) ? result : {}) as JSONObject;
    return { index: input.args.index, collection: input.args.collection, roomId };
  }),
  raw: { show: (payload) => payload, takeBack: likeTheGiven },
};

/** Nothing was converted, so a request or a list must come back as one. */
function likeTheGiven(answer: unknown, payload: unknown, wrong: (expected: string) => Error): unknown {
  if (payload instanceof KuzzleRequest && !(answer instanceof KuzzleRequest)) throw wrong("request");
  if (Array.isArray(payload) && !Array.isArray(answer)) throw wrong("list");
  return answer;
}

/** `variant`: plugins of the last dialect of the generation get numbers as numbers. */
export function conversionOf(name: ConversionName, variant: string | undefined): Conversion {
  return name === "percent" && variant === "d" ? conversions.raw : conversions[name];
}

/** A request was refused with what is no error of today. */
export function errorOf(error: unknown): unknown {
  if (isResponseObject(error))
    return errorOfResponse(error) ?? kerror("plugin.runtime.unexpected_error", "a pipe refused.");
  if (error instanceof Error || !isObject(error) || typeof error.message !== "string") return error;
  return errorOfResponse(new ResponseObject({}, { action: "", controller: "", status: error.status, error }));
}
