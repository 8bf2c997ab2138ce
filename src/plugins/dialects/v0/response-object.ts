import { InternalError, isPlainObject, type JSONObject, KuzzleError, PartialError } from "../../../kernel/index.ts";
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
    // Up to RC1 answers had them, too; clients of later releases never asked for any.
    if (request.state !== undefined || request.scope !== undefined) {
      this.state = request.state ?? "done";
      this.scope = request.scope;
    }
    if (isObject(response) && !(response instanceof Error) && "action" in response && "controller" in response) {
      // An answer that came as text: it is of the request that it names.
      for (const member of members) this[member] = null;
      Object.assign(this, response);
    } else if (response instanceof Error) {
      const error = response instanceof KuzzleError ? response : new InternalError(response.message);
      this.status = error.status;
      this.error = errorMembers(error, this.status, request);
    } else {
      if (isObject(response) && typeof response.status === "number") this.status = response.status;
      if (isObject(response) && this.status >= 400) this.error = errorMembers(response, this.status, request);
      else this.data = { body: response };
    }
  }

  /** The envelope; members of the result that are listed are left out. */
  toJson(blackList: readonly string[] = []): JSONObject {
    const { body } = this.data;
    const result = isPlainObject(body)
      ? Object.fromEntries(Object.entries(body).filter(([key]) => !blackList.includes(key)))
      : (body ?? null);
    const { status, error, requestId, controller, action, collection, index, metadata } = this;
    const { state, scope } = this;
    const asked = state === undefined ? {} : { state, scope };
    return { status, error, requestId, controller, action, collection, index, metadata, ...asked, result };
  }

  unserialize(object: JSONObject): ResponseObject {
    return new ResponseObject({}, object);
  }
}

function errorMembers(error: object, status: number, { data }: JSONObject): JSONObject {
  const { message, stack, errors, count, details } = error as Readonly<Record<string, unknown>>;
  const given = { stack: status === 500 ? stack : undefined, errors, count, details, _source: data };
  const members: JSONObject = { message };
  for (const [name, value] of Object.entries(given)) if (value !== undefined) members[name] = value;
  return members;
}

/** True for what a plugin hands on as an answer, of whatever copy of the class. */
export const isResponseObject = (value: unknown): value is ResponseObject =>
  value instanceof ResponseObject ||
  (isObject(value) && isObject(value.data) && typeof value.toJson === "function" && "status" in value);

/** The error that an answer holds, as one of the API's; undefined when it holds none. */
export function errorOfResponse({ error, status }: ResponseObject): Error | undefined {
  if (error instanceof Error) return error;
  if (!isObject(error)) return undefined;
  const text = typeof error.message === "string" ? error.message : "The plugin refused without a reason.";
  if (status === 206) return new PartialError(text, Array.isArray(error.errors) ? error.errors : []);
  return new KuzzleError(text, typeof status === "number" && status >= 400 ? status : 500);
}
