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

test("a protocol of a plugin hears what its subscribers are to be told, under the ids that it gave them", async (t) => {
  const main = `
  module.exports = function () {
    this.heard = [];
    this.hooks = {
      'protocol:joinChannel': 'hear', 'protocol:leaveChannel': 'hear', 'protocol:notify': 'hear', 'protocol:broadcast': ['hear']
    };
    this.controllers = { probe: 'makeProbe' };
    this.init = function (config, context, isDummy) { this.context = context; };
    this.hear = function (data, event) {
      var payload = data.payload && data.payload.toJson();
      this.heard.push([event, data.id, typeof data.channel, payload && [payload.action, payload.state, payload.result._id]]);
    };
    this.makeProbe = function () {
      var self = this, context = this.context, router = context.getRouter();
      return {
        subscribe: function () {
          return router.newConnection('mine', 'client-1').then(function (connection) {
            self.connection = connection;
            var request = new context.RequestObject({ controller: 'subscribe', action: 'on', index: 'library', collection: 'books', body: {} }, {}, 'mine');
            return router.execute(request, connection);
          });
        },
        leave: function () { router.removeConnection(self.connection); return Promise.resolve(true); },
        heard: function () { return Promise.resolve(self.heard.splice(0)); }
      };
    };
  };`;
  const { ask, ws } = await startFormer(t, {
    ...firstPackage("mine", main),
    ...listed({ mine: { version: "1", activated: true } }),
  });
  const probe = (action: string) => ask({ controller: "mine/probe", action, body: {} });
  const { channel } = (await probe("subscribe")) as { channel: unknown };
  assert.equal(typeof channel, "string");
  await ws.document.create("library", "books", {}, "one");
  const heard: unknown[] = [];
  const deadline = Date.now() + 2_000;
  while (heard.length < 2 && Date.now() < deadline) heard.push(...((await probe("heard")) as unknown[]));
  assert.deepEqual(heard, [
    ["protocol:joinChannel", "client-1", "string", null],
    ["protocol:broadcast", null, "string", ["create", "done", "one"]],
  ]);
  await probe("leave");
  await ws.document.create("library", "books", {}, "two");
  const after = (await probe("heard")) as unknown[][];
  assert.equal(
    after.some(([event]) => event === "protocol:broadcast"),
    false,
  );
});
