/** A server with restricted rights, an administrator and users who have more rights than the standard ones, each in its bounds. */
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer, type TestServerOptions } from "../../testing/index.ts";

export const password = "a long password";

export interface GuardedServer extends AsyncDisposable {
  readonly server: TestServer;
  /** Runs an action as nobody checks it. */
  readonly privileged: (request: JSONObject) => Promise<JSONObject>;
  /** A fresh token of a user. */
  readonly tokenOf: (kuid: string) => Promise<string>;
}

/** What everybody of the profile `people` may do: all that a user does with itself, and documents of `mine/books` and `mine/notes`. */
const person = {
  auth: { actions: { "*": true } },
  bulk: { actions: { "*": true } },
  collection: { actions: { "*": true } },
  document: { actions: { "*": true } },
  index: { actions: { "*": true } },
  realtime: { actions: { "*": true } },
};

/**
 * The administrator is `root`; `ada` and `bob` have the profile `people`, `eve` only what the standard rights leave. Credentials are those of the
 * strategy `local`, the name is the kuid. Collections: `mine/books`, `mine/notes`, `mine/secrets`, `theirs/books`, one document each, `only`.
 */
export async function openGuarded(options: TestServerOptions = {}): Promise<GuardedServer> {
  const server = await startServer({
    data: ":memory:",
    ...options,
    config: {
      "stats.enabled": false,
      "limits.loginsPerSecond": 1_000,
      "tenon.password.memoryKiB": 64,
      "tenon.password.passes": 1,
      ...options.config,
    },
  });
  const privileged = async (request: JSONObject): Promise<JSONObject> => {
    const { controller, action, ...others } = request;
    const answer = await server.backend.sdk.query({
      ...others,
      controller: String(controller),
      action: String(action),
    });
    return answer.result as JSONObject;
  };
  const security = (action: string, _id: string, body: JSONObject, others: JSONObject = {}): Promise<JSONObject> =>
    privileged({ controller: "security", action, _id, body, ...others });
  const credentialsOf = (kuid: string): JSONObject => ({ local: { username: kuid, password } });
  await security("createFirstAdmin", "root", { credentials: credentialsOf("root") }, { reset: true });
  await security("createRole", "person", { controllers: person });
  const restrictedTo = [{ index: "mine", collections: ["books", "notes"] }];
  await security("createProfile", "people", { policies: [{ roleId: "person", restrictedTo }] });
  for (const [kuid, profile] of [
    ["ada", "people"],
    ["bob", "people"],
    ["eve", "default"],
  ] as const) {
    await security("createUser", kuid, { content: { profileIds: [profile] }, credentials: credentialsOf(kuid) });
  }
  for (const [index, collection] of [
    ["mine", "books"],
    ["mine", "notes"],
    ["mine", "secrets"],
    ["theirs", "books"],
  ]) {
    const target = { index, collection };
    if ((await privileged({ controller: "index", action: "exists", index })) as unknown as boolean) {
      await privileged({ controller: "collection", action: "create", ...target });
    } else {
      await privileged({ controller: "index", action: "create", index });
      await privileged({ controller: "collection", action: "create", ...target });
    }
    const body = { of: `${index}/${collection}` };
    await privileged({ controller: "document", action: "create", ...target, _id: "only", body });
  }
  const tokenOf = async (kuid: string): Promise<string> => {
    const body = { username: kuid, password };
    const { jwt } = await privileged({ controller: "auth", action: "login", strategy: "local", body });
    return String(jwt);
  };
  return { server, privileged, tokenOf, [Symbol.asyncDispose]: () => server.close() };
}
