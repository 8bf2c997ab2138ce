/** Strategies of plugins written for Kuzzle 1, in every form: real logins by the official client, credentials kept by the plugin itself. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connectHttp } from "../../testing/index.ts";
import { type FormerServer, formerPackage, startFormer } from "./former-server.ts";

/** Written as Passport's own strategies are: it looks into the body, then into the query; `fromQuery`: those of the first releases found all there. */
const passportStrategy = `
function Strategy (options, verify) {
  if (!options.passReqToCallback) throw new Error('no request for verify');
  this.name = 'any'; this.field = options.field || 'login'; this.fromQuery = options.fromQuery; this._verify = verify;
}
Strategy.prototype.authenticate = function (request, options) {
  this.options = options;
  const credentials = this.fromQuery ? request.query : Object.assign({}, request.query, request.body);
  this._verify(request, credentials[this.field], credentials.secret, (error, user, info) => {
    if (error) return this.error(error);
    return user ? this.success(user, info) : this.fail(info);
  });
};`;

/** Keeps its credentials in a Repository and notes every call. PROPERTIES, ARGUMENTS of validate and what it SAYS are the release's own. */
const strategyPlugin = (
  properties: string,
  {
    validate = "request, credentials, kuid, strategy, isUpdate",
    says = "true",
    verified = "{ kuid: found.kuid }",
    more = "",
  } = {},
): string => `
'use strict';
${passportStrategy}
class StrategyPlugin {
  constructor () {
    this.calls = [];
    this.controllers = { it: { calls: 'take', act: 'act' } };
  }
  init (config, context) {
    this.context = context;
    ${properties}
    this.repository = new context.constructors.Repository('credentials');
    return context.accessors.storage.bootstrap({ credentials: { properties: { kuid: { type: 'keyword' } } } });
  }
  take () { return Promise.resolve(this.calls.splice(0)); }
  act (request) { return ${more === "" ? "Promise.resolve()" : more}; }
  note (name, args) {
    this.calls.push([name, ...Array.from(args).map(arg => arg instanceof this.context.constructors.Request ? 'Request' : arg && arg.authenticate ? 'Strategy' : arg)]);
  }
  find (kuid) {
    return this.repository.search({ query: { match: { kuid } } }, { from: 0, size: 1 }).then(({ hits }) => hits[0]);
  }
  create (request, credentials, kuid, strategy) {
    this.note('create', arguments);
    return this.repository.create({ _id: credentials.login, kuid, secret: credentials.secret }, { refresh: 'wait_for' })
      .then(answer => ({ login: answer._id, kuid }));
  }
  update (request, credentials, kuid, strategy) {
    this.note('update', arguments);
    return this.find(kuid).then(found => this.repository.update({ _id: found._id, secret: credentials.secret }, { refresh: 'wait_for' }))
      .then(() => ({ kuid }));
  }
  remove (request, kuid, strategy) {
    this.note('delete', arguments);
    return this.find(kuid).then(found => this.repository.delete(found._id, { refresh: 'wait_for' }));
  }
  exists (request, kuid, strategy) { this.note('exists', arguments); return this.find(kuid).then(found => found !== undefined); }
  validate (${validate}) {
    this.note('validate', arguments);
    if (credentials.secret === 'rejected') return Promise.reject(new this.context.errors.PreconditionError('that one is taken'));
    return Promise.resolve(credentials.secret === 'short' ? false : ${says});
  }
  verify (request, login, secret) {
    this.note('verify', [request.original, request.query.login || null, login, secret]);
    return this.repository.get(login).catch(() => null).then(found => {
      if (found === null || found.secret !== secret) return ${"{ message: 'wrong words' }"};
      return ${verified};
    });
  }
  getInfo (request, kuid, strategy) { this.note('getInfo', arguments); return this.find(kuid).then(found => ({ login: found._id })); }
  getById (request, id, strategy) { this.note('getById', arguments); return this.repository.get(id).then(found => ({ login: found._id, kuid: found.kuid })); }
  registered (strategy) { this.note('afterRegister', arguments); }
}
module.exports = StrategyPlugin;`;

