import type { JSONObject, SerializedResponse } from "../../../kernel/index.ts";
import { formerObjects } from "./constructors.ts";
import { isObject, isRequestObject } from "./request-object.ts";
import { ResponseObject } from "./response-object.ts";
import { payloadOf, tokenOf } from "./router.ts";

/**
 * Requests and answers of the first generation for protocols that speak in them: those for the Proxy up to 1.0.0-RC7.
 * Source: contract/plugins/protocols.md section 2.
 */
export const formerRequests = Object.freeze({
  constructors: formerObjects,
  isRequest: (candidate: unknown): boolean => isRequestObject(candidate),
  /** What it asks, under the names of today. Throws for what {@link formerRequests.isRequest} denies. */
  payloadOf: (request: unknown): JSONObject => {
    if (!isRequestObject(request)) throw new TypeError("This is no RequestObject.");
    return { ...payloadOf(request), jwt: tokenOf(request.headers) ?? null };
  },
  /** The answer to it as those of that time were sent. */
  answerOf: (request: unknown, { raw, status, content }: SerializedResponse): JSONObject => {
    const { result, error } = raw ? { result: content, error: null } : (content as JSONObject);
    const answer = new ResponseObject(isObject(request) ? request : {}, result);
    return Object.assign(answer, { status, error }).toJson();
  },
});
