import { pipeline } from "node:stream";
import {
  HttpStream,
  type KuzzleError,
  type KuzzleRequest,
  kerror,
  kerrorFrom,
  type Logger,
} from "../../kernel/index.ts";
import { encodeBareError, encodeEnvelope, statusOf } from "../encoding/envelope.ts";
import { isRaw, rawBody } from "../encoding/raw-result.ts";
import { type Coding, compress, compressionThresholdBytes, negotiate } from "./compression.ts";
import type { HttpExchange } from "./exchange.ts";
import type { HttpOptions } from "./options.ts";
import { ResponseHeaders } from "./response-headers.ts";

export interface AnswererDeps {
  readonly options: HttpOptions;
  readonly nodeId: string;
  readonly development: boolean;
  readonly log: Logger;
  /** True while the server stops: answers then close their sockets. */
  readonly isStopping: () => boolean;
}

/** After a refusal with the body still on its way, this long for the client to notice before the socket is closed. */
const lingerMs = 1_000;

/** An answer larger than this may wait in memory for its reader, and a client that takes nothing of it for so long is cut off. */
const stallableBytes = 64 * 1024;
const stalledMs = 60_000;

/** Writes answers. Never throws: what cannot be written is logged, and the socket closed. */
export class Answerer {
  readonly #deps: AnswererDeps;
  readonly #headers: ResponseHeaders;

  constructor(deps: AnswererDeps) {
    this.#deps = deps;
    this.#headers = new ResponseHeaders(deps.options, deps.nodeId);
  }

  /** Writes the answer of a request. A promise when something has to be waited for: compression, a stream. */
  send(exchange: HttpExchange, request: KuzzleRequest): void | Promise<void> {
    if (exchange.outgoing.destroyed) return discard(request.result);
    try {
      if (request.result instanceof HttpStream) return this.#sendStream(exchange, request, request.result);
      if (isRaw(request)) return this.#sendRaw(exchange, request);
      return this.#sendEnvelope(exchange, request);
    } catch (error) {
      this.#failed(exchange, request, error);
    }
  }

  /** Answers the bare error, for what fails before routing. */
  sendBareError(exchange: HttpExchange, request: KuzzleRequest): void {
    const { outgoing } = exchange;
    if (outgoing.destroyed) return;
    const body = encodeBareError(request, this.#deps.development);
    const headers = this.#headers.bare(exchange, Buffer.byteLength(body));
    if (exchange.hasUnreadBody || this.#deps.isStopping()) headers.push("Connection", "close");
    outgoing.writeHead(statusOf(request), headers);
    if (exchange.hasUnreadBody) linger(exchange, body);
    else outgoing.end(body);
  }

  #sendEnvelope(exchange: HttpExchange, request: KuzzleRequest): void | Promise<void> {
    const { development } = this.#deps;
    const indent = isPretty(exchange) ? 2 : undefined;
    const body = encodeEnvelope(request, { development, indent });
    return this.#sendText(exchange, request, body);
  }

  #sendRaw(exchange: HttpExchange, request: KuzzleRequest): void | Promise<void> {
    const bytes = this.#rawBody(request);
    if (request.error !== null) return this.#sendEnvelope(exchange, request);
    if (typeof bytes === "string") return this.#sendText(exchange, request, bytes);
    this.#sendBytes(exchange, request, bytes, bytes.length, "identity");
  }

