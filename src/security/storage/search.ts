import parseMs from "ms";
import { type JSONObject, kerror } from "../../kernel/index.ts";
import type { Duration, SecurityOptions } from "../options.ts";
import type { JsonCollection, JsonPage } from "./json-collection.ts";

/** A search of the private index. */
export interface Search {
  /** In the language of the engine, checked. */
  readonly body: JSONObject;
  readonly from: number;
  /** Undefined: as many as one request may read. */
  readonly size: number | undefined;
  readonly scroll?: string | undefined;
  /** Ends it, with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Searches in the private index, within the limits of the API. */
export class Searches {
  readonly #options: SecurityOptions;

  constructor(options: SecurityOptions) {
    this.#options = options;
  }

  /** Errors: `services.storage.get_limit_exceeded` (413), `scroll_duration_too_great` (400), those of the engine. */
  async search(collection: JsonCollection, { body, from, size, scroll, signal }: Search): Promise<JsonPage> {
    const count = size ?? this.#options.documentsFetchCount;
    if (count > this.#options.documentsFetchCount) throw kerror("services.storage.get_limit_exceeded");
    const ttlMs = scroll === undefined ? undefined : this.scrollTtlMs(scroll);
    return collection.search(body, from, count, ttlMs, signal);
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
