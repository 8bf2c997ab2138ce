import { type KuzzleRequest, kerror } from "../../kernel/index.ts";
import type { Execution, PipelineDeps } from "../execution.ts";

/** Controller and action are there; `targets` is an array and stands alone. */
export function checkShape({ request }: Execution): void {
  const { input } = request;
  if (!input.controller) throw kerror("api.assert.missing_argument", "controller");
  if (!input.action) throw kerror("api.assert.missing_argument", "action");
  const { targets, index, collection } = input.args;
  if (targets === undefined) return;
  if (!Array.isArray(targets)) throw kerror("api.assert.invalid_type", "targets", "array");
  if (targets.length === 0) return;
  if (index) throw kerror("api.assert.mutually_exclusive", "index", "targets");
  if (collection) throw kerror("api.assert.mutually_exclusive", "collection", "targets");
}

/** A browser's `Origin` is one that `http.accessControlAllowOrigin` accepts. */
export function checkOrigin({ request }: Execution, { options }: PipelineDeps): void {
  const origin = originOf(request);
  if (origin !== undefined && !options.isOriginAccepted(origin))
    throw kerror("api.process.unauthorized_origin", origin);
}

function originOf(request: KuzzleRequest): string | undefined {
  const headers = request.context.connection.misc.headers as { origin?: unknown } | undefined;
  const origin = headers?.origin;
  return typeof origin === "string" && origin !== "" ? origin : undefined;
}
