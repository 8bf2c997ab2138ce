import { schema } from "../../../events/index.ts";
import type { JSONObject, KuzzleRequest } from "../../../kernel/index.ts";
import { KuzzleRequest as Described, isPlainObject, kerror } from "../../../kernel/index.ts";
import { type JsonPage, type Right, type RightQuestion, User } from "../../../security/index.ts";

/** `{ _id, _source }`, the form of users, profiles, roles and API keys. */
export const documentSchema = schema.object({ _id: schema.string(), _source: schema.object() });
export const hitsSchema = schema.object({ hits: schema.array(documentSchema) });
export const pageSchema = schema.object({
  hits: schema.array(documentSchema),
  total: schema.integer(),
  scrollId: schema.string(),
});
export const rightsSchema = schema.object({
  hits: schema.array(
    schema.object({
      controller: schema.string(),
      action: schema.string(),
      index: schema.string(),
      collection: schema.string(),
      value: schema.oneOf(["allowed", "denied"]),
    }),
  ),
  total: schema.integer(),
});
export const idSchema = schema.object({ _id: schema.string() });
export const acknowledgedSchema = schema.object({ acknowledged: schema.oneOf([true]) });
export const allowedSchema = schema.object({ allowed: schema.boolean() });

export interface AnsweredDocument {
  readonly _id: string;
  readonly _source: JSONObject;
}

/** Of a role, a profile or a key. */
export const answerOf = ({ id, content }: { readonly id: string; readonly content: JSONObject }): AnsweredDocument => ({
  _id: id,
  _source: content,
});

export const userAnswer = (user: User): AnsweredDocument => ({ _id: user._id, _source: User.contentOf(user) });

export function pageAnswer({ hits, total, scrollId, aggregations }: JsonPage): JSONObject {
  return {
    hits: hits.map(({ id, body }) => ({ _id: id, _source: body })),
    total,
    ...(scrollId !== undefined && { scrollId }),
    ...(aggregations !== undefined && { aggregations }),
  };
}

export const rightsAnswer = (hits: readonly Right[]): JSONObject => ({ hits, total: hits.length });

/**
 * The request that `checkRights` asks about, out of the body.
 * Errors: `api.assert.body_required`, `missing_argument`, `invalid_type` (400), and those of a malformed request.
 */
export function describedRequest(request: KuzzleRequest): RightQuestion {
  const { body } = request.input;
  if (body === null) throw kerror("api.assert.body_required");
  if (!isPlainObject(body)) throw kerror("api.assert.invalid_type", "body", "object");
  const { controller, action, targets } = body;
  if (typeof controller !== "string" || controller === "")
    throw kerror("api.assert.missing_argument", "body.controller");
  if (typeof action !== "string" || action === "") throw kerror("api.assert.missing_argument", "body.action");
  if (targets !== undefined && !Array.isArray(targets))
    throw kerror("api.assert.invalid_type", "body.targets", "array");
  const { args } = new Described(body).input;
  return { controller, action, index: args.index, collection: args.collection, targets };
}
