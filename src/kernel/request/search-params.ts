import { kerror } from "../errors/kerror.ts";
import { isPlainObject, type JSONObject } from "../json.ts";
import type { KuzzleRequest } from "./request.ts";

/** What a search asks for: its body, and what the arguments say of the page. */
export interface SearchParams {
  readonly from: number;
  readonly size: number;
  readonly query: JSONObject;
  readonly scrollTTL: string | undefined;
  readonly searchBody: JSONObject;
}

export function searchParamsOf(request: KuzzleRequest): SearchParams {
  const searchBody = request.getSearchBody();
  return {
    from: request.getInteger("from", 0),
    size: request.getInteger("size", 10),
    query: isPlainObject(searchBody.query) ? searchBody.query : {},
    scrollTTL: request.getScrollTTLParam(),
    searchBody,
  };
}

/** Error: `api.assert.invalid_type` for a scroll that is set and no text. */
export function scrollOf({ scroll }: JSONObject): string | undefined {
  if (!scroll) return undefined;
  if (typeof scroll !== "string") throw kerror("api.assert.invalid_type", "scroll", "string");
  return scroll;
}
