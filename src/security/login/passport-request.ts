import { isPlainObject, type JSONObject, type KuzzleRequest } from "../../kernel/index.ts";
import { isEncrypted } from "./encrypted-link.ts";

/** What strategies write to when they answer by themselves. Extensible: strategies and older plugins add members. */
export interface StrategyResponse {
  statusCode: number;
  readonly headers: JSONObject;
  setHeader(name: string, value: unknown): void;
  getHeader(name: string): unknown;
  end(statusCode?: number): void;
  redirect(url: string, status?: number): void;
  addEndListener(listener: () => void): void;
}

export function makeResponse(): StrategyResponse {
  const headers: JSONObject = {};
  const listeners: (() => void)[] = [];
  const response: StrategyResponse = {
    statusCode: 200,
    headers,
    setHeader(name, value) {
      if (String(name).toLowerCase() !== "content-length") headers[name] = value;
    },
    getHeader: (name) => headers[name],
    end(statusCode) {
      if (typeof statusCode === "number") response.statusCode = statusCode;
      for (const listener of listeners) listener();
    },
    redirect(url, status = 302) {
      response.statusCode = status;
      response.setHeader("Location", url);
      response.end();
    },
    addEndListener(listener) {
      listeners.push(listener);
    },
  };
  return response;
}

/**
 * The request as Passport's strategies expect it: like one of Node's HTTP server, with what web frameworks add to it and strategies read.
 * `session` is theirs to write to. `url` is the contract's (contract/security.md section 12), `originalUrl` is what the client asked for.
 */
export function makePassportRequest(strategy: string, request: KuzzleRequest, session: JSONObject): JSONObject {
  const { headers, url } = request.context.connection.misc;
  const known = isPlainObject(headers) ? headers : {};
  const path = `/login?strategy=${encodeURIComponent(strategy)}`;
  // Strategies that resolve a relative callback URL ask whether the link is encrypted.
  const socket = { encrypted: isEncrypted(request) };
  return {
    httpVersion: "1.1",
    method: "POST",
    url: path,
    originalUrl: typeof url === "string" ? url : path,
    protocol: socket.encrypted ? "https" : "http",
    host: known.host,
    headers: known,
    rawHeaders: Object.entries(known).flatMap(([name, value]) => [name, String(value)]),
    get: (name: unknown) => known[String(name).toLowerCase()],
    socket,
    connection: socket,
    body: request.input.body,
    query: request.input.args,
    session,
    original: request,
  };
}
