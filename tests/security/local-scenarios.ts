import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { http } from "../api/wire.ts";

/** Whose answers are compared: the status, the error's id (none where the strategy throws a bare error), and what the result has to say. */
export type Outcome = readonly [status: number, detail: unknown];

/** One server, spoken to over HTTP by an administrator, by users and by nobody. */
export class Speaker {
  readonly #server: TestServer;
  readonly #tokens = new Map<string, string>();

  constructor(server: TestServer) {
    this.#server = server;
  }

  async raw(
    request: JSONObject,
    as?: string,
  ): Promise<{ status: number; error: JSONObject | null; result: JSONObject }> {
    const jwt = as === undefined ? {} : { jwt: this.#tokens.get(as) ?? "nobody" };
    const answer = await http(this.#server, "POST", "/_query", { ...request, ...jwt });
    return { status: answer.status, error: answer.error as JSONObject | null, result: answer.result };
  }

  async ask(request: JSONObject, as?: string): Promise<Outcome> {
    const { status, error, result } = await this.raw(request, as);
    return [status, error === null ? told(result) : (error.id ?? null)];
  }

  async logIn(username: string, password: unknown): Promise<Outcome> {
    const { status, error, result } = await this.raw({
      controller: "auth",
      action: "login",
      strategy: "local",
      body: { username, password },
    });
    if (error !== null) return [status, error.id ?? null];
    this.#tokens.set(username, String(result.jwt));
    return [status, result._id];
  }
}

/** What differs from run to run is left out. */
function told(result: unknown): unknown {
  if (typeof result !== "object" || result === null) return result;
  const { jwt, expiresAt, ttl, _source, resetToken, ...rest } = result as JSONObject;
  return rest;
}

const users = { controller: "security", _id: "ada" };
export const security = (action: string, rest: JSONObject = {}): JSONObject => ({
  ...users,
  action,
  strategy: "local",
  ...rest,
});
export const mine = (action: string, body?: JSONObject): JSONObject => ({
  controller: "auth",
  action,
  strategy: "local",
  ...(body === undefined ? {} : { body }),
});

/** An administrator `root`, logged in, and rights for users to change their credentials. */
export async function prepare(speaker: Speaker): Promise<void> {
  const credentials = { local: { username: "root", password: "the-root-of-all" } };
  const first = { controller: "security", action: "createFirstAdmin", _id: "root", reset: true };
  await speaker.ask({ ...first, body: { credentials } });
  await speaker.logIn("root", "the-root-of-all");
  const own = { auth: { actions: { "*": true } } };
  const put = (_id: string, controllers: JSONObject) =>
    speaker.ask({ controller: "security", action: "createOrReplaceRole", _id, body: { controllers } }, "root");
  await put("default", own);
  const password = { actions: { reset: true } };
  await put("anonymous", { ...own, "kuzzle-plugin-auth-passport-local/password": password });
}

/** A user of profile `default`, made by the administrator. */
export const createUser = (speaker: Speaker, _id: string, username: string, password: string): Promise<Outcome> =>
  speaker.ask(
    {
      controller: "security",
      action: "createUser",
      _id,
      body: { content: { profileIds: ["default"] }, credentials: { local: { username, password } } },
    },
    "root",
  );

export const open = async (root: string, section: JSONObject, data = ":memory:"): Promise<TestServer> =>
  startServer({
    root,
    data,
    config: {
      "limits.loginsPerSecond": 1_000,
      "tenon.password.memoryKiB": 64,
      "tenon.password.passes": 1,
      "security.standard.profiles.default.rateLimit": 0,
      "plugins.kuzzle-plugin-auth-passport-local": section,
    },
  });
