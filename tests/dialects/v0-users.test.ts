/** Plugins of Kuzzle 0 that know users: ways to log in, secrets, repositories. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connectHttp } from "../../testing/index.ts";
import { firstPackage, listed, startFormer } from "./former-server.ts";

const login = `
function Strategy (verify) { this.name = 'mine'; this._verify = verify; }
Strategy.prototype.authenticate = function (request, options) {
  var self = this;
  this._verify(request.query.username, request.query.password, function (error, user, info) {
    if (error) return self.error(error);
    if (!user) return self.fail(info);
    self.success(user);
  });
};
module.exports = function () {
  WAY
  this.verify = function (username, password, done) {
    this.context.repositories().user.load(username).then(function (user) {
      if (user === null) return done(null, false, { message: 'unknown user' });
      done(null, user.password === password ? user : false, { message: 'wrong password' });
    }).catch(done);
  };
};`;

for (const [name, way] of [
  [
    "in init",
    "this.scope = { mine: ['email'] }; this.init = function (config, context) { this.context = context; context.accessors.passport.use(new Strategy(this.verify.bind(this))); };",
  ],
  [
    "by the hook auth:loadStrategies",
    "this.hooks = { 'auth:loadStrategies': 'load' }; this.init = function (config, context, isDummy) { this.context = context; }; this.load = function (passport, event) { passport.use(new Strategy(this.verify.bind(this))); };",
  ],
] as const) {
  test(`a strategy that is given to Passport ${name} logs in a user whose password is its own`, async (t) => {
    const { server, ws } = await startFormer(t, {
      ...firstPackage("login", login.replace("WAY", way)),
      ...listed({ login: { version: "1", activated: true } }),
    });
    await ws.security.createUser("ada", {
      content: { profileIds: ["default"], password: "secret" },
      credentials: {},
    } as never);
    const other = await connectHttp(server);
    await assert.rejects(other.auth.login("mine", { username: "ada", password: "no" }), {
      status: 401,
      message: "wrong password",
    });
    await ws.auth.login("mine", { username: "ada", password: "secret" });
    assert.equal((await ws.auth.getCurrentUser())._id, "ada");
  });
}

const secrets = `
var q = require('q'), Bluebird = require('bluebird'), uuid = require('uuid'), util = require('util');
module.exports = function () {
  this.pipes = { 'security:beforeCreateUser': 'encrypt', 'security:formatUserForSerialization': 'hide' };
  this.init = function (config, context, isDummy) { this.context = context; };
  this.encrypt = function (requestObject, callback) {
    var deferred = q.defer(), body = requestObject.data.body;
    setTimeout(function () { deferred.resolve('hash of ' + body.password); }, 1);
    deferred.promise
      .then(function (hash) { body.password = hash; callback(null, requestObject); })
      .fail(callback);
  };
  this.hide = function (user, callback) {
    if (!util.isString(uuid.v4())) return callback(new Error('no uuid'));
    Bluebird.delay(1).then(function () { delete user._source.password; callback(null, user); });
  };
};`;

test("a plugin that keeps passwords in users encrypts them on the way in, and hides them in answers", async (t) => {
  const { server, ws } = await startFormer(t, {
    ...firstPackage("secrets", secrets),
    ...listed({ secrets: { version: "1", activated: true } }),
  });
  const content = { profileIds: ["default"], password: "secret", name: "Ada" };
  const created = await ws.query({
    controller: "security",
    action: "createUser",
    _id: "ada",
    body: { content, credentials: {} },
  } as never);
  assert.equal(JSON.stringify(created.result).includes("password"), false);
  const found = await ws.query({ controller: "security", action: "searchUsers", body: {} } as never);
  assert.equal(JSON.stringify(found.result).includes("hash of"), false);
  assert.equal(JSON.stringify(found.result).includes("Ada"), true);
  const { context } = server.backend.plugin.get("secrets") as unknown as {
    context: { repositories: () => { user: { load: (id: string) => Promise<{ password: string }> } } };
  };
  assert.equal((await context.repositories().user.load("ada")).password, "hash of secret");
});

const people = `
module.exports = function () {
  this.controllers = { people: 'makePeople' };
  this.init = function (config, context, isDummy) { this.context = context; };
  this.makePeople = function () {
    var context = this.context, repositories = context.repositories();
    return {
      all: function () {
        var users = context.accessors.users;
        return users.create('ada', 'default', { name: 'Ada' }).then(function (info) {
          return repositories.user.load('ada').then(function (ada) {
            return repositories.user.persist({ _id: 'ada', profileIds: ada.profileIds, name: 'Lady Ada' });
          }).then(function () {
            return Promise.all([
              users.load('ada'), users.load('nobody'), users.load(-1), repositories.user.anonymous(),
              repositories.user.search({}, 0, 10), repositories.profile.loadProfile('default'), repositories.role.loadRole('nothing')
            ]);
          }).then(function (found) {
            return repositories.user.delete('ada').then(function () { return users.load('ada'); }).then(function (gone) {
              return {
                info: info, name: found[0].name, nobody: found[1], anonymous: [found[2]._id, found[3]._id],
                total: found[4].total, hit: found[4].hits[0]._id, profile: found[5]._id, role: found[6], gone: gone
              };
            });
          });
        });
      }
    };
  };
};`;

test("repositories and accessors.users create, load, search, change and delete users", async (t) => {
  const { ask } = await startFormer(t, {
    ...firstPackage("people", people),
    ...listed({ people: { version: "1", activated: true } }),
  });
  assert.deepEqual(await ask({ controller: "people/people", action: "all" }), {
    info: { _id: "ada", name: "Ada", profileIds: ["default"] },
    name: "Lady Ada",
    nobody: null,
    anonymous: [-1, -1],
    total: 1,
    hit: "ada",
    profile: "default",
    role: null,
    gone: null,
  });
});

test("scopes come by the pipe passport:loadScope, too", async (t) => {
  const main = `
  function Strategy () { this.name = 'scoped'; }
  Strategy.prototype.authenticate = function (request, options) { this.fail({ message: 'asked for ' + options.scope }); };
  module.exports = function () {
    this.hooks = { 'auth:loadStrategies': 'load' };
    this.pipes = { 'passport:loadScope': 'scopes' };
    this.init = function (config, context, isDummy) {};
    this.load = function (passport) { passport.use(new Strategy()); };
    this.scopes = function (payload, callback) { payload.scope.ignored = 1; setTimeout(function () { callback(null, { scoped: ['email'] }); }, 1); };
  };`;
  const { ws } = await startFormer(t, {
    ...firstPackage("scoped", main),
    ...listed({ scoped: { version: "1", activated: true } }),
  });
  await assert.rejects(ws.auth.login("scoped", {}), { status: 401, message: "asked for email" });
});
