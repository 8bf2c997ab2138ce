import { parse } from "cookie";
import { isThenable, type MaybePromise } from "../events/index.ts";
import { isPlainObject, KuzzleError, type KuzzleRequest, kerror, readers } from "../kernel/index.ts";
import type { TokenLinks } from "./tokens/links.ts";
import { anonymousToken, Token } from "./tokens/token.ts";
import type { Tokens } from "./tokens/tokens.ts";
import type { User } from "./users/user.ts";
import type { Users } from "./users/users.ts";

export interface IdentifyDeps {
  readonly tokens: Tokens;
  readonly users: Users;
  readonly links: TokenLinks;
  readonly cookieAuthentication: boolean;
  readonly linkedProtocols: ReadonlySet<string>;
}

/** Name of the cookie that carries a token. */
export const cookieName = "authToken";

/** Whether the request asks for cookies: a flag among its arguments. */
export function asksForCookie(request: KuzzleRequest): boolean {
  if (request.input.args.cookieAuth === undefined) return false;
  return readers.readBoolean(request.argumentsPlace, "cookieAuth");
}

/** The token in the `cookie` header; undefined when there is none. Error: `security.cookie.invalid` (401). */
export function tokenOfCookie(request: KuzzleRequest): string | undefined {
  const { headers } = request.context.connection.misc;
  if (!isPlainObject(headers) || headers.cookie === undefined) return undefined;
  if (typeof headers.cookie !== "string") throw kerror("security.cookie.invalid");
  const token = parse(headers.cookie)[cookieName];
  return token === "null" ? undefined : token;
}

const isAuth = ({ input }: KuzzleRequest, ...actions: readonly string[]): boolean =>
  input.controller === "auth" && input.action !== null && actions.includes(input.action);

/**
 * Finds who sends a request, and writes the token and the user into its context. Links the connection to the token. Synchronous for
 * tokens and users that were seen lately.
 *
 * Errors: `security.token.invalid` (401), `verification_error` (500), `security.cookie.invalid` (401), `unsupported` (500),
 * `security.user.not_found` (404). Source: contract/security.md sections 8, 10 and 11.
 */
export function identify(deps: IdentifyDeps, request: KuzzleRequest): MaybePromise<void> {
  const wantsCookie = asksForCookie(request);
  if (wantsCookie && !deps.cookieAuthentication) throw kerror("security.cookie.unsupported");
  const fromCookie = tokenOfCookie(request);
  const { jwt } = request.input;
  if (fromCookie !== undefined) {
    if (!deps.cookieAuthentication) throw kerror("security.cookie.unsupported");
    if (jwt !== null) throw kerror("security.token.verification_error", "a cookie and a token were given together.");
    if (wantsCookie && isAuth(request, "login", "checkToken")) return beAnonymous(deps, request);
  }
  const text = fromCookie ?? jwt;
  if (text === null) return beAnonymous(deps, request);
  // A logout by cookie always gets its answer: with a dead cookie there is nothing to revoke, and the cookie is cleared.
  if (wantsCookie && isAuth(request, "logout")) return identifyOrAnonymous(deps, request, text);
  return withToken(deps, request, text);
}

async function identifyOrAnonymous(deps: IdentifyDeps, request: KuzzleRequest, text: string): Promise<void> {
  try {
    await withToken(deps, request, text);
  } catch (error) {
    if (!(error instanceof KuzzleError) || error.status >= 500) throw error;
    beAnonymous(deps, request);
  }
}

function beAnonymous({ users }: IdentifyDeps, { context }: KuzzleRequest): void {
  context.token = anonymousToken;
  context.user = users.anonymous;
}

function withToken(deps: IdentifyDeps, request: KuzzleRequest, text: string): MaybePromise<void> {
  const token = deps.tokens.verify(text);
  return isThenable(token)
    ? token.then((verified) => withUser(deps, request, verified))
    : withUser(deps, request, token);
}

function withUser(deps: IdentifyDeps, request: KuzzleRequest, token: Token): MaybePromise<void> {
  const user = deps.users.find(token.userId);
  return isThenable(user)
    ? user.then((found) => accept(deps, request, token, found))
    : accept(deps, request, token, user);
}

function accept(deps: IdentifyDeps, { context }: KuzzleRequest, token: Token, user: User | undefined): void {
  if (user === undefined) throw kerror("security.user.not_found", token.userId);
  context.token = token;
  context.user = user;
  const { id, protocol } = context.connection;
  // A single-use token is gone already; a refreshed one has handed its connections over.
  if (id === null || protocol === null || token.singleUse || token.refreshed) return;
  if (deps.linkedProtocols.has(protocol)) deps.links.link(id, token);
}

/** The token of a request that went through {@link identify}; undefined for the anonymous user, and for calls from inside the server. */
export function tokenOf(request: KuzzleRequest): Token | undefined {
  const { token } = request.context;
  return token instanceof Token ? token : undefined;
}
