import { type JSONObject, KuzzleRequest, kerror, type RequestOptions } from "../../../kernel/index.ts";

type RequestFactory = {
  new (request: KuzzleRequest, data: JSONObject, options?: RequestOptions): KuzzleRequest;
  new (data: JSONObject, options?: RequestOptions): KuzzleRequest;
  (request: KuzzleRequest, data: JSONObject, options?: RequestOptions): KuzzleRequest;
  (data: JSONObject, options?: RequestOptions): KuzzleRequest;
};

const inherited = ["_id", "index", "collection"] as const;

// A declaration, not an arrow: only such a function can be called with `new`.
function Request(...given: readonly unknown[]): KuzzleRequest {
  const [first, second, third] = given;
  if (first === undefined || first === null) throw kerror("plugin.context.missing_request_data");
  if (!(first instanceof KuzzleRequest)) return new KuzzleRequest(first, (second ?? {}) as RequestOptions);
  if (second === undefined || second === null) throw kerror("plugin.context.missing_request_data");
  return derive(first, second as JSONObject, (third ?? {}) as RequestOptions);
}

// Every request is an instance of it, whoever made it.
Request.prototype = KuzzleRequest.prototype;

/**
 * `constructors.Request` of plugins, with or without `new`: `(data, options?)`, or `(request, data, options?)` for a request in the name of
 * another, which gives its user, its connection, its token, its volatile data and the target that is not named.
 * Error: `plugin.context.missing_request_data`.
 * Source: contract/plugins/v2.md section 7.
 */
export const requestConstructor = Request as unknown as RequestFactory;

function derive(source: KuzzleRequest, data: JSONObject, options: RequestOptions): KuzzleRequest {
  const { input, context } = source;
  const volatile = { ...(input.volatile ?? {}), ...((data.volatile as JSONObject | undefined) ?? {}) };
  const derived: JSONObject = { ...data };
  derived.jwt ??= input.jwt;
  if (Object.keys(volatile).length > 0) derived.volatile = volatile;
  for (const name of inherited) if (derived[name] === undefined) derived[name] = input.args[name];
  for (const name of Object.keys(input.args)) {
    if (name !== "requestId" && name !== "timestamp" && derived[name] === undefined) derived[name] = input.args[name];
  }
  const { connection, token, user } = context;
  return new KuzzleRequest(derived, { connection, token, user, node: source.node, previous: source, ...options });
}
