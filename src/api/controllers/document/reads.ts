import { type Action, action, arg, schema } from "../../../events/index.ts";
import { isPlainObject, JsonText, type KuzzleRequest, kerror, kerrorWith } from "../../../kernel/index.ts";
import { type DocumentControllerDeps, documentText, underRule } from "./deps.ts";
import { genericEvents } from "./generic-events.ts";

const place = { index: arg.index(), collection: arg.collection() };
const document = schema.object({ _id: schema.string(), _source: schema.object(), _version: schema.integer() });

/** Reading documents by id. */
export function readActions(deps: DocumentControllerDeps): Readonly<Record<string, Action>> {
  const { documents } = deps;
  return {
    get: action({
      summary: "Fetches one document by id",
      http: [{ verb: "GET", path: "/:index/:collection/:_id" }],
      args: { _id: arg.id(), ...place },
      result: document,
      errors: [
        "services.storage.unknown_index",
        "services.storage.unknown_collection",
        "services.storage.not_found",
        "services.storage.search_as_an_id",
      ],
      documents: genericEvents.get,
      run: underRule(deps, async ({ _id, index, collection }, _, held) => {
        return documentText(await documents.get({ index, collection }, _id, held));
      }),
    }),
    exists: action({
      summary: "Tells whether a document exists",
      http: [{ verb: "GET", path: "/:index/:collection/:_id/_exists" }],
      args: { _id: arg.id(), ...place },
      result: schema.boolean(),
      errors: ["services.storage.unknown_index", "services.storage.unknown_collection"],
      documents: genericEvents.exists,
      run: underRule(deps, async ({ _id, index, collection }, _, held) => {
        return (await documents.exist({ index, collection }, [_id], held))[0] ?? false;
      }),
    }),
    mGet: action({
      summary: "Fetches several documents by id",
      http: [
        { verb: "GET", path: "/:index/:collection/_mGet" },
        { verb: "POST", path: "/:index/:collection/_mGet" },
      ],
      args: { ...place, strict: arg.flag(), ids: arg.optional.list() },
      result: schema.object({ successes: schema.array(document), errors: schema.array(schema.string()) }),
      errors: [
        "services.storage.unknown_index",
        "services.storage.unknown_collection",
        "services.storage.get_limit_exceeded",
        "api.process.incomplete_multiple_request",
      ],
      documents: genericEvents.mGet,
      run: underRule(deps, async ({ index, collection, strict, ids: given }, request, held) => {
        const ids = idsOf(request, given);
        const found = await documents.mFind({ index, collection }, ids, held);
        const missing = ids.filter((_, position) => found[position] === undefined);
        assertComplete(strict, "get", missing);
        const successes = found.flatMap((one) => (one === undefined ? [] : [documentText(one).text]));
        return new JsonText(`{"successes":[${successes.join(",")}],"errors":${JSON.stringify(missing)}}`);
      }),
    }),
    mExists: action({
      summary: "Tells which of several documents exist",
      http: [{ verb: "POST", path: "/:index/:collection/_mExists" }],
      args: { ...place, strict: arg.flag(), ids: arg.optional.list() },
      result: schema.object({ successes: schema.array(schema.string()), errors: schema.array(schema.string()) }),
      errors: [
        "services.storage.unknown_index",
        "services.storage.unknown_collection",
        "services.storage.get_limit_exceeded",
        "api.process.incomplete_multiple_request",
      ],
      documents: genericEvents.mExists,
      run: underRule(deps, async ({ index, collection, strict, ids: given }, request, held) => {
        const ids = idsOf(request, given);
        const found = await documents.exist({ index, collection }, ids, held);
        const errors = ids.filter((_, position) => found[position] !== true);
        assertComplete(strict, "get", errors);
        return { successes: ids.filter((_, position) => found[position] === true), errors };
      }),
    }),
  };
}

/** Ids of the body, else of the arguments; numbers count as text. */
function idsOf(request: KuzzleRequest, given: readonly unknown[] | undefined): readonly string[] {
  const { body } = request.input;
  const inBody = isPlainObject(body) ? body.ids : undefined;
  if (inBody !== undefined && !Array.isArray(inBody)) throw kerror("api.assert.invalid_type", "body.ids", "array");
  const ids = inBody !== undefined && inBody.length > 0 ? inBody : (given ?? []);
  return ids.map((id) => {
    if (typeof id !== "string" && typeof id !== "number")
      throw kerror("api.assert.invalid_type", "ids", "array of strings");
    return String(id);
  });
}

/** With `strict` a partial result is an error that carries what failed. */
export function assertComplete(strict: boolean, name: string, errors: readonly unknown[]): void {
  if (strict && errors.length > 0)
    throw kerrorWith("api.process.incomplete_multiple_request", errors, name, errors.length);
}
