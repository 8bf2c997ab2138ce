import type { StrategyDefinition } from "../../events/index.ts";
import {
  isPlainObject,
  type JSONObject,
  KuzzleError,
  type KuzzleRequest,
  kerror,
  kerrorFrom,
} from "../../kernel/index.ts";
import { User } from "../users/user.ts";
import type { LoginSessions } from "./login-sessions.ts";
import { makePassportRequest, makeResponse } from "./passport-request.ts";
import type { LoginRefusal, Strategies } from "./strategies.ts";
import { runStrategy } from "./strategy-faults.ts";

/** A user, or a step in between: a redirect, say. */
export type LoginOutcome =
  | { readonly kind: "user"; readonly user: User }
  | { readonly kind: "step"; readonly statusCode: number; readonly headers: JSONObject };

/** What a login needs beside the strategy. */
export interface LoginDeps {
  readonly strategies: Strategies;
  readonly sessions: LoginSessions;
  /** How long a strategy may take; 0 for as long as it likes. */
  readonly timeoutMs: number;
}

/**
 * Shows the request to a strategy through Passport. What the strategy says first counts, and what it says after the deadline does not.
 *
 * Errors: `security.credentials.unknown_strategy` (400); `plugin.strategy.missing_user` (401) with the strategy's words;
 * `plugin.strategy.timeout` (504); the plugin's own errors, else `plugin.runtime.unexpected_error` (500). Source: contract/security.md section 12.
 */
export async function logInWithPassport(deps: LoginDeps, name: string, request: KuzzleRequest): Promise<LoginOutcome> {
  const definition = deps.strategies.get(name);
  const session = deps.sessions.open(name, request);
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<LoginOutcome>((resolve, reject) => {
      if (deps.timeoutMs > 0) {
        const late = (): void => reject(kerror("plugin.strategy.timeout", definition.plugin, name, deps.timeoutMs));
        timer = setTimeout(late, deps.timeoutMs);
      }
      showTo(deps.strategies, definition, makePassportRequest(name, request, session.content), resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    // A callback ends the session also where it fails: its state is good for one try.
    deps.sessions.save(name, session, request);
  }
}

function showTo(
  strategies: Strategies,
  definition: StrategyDefinition,
  passportRequest: JSONObject,
  resolve: (outcome: LoginOutcome) => void,
  reject: (error: unknown) => void,
): void {
  const { name, authenticateOptions } = definition;
  const response = makeResponse();
  const fail = (error: unknown): void => reject(asPluginError(error));
  response.addEndListener(() => {
    resolve({ kind: "step", statusCode: response.statusCode, headers: response.headers });
  });
  const finish = (error: unknown, user: unknown, info: unknown): void => {
    if (error) fail(error);
    else if (user instanceof User) resolve({ kind: "user", user });
    else reject(refusalOf(info, name));
  };
  const next = (error?: unknown): void =>
    error ? fail(error) : reject(kerror("plugin.strategy.missing_user", wordsOf(undefined, name)));
  try {
    const run = strategies.passport.authenticate(name, { ...authenticateOptions, session: false }, finish);
    runStrategy(definition, fail, () => run(passportRequest, response, next));
  } catch (error) {
    fail(error);
  }
}

/** With what the strategy tells the audit log alone. */
function refusalOf(info: unknown, strategy: string): KuzzleError {
  const error = kerror("plugin.strategy.missing_user", wordsOf(info, strategy));
  const { reason, of } = (isPlainObject(info) ? info : {}) as Partial<LoginRefusal>;
  if (reason !== undefined || of !== undefined) error.audit = { reason, kuid: of };
  return error;
}

/** Strategies say why as text, as an object with a message, or as an error. */
function wordsOf(info: unknown, strategy: string): string {
  const words = typeof info === "object" && info !== null ? (info as { message?: unknown }).message : info;
  return typeof words === "string" && words !== "" ? words : `Login with strategy "${strategy}" was refused.`;
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
