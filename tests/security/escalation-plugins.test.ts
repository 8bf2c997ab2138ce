/** What plugins and applications open by accident: routes over those of the server, and calls on behalf of users. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JSONObject, KuzzleRequest } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { http } from "../api/wire.ts";
import { type GuardedServer, openGuarded } from "./guarded-server.ts";

const handler = async (): Promise<string> => "of the application";

/** A server whose application has one action on this route. */
const withRoute = (verb: "get" | "head" | "post", path: string): Promise<TestServer> =>
  startServer({
    data: ":memory:",
    config: { "stats.enabled": false },
    prepare: (backend) =>
      backend.controller.register("shop", { actions: { buy: { handler, http: [{ verb, path }] } } }),
  });

let guarded: GuardedServer;

before(async () => {
  guarded = await openGuarded({
    prepare: (backend) => {
      const forward = async (request: KuzzleRequest): Promise<unknown> => {
        const {
          controller = "",
          action = "",
          ...others
        } = request.getBody() as { controller?: string; action?: string };
        const user = { ...(request.getUser() ?? {}), _id: request.getKuid() ?? "", profileIds: ["admin"] };
        const sdk = backend.sdk.as(user, { checkRights: true });
        return (await sdk.query({ ...others, controller, action })).result;
      };
      backend.controller.register("shop", {
        actions: {
          buy: { handler, http: [{ verb: "get", path: "/users/root" }] },
          forward: { handler: forward },
        },
      });
    },
  });
});

after(() => guarded?.[Symbol.asyncDispose]());

test("a route that the server has cannot be taken, under whichever spelling", async () => {
  for (const [verb, path] of [
    ["get", "/_me"],
    ["get", "/_me/"],
    ["get", "//_me"],
    ["get", "/users/:anybody"],
    ["get", "/:x/:y/:z"],
    ["post", "/_login/:way"],
    ["post", "/_query"],
    ["post", "//_query/"],
    ["get", "/_healthcheck"],
    ["get", "/_ready/"],
    ["head", "/_ready"],
    ["head", "/"],
  ] as const) {
    await assert.rejects(withRoute(verb, path), { id: "network.http.duplicate_url" }, path);
  }
});

test("a controller cannot take a name of the server's", async () => {
  for (const name of ["security", "auth", "ms", "memoryStorage", "tenon", "__proto__"]) {
    const prepare = (backend: TestServer["backend"]): void =>
      backend.controller.register(name, { actions: { buy: { handler } } });
    const start = startServer({ data: ":memory:", prepare });
    await assert.rejects(start, { id: "plugin.assert.invalid_controller_definition" }, name);
  }
});

test("a route beside one of the server's asks for the right of its own action", async () => {
  const { server, tokenOf } = guarded;
  const headers = { authorization: `Bearer ${await tokenOf("ada")}` };
  const { error } = await http(server, "GET", "/users/root", undefined, headers);
  assert.deepEqual([error?.id, error?.props?.slice(0, 2)], ["security.rights.forbidden", ["shop", "buy"]]);
  const stranger = await http(server, "GET", "/users/root");
  assert.equal(stranger.error?.id, "security.rights.unauthorized");
  const admin = { authorization: `Bearer ${await tokenOf("root")}` };
  assert.equal((await http(server, "GET", "/users/root", undefined, admin)).result as unknown, "of the application");
});

test("what a plugin asks on behalf of a user has the rights that are stored, not those that the object claims", async () => {
  const { server, privileged, tokenOf } = guarded;
  const role = (await privileged({ controller: "security", action: "getRole", _id: "person" }))._source as JSONObject;
  const controllers = { ...(role.controllers as JSONObject), shop: { actions: { forward: true } } };
  await privileged({ controller: "security", action: "updateRole", _id: "person", body: { controllers } });
  const ada = { authorization: `Bearer ${await tokenOf("ada")}` };
  const forward = async (body: JSONObject): Promise<unknown> => {
    const asked = { controller: "shop", action: "forward", body };
    const { error, result } = await http(server, "POST", "/_query", asked, ada);
    return error === null ? result : (error.id ?? error.status);
  };
  const get = { controller: "document", action: "get", _id: "only" };
  const own = (await forward({ ...get, index: "mine", collection: "books" })) as { _source: JSONObject };
  assert.equal(own._source.of, "mine/books");
  const forbidden = "security.rights.forbidden";
  assert.equal(await forward({ ...get, index: "theirs", collection: "books" }), forbidden);
  assert.equal(await forward({ ...get, index: "mine", collection: "secrets" }), forbidden);
  const targets = [{ index: "mine", collections: ["books"] }];
  assert.equal(await forward({ ...get, index: "theirs", collection: "books", targets }), forbidden);
  assert.equal(await forward({ controller: "security", action: "searchUsers", body: {} }), forbidden);
  assert.equal(await forward({ controller: "security", action: "searchUsers", targets: [{}], body: {} }), forbidden);
  await privileged({ controller: "security", action: "updateUser", _id: "ada", body: { profileIds: ["default"] } });
  const refused = await forward({ ...get, index: "mine", collection: "books" });
  assert.equal(refused, forbidden, "at once");
});