  #rawBody(request: KuzzleRequest): ReturnType<typeof rawBody> {
    try {
      return rawBody(request.result);
    } catch (cause) {
      const { controller, action } = request.input;
      request.setError(kerrorFrom(cause, "plugin.controller.unserializable_response", controller, action));
      return "";
    }
  }

  #sendText(exchange: HttpExchange, request: KuzzleRequest, body: string): void | Promise<void> {
    const length = Buffer.byteLength(body);
    if (length >= compressionThresholdBytes && !this.#headers.isEncoded(request)) {
      const coding = negotiate(exchange.header("accept-encoding"));
      if (coding !== undefined) return this.#sendCompressed(exchange, request, body, coding);
    }
    this.#sendBytes(exchange, request, body, length, "identity");
  }

  async #sendCompressed(exchange: HttpExchange, request: KuzzleRequest, body: string, coding: Coding): Promise<void> {
    try {
      const bytes = await compress(coding, body);
      if (!exchange.outgoing.destroyed) this.#sendBytes(exchange, request, bytes, bytes.length, coding);
    } catch (error) {
      this.#failed(exchange, request, error);
    }
  }

  #sendBytes(
    exchange: HttpExchange,
    request: KuzzleRequest,
    body: string | Uint8Array,
    length: number,
    coding: Coding | "identity",
  ): void {
    const { outgoing } = exchange;
    if (hasNoContent(wireStatus(request))) {
      this.#writeHead(exchange, request, this.#headers.full(exchange, request, undefined, "identity"));
      outgoing.end();
      return;
    }
    this.#writeHead(exchange, request, this.#headers.full(exchange, request, length, coding));
    if (length > stallableBytes) outgoing.setTimeout(stalledMs);
    outgoing.end(body);
  }

  #sendStream(exchange: HttpExchange, request: KuzzleRequest, source: HttpStream): void | Promise<void> {
    const error = request.error ?? streamError(source);
    if (error !== null) {
      source.destroy();
      request.setResult(null); // a stream is not for the envelope
      request.setError(error);
      return this.#sendEnvelope(exchange, request);
    }
    const { outgoing } = exchange;
    const length = source.totalBytes > 0 ? source.totalBytes : undefined;
    this.#writeHead(exchange, request, this.#headers.full(exchange, request, length, "identity"));
    return new Promise((resolve) => {
      // Destroys the source when the client goes, and the socket when the source fails half-way: there is no other way to say so.
      pipeline(source.stream, outgoing, (error) => {
        if (error && error.code !== "ERR_STREAM_PREMATURE_CLOSE") {
          this.#deps.log.warn("http.stream_failed", { requestId: exchange.requestId, err: error });
        }
        resolve();
      });
    });
  }

  #writeHead(exchange: HttpExchange, request: KuzzleRequest, headers: string[]): void {
    if (this.#deps.isStopping()) headers.push("Connection", "close");
    exchange.outgoing.writeHead(wireStatus(request), headers);
  }

  /** An action can set headers and a status that HTTP does not allow; the client hears of it. */
  #failed(exchange: HttpExchange, request: KuzzleRequest, error: unknown): void {
    const { outgoing } = exchange;
    const { controller, action } = request.input;
    this.#deps.log.error("http.answer_failed", { requestId: exchange.requestId, controller, action, err: error });
    discard(request.result);
    if (outgoing.headersSent) {
      outgoing.destroy();
      return;
    }
    try {
      request.setError(kerrorFrom(error, "plugin.controller.unserializable_response", controller, action));
      this.sendBareError(exchange, request);
    } catch {
      outgoing.destroy();
    }
  }
}

/** Statuses below 200 announce an answer that never comes, and the parser of any client chokes on those above 999. */
function wireStatus(request: KuzzleRequest): number {
  const status = statusOf(request);
  return status >= 200 && status <= 999 ? status : 500;
}

/** RFC 9110, 15.3.5 and 15.4.5: an answer with these ends after its headers. */
const hasNoContent = (status: number): boolean => status === 204 || status === 304;

const isPretty = ({ query }: HttpExchange): boolean =>
  query !== "" && query.split("&").some((item) => item === "pretty" || item.startsWith("pretty="));

function streamError(source: HttpStream): KuzzleError | null {
  if (source.errored) return kerrorFrom(source.error, "network.http.stream_errored");
  return source.destroyed ? kerror("network.http.stream_closed") : null;
}

function discard(result: unknown): void {
  if (result instanceof HttpStream) result.destroy();
}

/** Reads on and throws away while the client takes notice: closing at once would reset the connection under the answer. */
function linger({ incoming, outgoing }: HttpExchange, body: string): void {
  const end = (): void => {
    clearTimeout(timer);
    if (!outgoing.writableEnded) outgoing.end();
  };
  const timer = setTimeout(end, lingerMs);
  outgoing.write(body);
  incoming.once("end", end);
  incoming.once("close", end);
  incoming.resume();
}
