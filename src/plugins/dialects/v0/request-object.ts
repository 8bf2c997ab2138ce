import { BadRequestError, isPlainObject, type JSONObject, uuid } from "../../../kernel/index.ts";

const textOrUndefined = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const first = (...values: readonly unknown[]): unknown => values.find((value) => value !== undefined && value !== null);

/**
 * A request as plugins of the first generation know it: all members are plain and writable, and more may be added.
 * Source: contract/plugins/v0.md section 8.
 */
export class RequestObject {
  [extra: string]: unknown;
  data: JSONObject;
  protocol: unknown;
  controller: unknown;
  action: unknown;
  collection: unknown;
  index: unknown;
  state: string | undefined;
  scope: string | undefined;
  users: string | undefined;
  headers: JSONObject;
  metadata: JSONObject;
  requestId: string;
  timestamp: number;

  constructor(object: JSONObject = {}, additionalData: JSONObject = {}, protocol?: string) {
    const more = additionalData ?? {};
    for (const name of ["controller", "action", "collection", "index"] as const)
      this[name] = first(object[name], more[name]);
    for (const name of ["state", "scope", "users"] as const) {
      this[name] = textOrUndefined(first(object[name], more[name]))?.toLowerCase();
    }
    this.data = dataOf(object, more);
    this.headers = first(object.headers, more.headers, {}) as JSONObject;
    this.metadata = first(more.metadata, object.metadata, {}) as JSONObject;
    this.protocol = protocol;
    this.requestId = textOrUndefined(object.requestId) ?? uuid();
    this.timestamp = Date.now();
  }

  /** Rejects when it says neither controller nor action. */
  async checkInformation(): Promise<void> {
    if (!this.controller) throw new BadRequestError("The request names no controller.");
    if (!this.action) throw new BadRequestError("The request names no action.");
  }

  /** Rejects when there is nothing in the body. */
  async isValid(): Promise<void> {
    const { body } = this.data;
    if (typeof body !== "object" || body === null || Object.keys(body).length === 0) {
      throw new BadRequestError("The body of the request is empty.");
    }
  }

  /** What is sent over the wire. */
  toJson(): JSONObject {
    return { ...this };
  }
}

function dataOf(object: JSONObject, more: JSONObject): JSONObject {
  const ownBody = isPlainObject(object.body) ? object.body : undefined;
  const id = first(more._id, object._id, ownBody?._id);
  delete more._id;
  const data: JSONObject = {};
  if (object.body !== undefined) data.body = object.body;
  else if (object.query !== undefined) data.body = { query: object.query };
  else data.body = more.body ?? more;
  // Up to RC1 it was found beside the body: readable there, and no member of its own.
  const query = object.body === undefined ? (object.query ?? more.query) : undefined;
  if (query !== undefined) Object.defineProperty(data, "query", { value: query, writable: true, configurable: true });
  if (id !== undefined) data._id = id;
  return data;
}

/** True for what a plugin hands on as a request, of whatever copy of the class. */
export function isRequestObject(value: unknown): value is RequestObject {
  if (value instanceof RequestObject) return true;
  return (
    isObject(value) && isObject(value.data) && ("requestId" in value || typeof value.checkInformation === "function")
  );
}

export const isObject = (value: unknown): value is JSONObject => typeof value === "object" && value !== null;