const methods = `methods: { create: 'create', delete: 'remove', exists: 'exists', update: 'update', validate: 'validate', verify: 'verify', getInfo: 'getInfo', getById: 'getById', afterRegister: 'registered' }`;
const config = (how: string): string =>
  `config: { ${how}, strategyOptions: { field: 'login' }, authenticateOptions: { scope: [] }, fields: ['login', 'secret'] }`;

const kuid = "ada";
const words = { login: "ada-login", secret: "long enough" };

async function startWith(
  t: Parameters<typeof startFormer>[0],
  main: string,
  options: object = {},
  manifest?: object,
): Promise<FormerServer> {
  const name = "strategies";
  return startFormer(t, formerPackage(name, main, manifest ?? { name, kuzzleVersion: "^1.1.x" }), { [name]: options });
}

const calls = async ({ ask }: FormerServer): Promise<unknown[][]> =>
  (await ask({ controller: "strategies/it", action: "calls" })) as unknown[][];

interface Form {
  readonly main: string;
  readonly options?: object;
  /** What validate gets beside the request, the credentials and the kuid. */
  readonly validates: (isUpdate: boolean) => unknown[];
  /** The body of the login is in the query. */
  readonly merges: boolean;
}

const forms: Readonly<Record<string, Form>> = {
  "seed 001: the class in the configuration, four arguments, a kuid as text": {
    main: strategyPlugin(`this.strategies = { words: { ${config("constructor: Strategy")}, ${methods} } };`, {
      validate: "request, credentials, kuid, isUpdate",
      verified: "found.kuid",
    }),
    validates: (isUpdate) => [isUpdate],
    merges: true,
  },
  "1.0 to 1.3: the class in the configuration": {
    main: strategyPlugin(`this.strategies = { words: { ${config("constructor: Strategy")}, ${methods} } };`),
    validates: (isUpdate) => ["words", isUpdate],
    merges: true,
  },
  "1.4: a named authenticator": {
    main: strategyPlugin(
      `this.authenticators = { Mine: Strategy }; this.strategies = { words: { ${config("authenticator: 'Mine'")}, ${methods} } };`,
    ),
    validates: (isUpdate) => ["words", isUpdate],
    merges: false,
  },
  "1.2: added while init runs": {
    main: strategyPlugin(
      `context.accessors.strategies.add('words', { ${config("constructor: Strategy")}, ${methods} });`,
    ),
    validates: (isUpdate) => ["words", isUpdate],
    merges: true,
  },
  "four arguments, said by the operator": {
    main: strategyPlugin(
      `this.authenticators = { Mine: Strategy }; this.strategies = { words: { ${config("authenticator: 'Mine'")}, ${methods} } };`,
    ),
    options: { _validateArity: 4 },
    validates: (isUpdate) => [isUpdate],
    merges: false,
  },
};

for (const [form, { main, options = {}, validates, merges }] of Object.entries(forms)) {
  test(`${form}: credentials are made, used, told, changed and deleted`, async (t) => {
    const former = await startWith(t, main, options);
    const { ws, server } = former;
    assert.deepEqual(await calls(former), [["afterRegister", "Strategy"]], "once");
    await ws.security.createUser(kuid, { content: { profileIds: ["default"] }, credentials: { words } } as never);
    assert.deepEqual(await calls(former), [
      ["exists", "Request", kuid, "words"],
      ["validate", "Request", words, kuid, ...validates(false)],
      ["create", "Request", words, kuid, "words"],
    ]);

    const ada = await connectHttp(server);
    await assert.rejects(ada.auth.login("words", { ...words, secret: "wrong" }), {
      status: 401,
      message: "wrong words",
    });
    assert.match(await ada.auth.login("words", words), /^kauth-/);
    assert.equal((await ada.auth.getCurrentUser())._id, kuid);
    const verified = (await calls(former)).filter(([name]) => name === "verify");
    assert.deepEqual(verified.at(-1), ["verify", "Request", merges ? words.login : null, words.login, words.secret]);

    assert.deepEqual(await ada.auth.getMyCredentials("words"), { login: words.login });
    assert.deepEqual(await ws.security.getCredentialsById("words", words.login), { login: words.login, kuid });
    assert.deepEqual(await ws.security.getCredentialFields("words"), ["login", "secret"]);
    assert.deepEqual(
      await calls(former),
      [
        ["exists", "Request", kuid, "words"],
        ["getInfo", "Request", kuid, "words"],
        ["getById", "Request", words.login, "words"],
      ].filter(([name]) => name !== "exists"),
    );

    assert.deepEqual(await ada.auth.updateMyCredentials("words", { secret: "another one" }), { kuid });
    const updated = (await calls(former)).filter(([name]) => name === "validate" || name === "update");
    assert.deepEqual(updated, [
      ["validate", "Request", { secret: "another one" }, kuid, ...validates(true)],
      ["update", "Request", { secret: "another one" }, kuid, "words"],
    ]);
    await assert.rejects(ada.auth.login("words", words), { status: 401 });
    await ada.auth.login("words", { ...words, secret: "another one" });

    await ws.security.deleteCredentials("words", kuid);
    assert.ok(
      (await calls(former)).some(([name, , of, strategy]) => name === "delete" && of === kuid && strategy === "words"),
    );
    await assert.rejects(ada.auth.login("words", { ...words, secret: "another one" }), { status: 401 });
  });
}

