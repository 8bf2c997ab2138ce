/** Plugins of Kuzzle 0 that speak a protocol of their own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { firstPackage, listed, startFormer } from "./former-server.ts";

test("a protocol of a plugin executes requests under their former names, with the rights of the token", async (t) => {
  const main = `
  module.exports = function () {
    this.controllers = { probe: 'makeProbe' };
    this.init = function (config, context, isDummy) { this.context = context; };
    this.makeProbe = function () {
      var context = this.context, router = context.getRouter();
      var run = function (data, token) {
        return router.newConnection('mine', 'c1').then(function (connection) {
          return new Promise(function (resolve) {
            router.execute(token, new context.RequestObject(data, {}, 'mine'), connection, function (error, response) {
              resolve([error ? error.message : null, response.status, response.toJson().result]);
            });
          });
        });
      };
      return { run: function (requestObject) { return run(requestObject.data.body.data, requestObject.data.body.token); } };
    };
  };`;
  const { ask, ws } = await startFormer(t, {
    ...firstPackage("mine", main),
    ...listed({ mine: { version: "1", activated: true } }),
  });
  const run = (data: object, token?: string) =>
    ask({ controller: "mine/probe", action: "run", body: { data, token } }) as Promise<unknown[]>;
  const [error, status, result] = await run({
    controller: "write",
    action: "create",
    index: "library",
    collection: "books",
    body: { _id: "n", a: 1 },
  });
  assert.deepEqual([error, status, (result as { _id: string })._id], [null, 200, "n"]);
  assert.equal((await run({ controller: "read", action: "nothing" }))[1], 404);
  assert.equal((await run({ controller: "read", action: "now" }, "Bearer nonsense"))[1], 401);
  await ws.security.createUser("ada", {
    content: { profileIds: ["anonymous"] },
    credentials: { local: { username: "ada", password: "a long secret" } },
  } as never);
  const jwt = await ws.auth.login("local", { username: "ada", password: "a long secret" });
  assert.equal((await run({ controller: "read", action: "now" }, `Bearer ${jwt}`))[1], 200);
  const [, , user] = await run({ controller: "auth", action: "getCurrentUser" }, jwt);
  assert.equal((user as { _id: string })._id, "ada");
});
