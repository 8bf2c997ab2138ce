import parseMs from "ms";
import { isPlainObject, type JSONObject, kerror } from "../../kernel/index.ts";
import type { Duration, SecurityOptions } from "../options.ts";
import type { JsonCollection, JsonPage } from "./json-collection.ts";

/** A search as clients ask for it. */
export interface Search {
  readonly body: JSONObject;
  readonly lang: "elasticsearch" | "koncorde";
  readonly from: number;
  /** Undefined: as many as one request may read. */
  readonly size: number | undefined;
  readonly scroll?: string | undefined;
}

/** Turns a real-time filter into a search query (contract/koncorde.md section 9). */
export type TranslateFilter = (filter: JSONObject) => JSONObject;

/** Searches in the private index, within the limits of the API. */
export class Searches {
  readonly #options: SecurityOptions;
  readonly #translate: TranslateFilter;

  constructor(options: SecurityOptions, translate: TranslateFilter) {
    this.#options = options;
    this.#translate = translate;
  }

  /**
   * Errors: `services.storage.get_limit_exceeded` (413), `scroll_duration_too_great` (400), `api.assert.invalid_type` (400) for a query
   * that is no object, those of the translation and of the engine.
   */
  async search(collection: JsonCollection, { body, lang, from, size, scroll }: Search): Promise<JsonPage> {
    const count = size ?? this.#options.documentsFetchCount;
    if (count > this.#options.documentsFetchCount) throw kerror("services.storage.get_limit_exceeded");
    const ttlMs = scroll === undefined ? undefined : this.scrollTtlMs(scroll);
    return collection.search(this.withQuery(body, lang), from, count, ttlMs);
  }

  /** The body with its query in the engine's language. */
  withQuery(body: JSONObject, lang: Search["lang"]): JSONObject {
    const { query } = body;
    if (query === undefined || query === null) return body;
    if (!isPlainObject(query)) throw kerror("api.assert.invalid_type", "body.query", "object");
    return lang === "koncorde" ? { ...body, query: this.query(query, lang) } : body;
  }

  query(query: JSONObject, lang: Search["lang"]): JSONObject {
    if (Object.keys(query).length === 0) return { match_all: {} };
    return lang === "koncorde" ? this.#translate(query) : query;
  }

  /** Error: `services.storage.scroll_duration_too_great` (400). */
  scrollTtlMs(scroll: string | undefined): number {
    const ttlMs = millisecondsOf(scroll ?? this.#options.scrollTtl);
    if (ttlMs === undefined || ttlMs <= 0)
      throw kerror("api.assert.invalid_argument", "scroll", "a duration, as in 30s");
    if (ttlMs > (millisecondsOf(this.#options.maxScrollTtl) ?? 0)) {
      throw kerror("services.storage.scroll_duration_too_great", String(scroll));
    }
    return ttlMs;
  }
}

/** Milliseconds of a number, or of a text in the grammar of `ms`; undefined when it cannot be read. */
export function millisecondsOf(duration: Duration): number | undefined {
  if (typeof duration === "number") return Number.isFinite(duration) ? duration : undefined;
  if (duration.length === 0 || duration.length > 100) return undefined;
  const parsed: unknown = parseMs(duration as parseMs.StringValue);
  return typeof parsed === "number" && Number.isFinite(parsed) ? parsed : undefined;
}