test("a strict false of validate, or a rejection, refuses credentials; every other answer, or none, passes", async (t) => {
  const main = strategyPlugin(
    `this.authenticators = { Mine: Strategy }; this.strategies = { words: { ${config("authenticator: 'Mine'")}, ${methods} } };`,
    { says: "undefined" },
  );
  const { ws } = await startWith(t, main);
  const user = (secret: string): Promise<unknown> =>
    ws.security.createUser(kuid, {
      content: { profileIds: ["default"] },
      credentials: { words: { ...words, secret } },
    } as never);
  await assert.rejects(user("short"), { status: 400 });
  await assert.rejects(user("rejected"), { status: 412, message: "that one is taken" });
  await assert.rejects(ws.security.getUser(kuid), { status: 404 }, "nothing is left behind");
  await user("fine");
  await assert.rejects(ws.security.validateCredentials("words", kuid, { ...words, secret: "short" }), { status: 400 });
});

/** What verify answers, and what becomes of the login. */
const answers: Readonly<Record<string, { verified: string; error: object }>> = {
  false: { verified: "false", error: { status: 401, id: "plugin.strategy.missing_user" } },
  "an empty object": { verified: "{}", error: { status: 401 } },
  "a null kuid with a message": {
    verified: "{ kuid: null, message: 'sleep first' }",
    error: { status: 401, message: "sleep first" },
  },
  "an unknown kuid": { verified: "{ kuid: 'nobody' }", error: { status: 500, id: "plugin.strategy.unknown_kuid" } },
  "an unknown kuid as text": { verified: "'nobody'", error: { status: 500, id: "plugin.strategy.unknown_kuid" } },
  "a kuid of another type": { verified: "{ kuid: 42 }", error: { status: 500, id: "plugin.strategy.invalid_kuid" } },
  "a number": { verified: "42", error: { status: 500, id: "plugin.strategy.invalid_verify_resolve" } },
  "a rejection": {
    verified: "Promise.reject(new TypeError('broken'))",
    error: { status: 500, id: "plugin.runtime.unexpected_error" },
  },
  "a rejection of the API": {
    verified: "Promise.reject(new this.context.errors.ForbiddenError('locked'))",
    error: { status: 403, message: "locked" },
  },
};

for (const [what, { verified, error }] of Object.entries(answers)) {
  test(`a login whose verify answers ${what} is refused, and the server goes on`, async (t) => {
    const main = strategyPlugin(
      `this.authenticators = { Mine: Strategy }; this.strategies = { words: { ${config("authenticator: 'Mine'")}, ${methods} } };`,
      { verified },
    );
    const { ws } = await startWith(t, main);
    await ws.security.createUser(kuid, { content: { profileIds: ["default"] }, credentials: { words } } as never);
    await assert.rejects(ws.auth.login("words", words), error);
    assert.ok((await ws.query({ controller: "server", action: "now" })).result);
  });
}

