import { isPlainObject, type JSONObject, kerror, kerrorFrom } from "../../kernel/index.ts";
import { bearerToken } from "../bearer-token.ts";
import type { HttpExchange } from "./exchange.ts";
import { addQuery } from "./query-string.ts";
import type { RouteMatch } from "./router.ts";

/**
 * The payload of a routed request: query string, then the route's parameters over it, then what the headers say. The route alone says
 * which action: `controller` and `action` in a query string change nothing.
 *
 * Errors: `network.http.volatile_parse_failed`.
 */
export function routedPayload(exchange: HttpExchange, { route, names, values }: RouteMatch, body: unknown): JSONObject {
  const payload: JSONObject = {};
  if (exchange.query !== "") addQuery(payload, exchange.query);
  for (let i = 0; i < names.length; i++) payload[names[i] as string] = values[i];
  payload.controller = route.controller;
  payload.action = route.action;
  if (body !== undefined) payload.body = body;
  addHeaders(payload, exchange);
  return payload;
}

/**
 * The payload of `POST /_query`: the body is the request. Its own token and volatile win over the headers.
 *
 * Errors: `network.http.unexpected_error` without a body; `network.http.volatile_parse_failed`.
 */
export function queryPayload(exchange: HttpExchange, body: unknown): JSONObject {
  if (body === undefined) throw kerror("network.http.unexpected_error", "POST /_query needs a request in its body");
  if (!isPlainObject(body)) {
    throw kerror("network.http.unexpected_error", "the body of POST /_query must be a JSON object");
  }
  const payload: JSONObject = {};
  addHeaders(payload, exchange);
  for (const key in body) {
    if (key !== "__proto__" && !isAbsent(key, body[key])) payload[key] = body[key];
  }
  return payload;
}

const isAbsent = (key: string, value: unknown): boolean =>
  (key === "jwt" || key === "volatile") && (value === null || value === undefined);

function addHeaders(payload: JSONObject, exchange: HttpExchange): void {
  const { headers } = exchange.incoming;
  if (headers.authorization !== undefined) {
    const token = bearerToken(headers.authorization);
    if (token !== undefined) payload.jwt = token;
  }
  const volatile = exchange.header("x-kuzzle-volatile");
  if (volatile !== undefined && volatile !== "") payload.volatile = parseVolatile(volatile);
}

function parseVolatile(header: string): JSONObject {
  let volatile: unknown;
  try {
    // Node reads header values as Latin-1, clients write UTF-8.
    volatile = JSON.parse(Buffer.from(header, "latin1").toString());
  } catch (error) {
    throw kerrorFrom(error, "network.http.volatile_parse_failed");
  }
  if (!isPlainObject(volatile)) throw kerror("network.http.volatile_parse_failed");
  return volatile;
}
