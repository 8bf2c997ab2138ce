import { serialize } from "cookie";
import { type Action, action, arg, schema } from "../../../events/index.ts";
import { type JSONObject, KuzzleError, type KuzzleRequest, kerror } from "../../../kernel/index.ts";
import {
  anonymousKuid,
  callStrategy,
  cookieName,
  isEncrypted,
  type Security,
  type Token,
  tokenOf,
  tokenOfCookie,
  type User,
} from "../../../security/index.ts";
import { callerOf, expiresIn, forUsersOnly, refuseAnonymous } from "./arguments.ts";

const expiry = schema.integer({ description: "Epoch milliseconds, -1 for never" });
const session = schema.object({
  _id: schema.string(),
  jwt: schema.string(),
  expiresAt: expiry,
  ttl: schema.integer(),
});

/** Logging in and out, and what tokens are good for. */
export function sessionActions(security: Security): Readonly<Record<string, Action>> {
  const { tokens, links, options } = security;

  const checkCookieSupport = (cookieAuth: boolean): void => {
    if (cookieAuth && !options.cookieAuthentication) throw kerror("security.cookie.unsupported");
  };

  const answer = (request: KuzzleRequest, token: Token, cookieAuth: boolean): JSONObject => {
    const { userId: _id, expiresAt, ttl, jwt } = token;
    if (!cookieAuth) return { _id, jwt, expiresAt, ttl };
    setCookie(request, jwt, expiresAt, options.secureCookies);
    return { _id, expiresAt, ttl };
  };

  const openSession = async (request: KuzzleRequest, user: User, expires: unknown): Promise<Token> => {
    const { id, protocol } = request.context.connection;
    if (id === null || protocol === null || !options.linkedProtocols.includes(protocol)) {
      return tokens.create(user._id, expires || options.authToken.expiresIn);
    }
    const present = links.tokenOf(id);
    const isLasting = present?.type === "apiKey" || present?.expiresAt === -1;
    if (present !== undefined && present.userId === user._id && isLasting) return present;
    const token = await tokens.create(user._id, expires || options.authToken.expiresIn);
    links.link(id, token);
    return token;
  };

  return {
    login: action({
      summary: "Authenticates through a strategy and answers a token",
      http: [
        { verb: "GET", path: "/_login/:strategy" },
        { verb: "POST", path: "/_login/:strategy" },
      ],
      args: { strategy: arg.string(), expiresIn: expiresIn(), cookieAuth: arg.flag() },
      result: { anyOf: [session, schema.object({ headers: schema.object(), statusCode: schema.integer() })] },
      errors: [
        "security.credentials.unknown_strategy",
        "plugin.strategy.missing_user",
        "plugin.strategy.invalid_verify_return",
        "plugin.strategy.invalid_verify_resolve",
        "plugin.strategy.invalid_kuid",
        "plugin.strategy.unknown_kuid",
        "plugin.strategy.timeout",
        "plugin.runtime.unexpected_error",
        "api.assert.invalid_argument",
        "security.token.ttl_exceeded",
        "api.process.too_many_logins_requests",
        "security.login.wait",
        "security.cookie.unsupported",
      ],
      run: async ({ strategy, expiresIn: expires, cookieAuth }, request) => {
        checkCookieSupport(cookieAuth);
        const outcome = await security.logIn(strategy, request);
        if (outcome.kind === "user")
          return answer(request, await openSession(request, outcome.user, expires), cookieAuth);
        const { statusCode, headers } = outcome;
        request.response.configure({ headers, status: statusCode });
        return { headers, statusCode };
      },
    }),

    logout: action({
      summary: "Revokes the token of the request",
      http: [{ verb: "POST", path: "/_logout" }],
      args: { global: arg.flag(), cookieAuth: arg.flag() },
      result: schema.object({ acknowledged: schema.oneOf([true]) }),
      errors: ["security.rights.unauthorized", "security.cookie.unsupported"],
      run: async ({ global, cookieAuth }, request) => {
        checkCookieSupport(cookieAuth);
        const kuid = cookieAuth ? callerOf(request) : refuseAnonymous(request);
        const token = tokenOf(request);
        if (kuid !== undefined && global) await tokens.revokeAll(kuid);
        else if (token !== undefined) await tokens.revoke(token);
        if (cookieAuth) setCookie(request, "null", -1, options.secureCookies);
        return { acknowledged: true };
      },
    }),

    checkToken: action({
      summary: "Tells whether a token is valid",
      http: [{ verb: "POST", path: "/_checkToken" }],
      args: { cookieAuth: arg.flag(), token: arg.body.optional.string() },
      result: schema.object({
        valid: schema.boolean(),
        state: schema.string(),
        kuid: schema.string(),
        expiresAt: { ...expiry, type: ["integer", "null"] },
      }),
      errors: ["security.token.verification_error", "security.cookie.unsupported"],
      run: async ({ cookieAuth, token }, request) => {
        checkCookieSupport(cookieAuth);
        const text = cookieAuth ? (tokenOfCookie(request) ?? request.input.jwt) : token;
        if (text === undefined || text === null || text === "") {
          return { valid: true, kuid: anonymousKuid, expiresAt: null };
        }
        try {
          const { userId: kuid, expiresAt } = await tokens.verify(text);
          return { valid: true, kuid, expiresAt };
        } catch (error) {
          if (!(error instanceof KuzzleError) || error.status !== 401) throw error;
          return { valid: false, state: error.message };
        }
      },
    }),

    createToken: forUsersOnly(
      action({
        summary: "Creates another token for the caller",
        http: [{ verb: "POST", path: "/_createToken" }],
        args: { expiresIn: expiresIn(), singleUse: arg.flag() },
        result: schema.object({
          token: schema.string(),
          expiresAt: expiry,
          ttl: schema.integer(),
          singleUse: schema.boolean(),
        }),
        errors: [
          "security.token.invalid_expiration",
          "api.assert.invalid_argument",
          "security.token.ttl_exceeded",
          "security.token.generation_failed",
        ],
        run: async ({ expiresIn: expires = options.authToken.expiresIn, singleUse }, request) => {
          if (expires === -1 || expires === "-1") throw kerror("security.token.invalid_expiration", expires);
          const token = await tokens.create(refuseAnonymous(request), expires, singleUse);
          return { token: token.jwt, expiresAt: token.expiresAt, ttl: token.ttl, singleUse };
        },
      }),
    ),

    refreshToken: forUsersOnly(
      action({
        summary: "Swaps the caller's token for a fresh one",
        http: [{ verb: "POST", path: "/_refreshToken" }],
        args: { expiresIn: expiresIn(), cookieAuth: arg.flag(), strategy: arg.optional.string() },
        result: session,
        errors: [
          "security.rights.unauthorized",
          "security.token.refresh_forbidden",
          "security.token.invalid",
          "api.assert.invalid_argument",
          "security.token.ttl_exceeded",
          "security.cookie.unsupported",
        ],
        run: async ({ expiresIn: asked, cookieAuth, strategy }, request) => {
          checkCookieSupport(cookieAuth);
          const token = tokenOf(request);
          if (token === undefined) throw kerror("security.token.refresh_forbidden", "the request carries none.");
          const imposed =
            strategy === undefined || strategy === "local" ? undefined : await refreshWith(strategy, request);
          const expires = imposed ?? asked ?? options.authToken.expiresIn;
          return answer(request, await tokens.refresh(token, expires), cookieAuth);
        },
      }),
    ),
  };

  /** The strategy renews what it holds at its provider; it may impose the new duration. */
  async function refreshWith(name: string, request: KuzzleRequest): Promise<unknown> {
    const methods = security.strategies.find(name)?.methods;
    if (methods?.refreshToken === undefined) {
      throw kerror("security.token.refresh_forbidden", `strategy "${name}" does not refresh tokens.`);
    }
    const { refreshToken } = methods;
    try {
      const renewed = await callStrategy(() => refreshToken.call(methods, request));
      return typeof renewed === "object" && renewed !== null ? (renewed as JSONObject).expiresIn : undefined;
    } catch {
      // What failed there may name secrets of the provider: it is not passed on.
      throw kerror("security.token.refresh_forbidden", `strategy "${name}" refused.`);
    }
  }
}

/** `expiresAt` -1: until the browser closes. Header only: the JSON answer does not repeat it. */
function setCookie(request: KuzzleRequest, value: string, expiresAt: number, isSecure: boolean): void {
  const cookie = serialize(cookieName, value, {
    path: "/",
    httpOnly: true,
    sameSite: "strict",
    secure: isSecure || isEncrypted(request),
    ...(expiresAt !== -1 && { expires: new Date(expiresAt) }),
  });
  request.response.setHeader("Set-Cookie", cookie);
}