test("a verify that is not asynchronous is the plugin's fault", async (t) => {
  const main = strategyPlugin(
    `this.verify = () => ({ kuid: 'ada' }); this.authenticators = { Mine: Strategy }; this.strategies = { words: { ${config("authenticator: 'Mine'")}, ${methods} } };`,
  );
  const { ws } = await startWith(t, main);
  await assert.rejects(ws.auth.login("words", words), { status: 500, id: "plugin.strategy.invalid_verify_return" });
});

test("getInfo, getById and afterRegister are called only when the strategy names them, and answer {} otherwise", async (t) => {
  const required =
    "methods: { create: 'create', delete: 'remove', exists: 'exists', update: 'update', validate: 'validate', verify: 'verify' }";
  const main = strategyPlugin(
    `this.authenticators = { Mine: Strategy }; this.strategies = { words: { ${config("authenticator: 'Mine'")}, ${required} } };`,
  );
  const former = await startWith(t, main);
  const { ws } = former;
  await ws.security.createUser(kuid, { content: { profileIds: ["default"] }, credentials: { words } } as never);
  assert.deepEqual(await ws.security.getCredentials("words", kuid), {});
  assert.deepEqual(await ws.security.getCredentialsById("words", words.login), {});
  const names = (await calls(former)).map(([name]) => name);
  assert.ok(!names.includes("getInfo") && !names.includes("getById") && !names.includes("afterRegister"), names.join());
});

for (const [what, written, id] of [
  [
    "both a class and an authenticator",
    config("constructor: Strategy, authenticator: 'Mine'"),
    "plugin.strategy.invalid_definition",
  ],
  ["a constructor that is no class", config("constructor: 'Strategy'"), "plugin.strategy.invalid_constructor"],
  ["neither", config("more: 1"), "plugin.context.missing_authenticator"],
  ["an unknown authenticator", config("authenticator: 'Yours'"), "plugin.strategy.unknown_authenticator"],
] as const) {
  test(`a strategy with ${what} stops the start`, async (t) => {
    const main = strategyPlugin(
      `this.authenticators = { Mine: Strategy }; this.strategies = { words: { ${written}, ${methods} } };`,
    );
    await assert.rejects(startWith(t, main), { id, message: /\[strategies\]/ });
  });
}

test("a name that another plugin has: that plugin fails, or, up to 1.0, is left out", async (t) => {
  const main = strategyPlugin(`this.strategies = { words: { ${config("constructor: Strategy")}, ${methods} } };`);
  const files = {
    ...formerPackage("first", main, { name: "first", kuzzleVersion: "^1.2.x" }),
    ...formerPackage("second", main, { name: "second", kuzzleVersion: "^1.2.x" }),
  };
  await assert.rejects(startFormer(t, files), { id: "plugin.strategy.unauthorized_removal", message: /\[second\]/ });
  const { ask, log } = await startFormer(t, files, { second: { _dialect: "v1.b" } });
  assert.deepEqual(await ask({ controller: "first/it", action: "calls" }), [["afterRegister", "Strategy"]]);
  await assert.rejects(ask({ controller: "second/it", action: "calls" }), { status: 404 });
  assert.ok(log.some((line) => /^warn plugin\.skipped .*"second"/.test(line)));
});

