import type { JSONObject } from "../json.ts";
import type { KuzzleRequest } from "./request.ts";

/** Everything needed to make the same request elsewhere. Shape: contract/plugins/v1.md section 9. */
export function serialized(request: KuzzleRequest): { data: JSONObject; options: JSONObject; headers: unknown } {
  const { input, context, id, timestamp, result, error, status } = request;
  return {
    data: {
      ...input.args,
      timestamp,
      requestId: id,
      jwt: input.jwt,
      volatile: input.volatile,
      body: input.body,
      controller: input.controller,
      action: input.action,
    },
    options: { result, error, status, ...context.toJSON() },
    headers: input.headers,
  };
}

/** A plain copy, for logs and for other processes. */
export function plainCopy(request: KuzzleRequest): JSONObject {
  const { input, context, response } = request;
  return {
    context: context.toJSON(),
    deprecations: request.deprecations,
    error: request.error,
    id: request.id,
    input: {
      action: input.action,
      args: input.args,
      body: input.body,
      controller: input.controller,
      jwt: input.jwt,
      volatile: input.volatile,
    },
    internalId: request.internalId,
    response: { headers: response.toJSON().headers, raw: response.raw },
    result: request.result,
    status: request.status,
    timestamp: request.timestamp,
  };
}
