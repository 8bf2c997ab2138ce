import { isUtf8 } from "node:buffer";
import type { Events } from "../../events/index.ts";
import { type JSONObject, kerror, kerrorFrom } from "../../kernel/index.ts";
import { parseJson } from "../encoding/sliced-json.ts";
import { decodeBody, encodingLayers } from "./content-encoding.ts";
import { type BodyFormat, bodyFormat } from "./content-type.ts";
import type { HttpExchange } from "./exchange.ts";
import { parseForm } from "./form.ts";
import type { HttpOptions } from "./options.ts";
import { addQuery } from "./query-string.ts";
import { hasBody, readBody } from "./read-body.ts";

const beforeParsing = "protocol:http:beforeParsingPayload";
const afterParsing = "protocol:http:afterParsingPayload";

/** Reads, decompresses and parses the bodies of requests. Every error from here is answered bare: nothing is routed yet. */
export class BodyReader {
  readonly #options: HttpOptions;
  readonly #events: Events;
  readonly #additional: readonly string[];

  constructor(options: HttpOptions, events: Events) {
    this.#options = options;
    this.#events = events;
    this.#additional = options.additionalContentTypes.map((type) => type.toLowerCase());
  }

  /** Undefined: no body. Checks the headers in any case. Not a promise when there is nothing to wait for. */
  read(exchange: HttpExchange): undefined | Promise<unknown> {
    const { headers } = exchange.incoming;
    const format = bodyFormat(headers["content-type"], this.#additional);
    const layers = encodingLayers(headers["content-encoding"], this.#options);
    if (!hasBody(exchange.incoming)) return undefined;
    return this.#read(exchange, format, layers);
  }

  async #read(exchange: HttpExchange, format: BodyFormat, layers: ReturnType<typeof encodingLayers>): Promise<unknown> {
    const { maxRequestSizeBytes } = this.#options;
    let bytes = await readBody(exchange.incoming, maxRequestSizeBytes);
    if (layers.length > 0 && bytes.length > 0) bytes = await decodeBody(bytes, layers, maxRequestSizeBytes);
    if (bytes.length === 0) return undefined;
    let payload: unknown = bytes;
    if (this.#events.hasListeners(beforeParsing)) {
      const message = exchange.pipeMessage(bytes);
      payload = (await this.#events.pipe(beforeParsing, { message, payload: bytes })).payload;
    }
    return this.#parse(exchange, format, payload);
  }

  #parse(exchange: HttpExchange, format: BodyFormat, payload: unknown): unknown {
    const isText = typeof payload === "string";
    if (!isText && !Buffer.isBuffer(payload)) return payload; // a pipe has parsed it
    if (format === "json") return this.#parseJson(exchange, payload);
    if (format === "urlencoded") return addQuery({}, isText ? payload : payload.toString());
    const bytes = isText ? Buffer.from(payload) : payload;
    return parseForm(bytes, exchange.incoming.headers["content-type"] ?? "", this.#options);
  }

  async #parseJson(exchange: HttpExchange, payload: string | Buffer): Promise<unknown> {
    const body = await parseBody(payload);
    if (isEmptyBody(body)) return undefined;
    if (!this.#events.hasListeners(afterParsing)) return body;
    const message = exchange.pipeMessage(Buffer.isBuffer(payload) ? payload : Buffer.from(payload));
    return this.#pipeParsed(message, body as JSONObject);
  }

  async #pipeParsed(message: JSONObject, payload: JSONObject): Promise<unknown> {
    return (await this.#events.pipe(afterParsing, { message, payload })).payload;
  }
}

async function parseBody(payload: string | Buffer): Promise<unknown> {
  if (Buffer.isBuffer(payload) && !isUtf8(payload)) throw kerror("network.http.body_parse_failed");
  try {
    return await parseJson(withoutMark(payload));
  } catch (error) {
    throw kerrorFrom(error, "network.http.body_parse_failed");
  }
}

/** Without a byte order mark. */
function withoutMark(payload: string | Buffer): string | Buffer {
  if (typeof payload === "string") return payload.charCodeAt(0) === 0xfeff ? payload.slice(1) : payload;
  return payload[0] === 0xef && payload[1] === 0xbb && payload[2] === 0xbf ? payload.subarray(3) : payload;
}

/** Values that clients send for want of a body. */
const isEmptyBody = (body: unknown): boolean => !body || (Array.isArray(body) && body.length === 0);
