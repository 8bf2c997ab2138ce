import {
  isPlainObject,
  type JSONObject,
  KuzzleError,
  type KuzzleRequest,
  kerror,
  kerrorFrom,
} from "../../kernel/index.ts";
import { User } from "../users/user.ts";
import type { LoginRefusal, Strategies } from "./strategies.ts";

/** A user, or a step in between: a redirect, say. */
export type LoginOutcome =
  | { readonly kind: "user"; readonly user: User }
  | { readonly kind: "step"; readonly statusCode: number; readonly headers: JSONObject };

/** What strategies write to when they answer by themselves. Extensible: strategies and older plugins add members. */
interface StrategyResponse {
  statusCode: number;
  readonly headers: JSONObject;
  setHeader(name: string, value: unknown): void;
  getHeader(name: string): unknown;
  end(statusCode?: number): void;
  redirect(url: string, status?: number): void;
  addEndListener(listener: () => void): void;
}

function makeResponse(): StrategyResponse {
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

/** The request as Passport's strategies expect it: like one of Node's HTTP server. */
function makePassportRequest(strategy: string, request: KuzzleRequest): JSONObject {
  const { headers } = request.context.connection.misc;
  const known = isPlainObject(headers) ? headers : {};
  return {
    httpVersion: "1.1",
    method: "POST",
    url: `/login?strategy=${encodeURIComponent(strategy)}`,
    headers: known,
    rawHeaders: Object.entries(known).flatMap(([name, value]) => [name, String(value)]),
    body: request.input.body,
    query: request.input.args,
    original: request,
  };
}

/**
 * Shows the request to a strategy through Passport.
 *
 * Errors: `security.credentials.unknown_strategy` (400); `plugin.strategy.missing_user` (401) with the strategy's words; the plugin's own
 * errors, else `plugin.runtime.unexpected_error` (500). Source: contract/security.md section 12.
 */
export async function logInWithPassport(
  strategies: Strategies,
  name: string,
  request: KuzzleRequest,
): Promise<LoginOutcome> {
  const { authenticateOptions } = strategies.get(name);
  const response = makeResponse();
  const passportRequest = makePassportRequest(name, request);
  return new Promise<LoginOutcome>((resolve, reject) => {
    const fail = (error: unknown): void => reject(asPluginError(error));
    response.addEndListener(() => {
      resolve({ kind: "step", statusCode: response.statusCode, headers: response.headers });
    });
    const finish = (error: unknown, user: unknown, info: unknown): void => {
      if (error) fail(error);
      else if (user instanceof User) resolve({ kind: "user", user });
      else reject(refusalOf(info, name));
    };
    try {
      const run = strategies.passport.authenticate(name, { ...authenticateOptions, session: false }, finish);
      const next = (error?: unknown): void =>
        error ? fail(error) : reject(kerror("plugin.strategy.missing_user", wordsOf(undefined, name)));
      run(passportRequest, response, next);
    } catch (error) {
      fail(error);
    }
  });
}

/** With what the strategy tells the audit log alone. */
function refusalOf(info: unknown, strategy: string): KuzzleError {
  const error = kerror("plugin.strategy.missing_user", wordsOf(info, strategy));
  const { reason, of } = (isPlainObject(info) ? info : {}) as Partial<LoginRefusal>;
  if (reason !== undefined || of !== undefined) error.audit = { reason, kuid: of };
  return error;
}

function wordsOf(info: unknown, strategy: string): string {
  if (typeof info === "string" && info !== "") return info;
  if (isPlainObject(info) && typeof info.message === "string" && info.message !== "") return info.message;
  return `Login with strategy "${strategy}" was refused.`;
}

function asPluginError(error: unknown): KuzzleError {
  if (error instanceof KuzzleError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return kerrorFrom(error, "plugin.runtime.unexpected_error", message);
}

/** What the pipe `auth:strategyAuthenticated` made of a login: content that is no user is a step in between. */
export function outcomeOf(payload: unknown): LoginOutcome {
  const { content } = (isPlainObject(payload) ? payload : {}) as { content?: unknown };
  if (content instanceof User) return { kind: "user", user: content };
  const { statusCode, headers } = (typeof content === "object" && content !== null ? content : {}) as JSONObject;
  return {
    kind: "step",
    statusCode: typeof statusCode === "number" ? statusCode : 200,
    headers: isPlainObject(headers) ? headers : {},
  };
}
