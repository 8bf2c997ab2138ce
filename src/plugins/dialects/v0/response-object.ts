import { InternalError, isPlainObject, type JSONObject, KuzzleError } from "../../../kernel/index.ts";
import { isObject } from "./request-object.ts";

/**
 * An answer as plugins of the first generation know it. `data.body` is the result.
 * Source: contract/plugins/v0.md section 8.
 */
export class ResponseObject {
  [extra: string]: unknown;
  status = 200;
  error: JSONObject | null = null;
  data: JSONObject = { body: null };

  constructor(request: JSONObject = {}, response?: unknown) {
    const members = ["protocol", "controller", "action", "collection", "index", "requestId", "timestamp", "metadata"];
    for (const member of members) this[member] = request[member];
    if (isObject(response) && !(response instanceof Error) && "action" in response && "controller" in response) {
      Object.assign(this, response); // an answer that came as text
    } else if (response instanceof Error) {
      const error = response instanceof KuzzleError ? response : new InternalError(response.message);
      this.status = error.status;
      this.error = errorMembers(error, request);
    } else {
      if (isObject(response) && typeof response.status === "number") this.status = response.status;
      this.data = { body: response };
    }
  }

  /** The envelope; members of the result that are listed are left out. */
  toJson(blackList: readonly string[] = []): JSONObject {
    const { body } = this.data;
    const result = isPlainObject(body)
      ? Object.fromEntries(Object.entries(body).filter(([key]) => !blackList.includes(key)))
      : (body ?? null);
    const { status, error, requestId, controller, action, collection, index, metadata } = this;
    return { status, error, requestId, controller, action, collection, index, metadata, result };
  }

  unserialize(object: JSONObject): ResponseObject {
    return new ResponseObject({}, object);
  }
}

function errorMembers(error: KuzzleError, { data }: JSONObject): JSONObject {
  const { message, status, stack } = error;
  const { errors, count } = error as { errors?: unknown; count?: unknown };
  return {
    message,
    ...(status === 500 ? { stack } : {}),
    ...(errors === undefined ? {} : { errors, count }),
    ...(data === undefined ? {} : { _source: data }),
  };
}

/** True for what a plugin hands on as an answer, of whatever copy of the class. */
export const isResponseObject = (value: unknown): value is ResponseObject =>
  value instanceof ResponseObject ||
  (isObject(value) && isObject(value.data) && typeof value.toJson === "function" && "status" in value);

/** The error that an answer holds, as one of the API's; undefined when it holds none. */
export function errorOfResponse({ error, status }: ResponseObject): Error | undefined {
  if (error instanceof Error) return error;
  if (!isObject(error)) return undefined;
  const { message } = error;
  const known = typeof status === "number" && status >= 400 ? status : 500;
  return new KuzzleError(typeof message === "string" ? message : "The plugin refused without a reason.", known);
}