test("strategies come and go while the server runs, and plugins hear of it", async (t) => {
  const act = `request.input.args.remove
    ? this.context.accessors.strategies.remove(request.input.args.remove).then(() => 'removed')
    : this.context.accessors.strategies.add('later', { ${config("authenticator: 'Mine'")}, ${methods} }).then(() => 'added')`;
  const main = strategyPlugin("this.authenticators = { Mine: Strategy };", { more: act });
  const listening = `module.exports = function () {
    const heard = [];
    this.init = () => {};
    this.hooks = { 'core:auth:strategyAdded': 'hear', 'core:auth:strategyRemoved': 'hear' };
    this.controllers = { it: { heard: () => Promise.resolve(heard.splice(0)) } };
    this.hear = ({ name, pluginName, strategy }, event) => heard.push([event, name, pluginName, strategy && strategy.config.authenticator]);
  };`;
  const { ask, ws } = await startFormer(t, {
    ...formerPackage("strategies", main, { name: "strategies", kuzzleVersion: "^1.4.x" }),
    ...formerPackage("listening", listening),
    ...formerPackage("thief", strategyPlugin("", { more: "this.context.accessors.strategies.remove('later')" }), {
      name: "thief",
      kuzzleVersion: "^1.4.x",
    }),
  });
  const asked = (controller: string, more: object = {}): Promise<unknown> =>
    ask({ controller: `${controller}/it`, action: "act", ...more });
  await assert.rejects(ws.auth.login("later", words), { id: "security.credentials.unknown_strategy" });
  assert.equal(await asked("strategies"), "added");
  await ws.security.createUser(kuid, { content: { profileIds: ["default"] }, credentials: { later: words } } as never);
  assert.match(await ws.auth.login("later", words), /^kauth-/);
  await ws.auth.logout();
  assert.equal(await asked("strategies"), "added", "one's own is replaced");
  await assert.rejects(asked("thief"), { id: "plugin.strategy.unauthorized_removal" });
  assert.equal(await asked("strategies", { remove: "later" }), "removed");
  await assert.rejects(asked("strategies", { remove: "later" }), { id: "plugin.strategy.strategy_not_found" });
  await assert.rejects(ws.auth.login("later", words), { id: "security.credentials.unknown_strategy" });
  assert.deepEqual(await ask({ controller: "listening/it", action: "heard" }), [
    ["core:auth:strategyAdded", "later", "strategies", "Mine"],
    ["core:auth:strategyAdded", "later", "strategies", "Mine"],
    ["core:auth:strategyRemoved", "later", "strategies", null],
  ]);
});

test("a pipe on auth:strategyAuthenticated may put a step in the place of the token", async (t) => {
  const main =
    strategyPlugin(`this.authenticators = { Mine: Strategy }; this.strategies = { words: { ${config("authenticator: 'Mine'")}, ${methods} } };
    this.pipes = { 'auth:strategyAuthenticated': 'step' };
    this.step = (payload, callback) => callback(null, Object.assign({}, payload, { content: { statusCode: 302, headers: { Location: '/second?' + payload.strategy + payload.content._id } } }));`);
  const { ws, server } = await startWith(t, main);
  await ws.security.createUser(kuid, { content: { profileIds: ["default"] }, credentials: { words } } as never);
  const response = await fetch(`${server.url}/_login/words`, {
    method: "POST",
    body: JSON.stringify(words),
    redirect: "manual",
    headers: { "Content-Type": "application/json" },
  });
  assert.deepEqual([response.status, response.headers.get("location")], [302, "/second?wordsada"]);
  const { result } = (await response.json()) as { result: { jwt?: string } };
  assert.equal(result.jwt, undefined);
});

test("a release candidate's plugin gives its strategy to Passport, finds and makes users, and names scopes", async (t) => {
  const main = `
'use strict';
${passportStrategy}
module.exports = class {
  constructor () { this.scope = { words: ['email'] }; this.controllers = { it: { options: 'options' } }; }
  init (config, context) {
    const { users, passport } = context.accessors;
    this.strategy = new Strategy({ passReqToCallback: true }, (request, login, secret, done) => {
      users.load(login).then(user => {
        if (user === null) return users.create(login, 'default', { secret }).then(created => done(null, created));
        if (user.secret !== secret) return done(null, false, { message: 'wrong words' });
        return done(null, user);
      }).catch(done);
    });
    const self = this;
    const authenticate = this.strategy.authenticate;
    this.strategy.authenticate = function (request, options) { self.seen = options.scope; return authenticate.call(this, request, options); };
    passport.use('words', this.strategy);
  }
  options () { return Promise.resolve(this.seen); }
};`;
  const { ws, ask } = await startFormer(t, formerPackage("candidate", main, undefined), {
    candidate: { _dialect: "v1.a" },
  });
  assert.match(await ws.auth.login("words", words), /^kauth-/);
  assert.equal((await ws.auth.getCurrentUser())._id, words.login);
  assert.deepEqual(await ask({ controller: "candidate/it", action: "options" }), ["email"]);
  await ws.auth.logout();
  await assert.rejects(ws.auth.login("words", { ...words, secret: "no" }), { status: 401, message: "wrong words" });
});
