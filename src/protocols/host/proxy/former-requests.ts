import type { JSONObject, SerializedResponse } from "../../../kernel/index.ts";

/** Requests and answers as protocols had them before there was `Request`. */
export interface FormerRequests {
  /** `RequestObject`, `ResponseObject`, … for authors. */
  readonly constructors: Readonly<Record<string, unknown>>;
  isRequest(candidate: unknown): boolean;
  /** What a request asks, as the API takes it. */
  payloadOf(request: unknown): JSONObject;
  /** The answer to it. */
  answerOf(request: unknown, response: SerializedResponse): JSONObject;
}
