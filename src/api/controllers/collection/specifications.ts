import { type Specifications, searchResultText } from "../../../data/index.ts";
import { type Action, action, arg, schema } from "../../../events/index.ts";
import type { SearchPage } from "../../../stores/documents/index.ts";
import type { LeavingOf } from "../../connections.ts";

const place = { index: arg.index(), collection: arg.collection() };
const specification = schema.object({
  strict: schema.boolean(),
  fields: schema.object(),
  validators: schema.array(schema.object()),
  jsonSchema: schema.object(),
});
const page = schema.object({
  hits: schema.array(schema.object()),
  scrollId: schema.string(),
  total: schema.integer(),
});

/** What documents of a collection must look like (contract/api/collection.yaml, search.md section 12). */
export function createSpecificationActions(
  specifications: Specifications,
  leavingOf: LeavingOf,
): Readonly<Record<string, Action>> {
  return {
    getSpecifications: action({
      summary: "Reads the specification of a collection's documents",
      http: [{ verb: "GET", path: "/:index/:collection/_specifications" }],
      args: place,
      result: schema.object({ index: schema.string(), collection: schema.string(), validation: specification }),
      errors: ["validation.assert.not_found"],
      run: (target) => specifications.get(target),
    }),
    updateSpecifications: action({
      summary: "Stores the specification of a collection's documents, in place of any former one",
      http: [{ verb: "PUT", path: "/:index/:collection/_specifications" }],
      args: { ...place, content: arg.content() },
      result: specification,
      errors: ["validation.assert.invalid_specifications"],
      run: async ({ index, collection, content }) => {
        await specifications.put({ index, collection }, content);
        return content;
      },
    }),
    deleteSpecifications: action({
      summary: "Forgets the specification of a collection's documents",
      http: [{ verb: "DELETE", path: "/:index/:collection/_specifications" }],
      args: place,
      result: schema.object({ acknowledged: schema.oneOf([true]) }),
      run: async (target) => {
        await specifications.delete(target);
        return { acknowledged: true };
      },
    }),
    validateSpecifications: action({
      summary: "Checks a specification without storing it",
      http: [{ verb: "POST", path: "/:index/:collection/_validateSpecifications" }],
      args: { ...place, content: arg.content() },
      result: schema.object({
        valid: schema.boolean(),
        details: schema.array(schema.string()),
        description: schema.string(),
      }),
      run: ({ index, collection, content }) => {
        const details = specifications.problemsOf({ index, collection }, content);
        if (details.length === 0) return { valid: true };
        return { valid: false, details, description: `The specification of "${index}:${collection}" is not valid.` };
      },
    }),
    searchSpecifications: action({
      summary: "Searches the stored specifications of all collections",
      http: [{ verb: "POST", path: "/validations/_search" }],
      args: {
        from: arg.default.integer(0),
        size: arg.default.integer(10),
        scroll: arg.optional.string(),
        content: arg.optionalContent(),
      },
      result: page,
      errors: [
        "services.storage.get_limit_exceeded",
        "services.storage.invalid_search_query",
        "services.storage.invalid_query_keyword",
        "services.storage.scroll_duration_too_great",
        "services.storage.unknown_query_keyword",
        "services.storage.unexpected_bad_request",
      ],
      run: async ({ content: body = {}, from, size, scroll }, request) =>
        searchResultText(withoutExtras(await specifications.search({ body, from, size, scroll }, leavingOf(request)))),
    }),
    scrollSpecifications: action({
      summary: "Fetches the next page of a search for specifications",
      http: [{ verb: "GET", path: "/validations/_scroll/:scrollId" }],
      args: { scrollId: arg.string(), scroll: arg.optional.string() },
      result: page,
      errors: ["services.storage.scroll_duration_too_great", "services.storage.unknown_scroll_id"],
      run: async ({ scrollId, scroll }, request) =>
        searchResultText(withoutExtras(await specifications.scroll(scrollId, scroll, leavingOf(request)))),
    }),
  };
}

/** These searches answer hits and their number only. */
function withoutExtras({ hits, total, scrollId }: SearchPage): SearchPage {
  return { hits, total, ...(scrollId === undefined ? {} : { scrollId }) };
}
