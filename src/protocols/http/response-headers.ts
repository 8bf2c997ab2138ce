import type { KuzzleRequest } from "../../kernel/index.ts";
import type { Coding } from "./compression.ts";
import type { HttpExchange } from "./exchange.ts";
import type { HttpOptions } from "./options.ts";

/** Set here and nowhere else: an action's own would break the framing of the answer. */
const framing = new Set(["content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "trailer"]);

/** Of their answers, which hold tokens, keys and what is kept about users, no cache keeps a copy. */
const secretiveControllers: ReadonlySet<string | null> = new Set(["auth", "security"]);

/** Builds headers as the flat list that `writeHead` takes: names and values by turns (contract/wire.md section 9.3). */
export class ResponseHeaders {
  readonly #nodeId: string;
  readonly #acceptEncoding: string;
  readonly #options: HttpOptions;

  constructor(options: HttpOptions, nodeId: string) {
    this.#options = options;
    this.#nodeId = nodeId;
    this.#acceptEncoding = options.allowCompression ? "gzip,deflate,identity" : "identity";
  }

  /** True when the action says that its result is encoded already. */
  isEncoded(request: KuzzleRequest): boolean {
    return request.hasResponse && request.response.headerValues.has("content-encoding");
  }

  /** `length` undefined: not known, or no body. JSON unless the action says otherwise, raw results included. */
  full(
    exchange: HttpExchange,
    request: KuzzleRequest,
    length: number | undefined,
    coding: Coding | "identity",
  ): string[] {
    const { cors, cookieAuthentication } = this.#options;
    const headers = [
      "Content-Type",
      "application/json",
      "X-Kuzzle-Request-Id",
      exchange.requestId,
      "X-Kuzzle-Node",
      this.#nodeId,
      "Content-Encoding",
      coding,
      "Accept-Encoding",
      this.#acceptEncoding,
      "Access-Control-Allow-Methods",
      cors.allowMethods,
      "Access-Control-Allow-Headers",
      cors.allowHeaders,
      "X-Content-Type-Options",
      "nosniff",
    ];
    if (secretiveControllers.has(request.input.controller)) headers.push("Cache-Control", "no-store");
    if (cookieAuthentication) headers.push("Access-Control-Allow-Credentials", "true");
    const { origin } = exchange.incoming.headers;
    if (origin !== undefined && origin !== "") headers.push("Access-Control-Allow-Origin", origin, "Vary", "Origin");
    if (request.hasResponse) override(headers, request);
    if (length !== undefined) headers.push("Content-Length", String(length));
    return headers;
  }

  /** Those of a bare error: before routing there is no request id and no node to tell. */
  bare(exchange: HttpExchange, length: number): string[] {
    const { cors } = this.#options;
    const headers = [
      "Content-Type",
      "application/json",
      "Access-Control-Allow-Methods",
      cors.allowMethods,
      "Access-Control-Allow-Headers",
      cors.allowHeaders,
      "X-Content-Type-Options",
      "nosniff",
    ];
    const { origin } = exchange.incoming.headers;
    if (cors.allowsAllOrigins) headers.push("Access-Control-Allow-Origin", "*");
    else if (origin !== undefined && origin !== "")
      headers.push("Access-Control-Allow-Origin", origin, "Vary", "Origin");
    headers.push("Content-Length", String(length));
    return headers;
  }
}

/** The action's headers take the place of ours; each cookie is a header of its own. */
function override(headers: string[], request: KuzzleRequest): void {
  for (const [name, value] of request.response.headerValues) {
    if (framing.has(name)) continue;
    if (name === "set-cookie") {
      for (const cookie of Array.isArray(value) ? value : [value]) headers.push("Set-Cookie", cookie);
      continue;
    }
    const text = Array.isArray(value) ? value.join(", ") : value;
    const at = headers.findIndex((present, i) => i % 2 === 0 && present.toLowerCase() === name);
    if (at < 0) headers.push(name, text);
    // What varies with the origin goes on doing so, or caches would mix up origins.
    else headers[at + 1] = name === "vary" ? `${headers[at + 1]}, ${text}` : text;
  }
}
