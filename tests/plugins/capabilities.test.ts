/** What plugins with capabilities may do, alike in all generations, on a whole server. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { type TestContext, test } from "node:test";
import { definePlugin } from "../../src/index.ts";
import { connectWebSocket, type TestServer } from "../../testing/index.ts";
import { ask, enabledPackage, startWith } from "./root.ts";

type Capabilities = Readonly<Record<string, unknown>>;

/** A generation, with what its plugins may attempt: the capability for each, and what they answer when they have it. */
interface Generation {
  readonly name: string;
  readonly main: string;
  readonly manifest: Readonly<Record<string, unknown>> & { file?: string };
  readonly dialect?: string;
  readonly attempts: Readonly<Record<string, readonly [needed: Capabilities, answer: unknown]>>;
}

/** What a plugin reaches outside of its context, by globals and by the exports of `kuzzle`. */
const outside = `
const { EmbeddedSDK, Store, ObjectRepository } = require('kuzzle');
class Notes extends ObjectRepository {
  constructor (index) { super({ store: new Store(index) }); this.collection = 'drafts'; }
}
const outside = {
  pipe: () => global.kuzzle.pipe('document:beforeGet', 'through'),
  emit: () => { global.kuzzle.emit('document:afterGet', 1); return Promise.resolve('fired'); },
  listen: () => { global.kuzzle.on('document:afterGet', () => {}); return Promise.resolve('heard'); },
  vault: async () => global.kuzzle.vault.secrets.token,
  funnel: async () => typeof (await global.kuzzle.funnel.executePluginRequest(new Request({ controller: 'server', action: 'now' }))).now,
  ownSdk: async () => typeof (await new EmbeddedSDK().server.now()),
  store: async () => { const notes = new Notes('plugin-probe'); await notes.store.init({ drafts: {} }); return (await notes.search({})).total; }
};`;

const outsideAttempts = {
  pipe: [{ events: ["document:before*"] }, "through"],
  emit: [{ events: ["document:afterGet"] }, "fired"],
  listen: [{ events: ["document:*"] }, "heard"],
  vault: [{ secrets: true }, "s3cret"],
  funnel: [{ actions: ["server:*"] }, "number"],
  ownSdk: [{ actions: ["server:now"] }, "number"],
  store: [{ storage: true }, 0],
} as const;

const later = `
const { Request } = require('kuzzle-common-objects');
class Own { authenticate () {} }
const methods = Object.fromEntries(['create', 'update', 'delete', 'exists', 'validate', 'verify'].map(name => [name, 'answer']));
${outside}
const attempts = Object.assign({
  storage: async ({ accessors, constructors }) => {
    await accessors.storage.bootstrap({ notes: {} });
    await new constructors.Repository('notes').create({ text: 'mine' }, { refresh: 'wait_for' });
    return (await new constructors.Repository('notes').search({})).total;
  },
  secrets: async ({ secrets }) => secrets.token,
  action: async ({ accessors }) => typeof (await accessors.execute(new Request({ controller: 'server', action: 'now' }))).result.now,
  sdk: async ({ accessors }) => typeof (await accessors.sdk.server.now()),
  subscription: async ({ accessors }) => typeof (await accessors.subscription.register('c', 'library', 'books', {})).roomId,
  strategies: ({ accessors }) => accessors.strategies.add('own', { config: { authenticator: 'Own' }, methods }).then(() => 'added'),
  cluster: ({ accessors }) => accessors.cluster.broadcast('news', {}).then(() => 'sent'),
}, outside);
module.exports = class {
  constructor () {
    this.authenticators = { Own };
    this.controllers = { probe: { attempt: 'attempt' } };
  }
  async init (config, context) { this.context = context; }
  attempt (request) { return attempts[request.input.args.what](this.context); }
  async answer () { return true; }
};`;

const laterAttempts = {
  storage: [{ storage: true }, 1],
  secrets: [{ secrets: true }, "s3cret"],
  action: [{ actions: ["server:now"] }, "number"],
  sdk: [{ actions: ["*"] }, "number"],
  subscription: [{ actions: ["realtime:subscribe"] }, "string"],
  strategies: [{ strategies: true }, "added"],
  cluster: [{ events: ["news"] }, "sent"],
  ...outsideAttempts,
} as const;

const generations: readonly Generation[] = [
  {
    name: "v0",
    dialect: "v0",
    manifest: { kuzzleVersion: ">=0.9.0 <1.0.0" },
    main: `
      var Request = require('kuzzle-common-objects').Request;
      ${outside}
      module.exports = function () {
        this.controllers = { probe: 'makeProbe' };
        this.init = function (config, context, isDummy) { this.context = context; };
        this.makeProbe = function () {
          var context = this.context;
          var attempts = {
            load: function () { return context.accessors.users.load('-1').then(function (user) { return user._id; }); },
            create: function () { return context.accessors.users.create('bob', 'admin').then(function (user) { return user._id; }); },
            role: function () { return context.repositories().role.loadRole('admin').then(function (role) { return role._id; }); },
            token: function () { return context.repositories().token.load('nonsense'); },
            connection: function () {
              return context.getRouter().newConnection('pigeon', 'p1').then(function (opened) { return opened.connection.type; });
            }
          };
          return { attempt: function (requestObject) {
            var what = requestObject.data.body.what;
            return (attempts[what] || outside[what])().then(function (answer) {
              return new context.ResponseObject(requestObject, { answer: answer });
            });
          } };
        };
      };`,
    attempts: {
      load: [{ actions: ["security:getUser"] }, -1],
      token: [{ actions: ["auth:checkToken"] }, null],
      create: [{ actions: ["security:createUser"] }, "bob"],
      role: [{ actions: ["security:*"] }, "admin"],
      connection: [{ protocols: true }, "pigeon"],
      ...outsideAttempts,
    },
  },
  { name: "v1", manifest: { kuzzleVersion: ">=1.0.0 <2.0.0" }, main: later, attempts: laterAttempts },
  { name: "v2", manifest: {}, main: later, attempts: laterAttempts },
  {
    name: "tenon",
    manifest: { file: "index.mjs" },
    main: `
      import { createRequire } from "node:module";
      import { action, arg, definePlugin } from "tenon";
      const require = createRequire(import.meta.url);
      const { Request } = require("kuzzle");
      ${outside}
      const attempts = {
        storage: async ({ storage, repository }) => {
          await storage.bootstrap({ notes: {} });
          await repository("notes").create({ text: "mine" });
          return (await repository("notes").search({})).total;
        },
        secrets: async ({ secrets }) => secrets.token,
        sdk: async ({ sdk }) => typeof (await sdk.server.now()),
        ...outside,
      };
      export default definePlugin({
        name: "probe",
        controllers: (context) => ({
          probe: { attempt: action({ summary: "Tries.", args: { what: arg.string() }, run: ({ what }) => attempts[what](context) }) },
        }),
      });`,
    attempts: {
      storage: [{ storage: true }, 1],
      secrets: [{ secrets: true }, "s3cret"],
      sdk: [{ actions: ["server:now"] }, "number"],
      ...outsideAttempts,
    },
  },
];

const { Cryptonomicon } = createRequire(import.meta.url)("kuzzle-vault") as {
  Cryptonomicon: new (key: string) => { encryptObject(secrets: object): object };
};
const vaultKey = "the key of this test";
const vault = {
  "config/secrets.enc.json": JSON.stringify(new Cryptonomicon(vaultKey).encryptObject({ token: "s3cret" })),
};

/** A server with one plugin of a generation; `capabilities` undefined: its manifest has none. */
async function startProbe(t: TestContext, { main, manifest, dialect }: Generation, capabilities?: Capabilities) {
  const files = { ...vault, ...enabledPackage("probe", main, { ...manifest, ...(capabilities && { capabilities }) }) };
  const server = await startWith(t, files, {
    prepare: (backend) => {
      backend.vault.key = vaultKey;
    },
    config: dialect === undefined ? {} : { "plugins.probe._dialect": dialect },
  });
  const ws = await connectWebSocket(server);
  t.after(() => ws.disconnect());
  await ws.index.create("library");
  await ws.collection.create("library", "books", {});
  return server;
}

async function attempt(server: TestServer, what: string): Promise<unknown> {
  const request = { controller: "probe/probe", action: "attempt", what, body: { what } };
  const answer = await ask(server, request);
  return typeof answer === "object" && answer !== null && "answer" in answer ? answer.answer : answer;
}

for (const generation of generations) {
  const { name, attempts } = generation;

  test(`a plugin of ${name} without capabilities may do everything`, async (t) => {
    const server = await startProbe(t, generation);
    for (const [what, [, answer]] of Object.entries(attempts))
      assert.deepEqual(await attempt(server, what), answer, what);
  });

  test(`a plugin of ${name} with capabilities is refused what they do not name, with 403 and its name`, async (t) => {
    const server = await startProbe(t, generation, { controllers: true });
    for (const [what, [needed]] of Object.entries(attempts)) {
      const [member] = Object.keys(needed);
      await assert.rejects(
        attempt(server, what),
        {
          id: "plugin.capability.missing",
          status: 403,
          message: new RegExp(`^\\[probe\\] The plugin may not .*"${member}"`),
        },
        what,
      );
    }
  });

  for (const [what, [needed, answer]] of Object.entries(attempts)) {
    test(`${JSON.stringify(needed)} lets a plugin of ${name} do "${what}"`, async (t) => {
      const server = await startProbe(t, generation, { controllers: true, ...needed });
      assert.deepEqual(await attempt(server, what), answer);
    });
  }
}

test("manifest and description each take away: what only one of them grants is refused", async (t) => {
  const main = `
    import { action, arg, definePlugin } from "tenon";
    const attempts = {
      storage: ({ storage }) => storage.bootstrap({ notes: {} }),
      secrets: async ({ secrets }) => secrets.token,
      sdk: async ({ sdk }) => typeof (await sdk.server.now()),
    };
    export default definePlugin({
      name: "probe",
      capabilities: { controllers: true, storage: true, actions: ["server:now"] },
      controllers: (context) => ({
        probe: { attempt: action({ summary: "Tries.", args: { what: arg.string() }, run: ({ what }) => attempts[what](context) }) },
      }),
    });`;
  const capabilities = { controllers: true, secrets: true, actions: ["server:*"] };
  const server = await startWith(t, enabledPackage("probe", main, { file: "index.mjs", capabilities }));
  await assert.rejects(attempt(server, "storage"), { status: 403 });
  await assert.rejects(attempt(server, "secrets"), { status: 403 });
  assert.equal(await attempt(server, "sdk"), "number");
});

test("a plugin may fire its own events, and reach its own index only from its storage", async (t) => {
  const outcomes: Record<string, unknown> = {};
  const refused = async (run: () => Promise<unknown>): Promise<unknown> =>
    run().then(
      (answer) => answer,
      ({ id }: { id: string }) => id,
    );
  const plugin = definePlugin({
    name: "probe",
    capabilities: { storage: true },
    init: async ({ storage, trigger, sdk }) => {
      await storage.bootstrap({ notes: {} });
      const elsewhere = { index: "library", collection: "books" };
      const own = { index: storage.index, collection: "notes" };
      const search = { body: {}, from: 0, size: 1 };
      outcomes.trigger = await trigger("sold", 3);
      outcomes.found = await refused(() => storage.store.find(elsewhere, "1"));
      outcomes.searched = await refused(() => storage.store.search({ ...search, targets: [own, elsewhere] }));
      outcomes.own = (await storage.store.search({ ...search, targets: [own] })).total;
      outcomes.closed = await refused(() => storage.store.close());
      outcomes.walked = await refused(async () => storage.store.walk(elsewhere, {}));
      outcomes.described = (await storage.store.describe()).map(({ collection }) => collection);
      outcomes.called = await refused(() => sdk.document.get("library", "books", "1"));
    },
  });
  await startWith(t, {}, { prepare: (backend) => void backend.plugin.use(plugin) });
  assert.deepEqual(outcomes, {
    trigger: 3,
    found: "plugin.capability.missing",
    searched: "plugin.capability.missing",
    own: 0,
    closed: "plugin.capability.missing",
    walked: "plugin.capability.missing",
    described: ["notes"],
    called: "plugin.capability.missing",
  });
});

test("a privileged plugin cannot have capabilities: nothing could be withheld from it", async (t) => {
  const main = "module.exports = class { async init () {} };";
  const files = enabledPackage("probe", main, { privileged: true, capabilities: { storage: true } });
  await assert.rejects(startWith(t, files, { config: { "plugins.probe.privileged": true } }), {
    id: "plugin.capability.privileged",
    message: /^\[probe\]/,
  });
});

test("capabilities that are not valid refuse the start before any code of the plugin runs", async (t) => {
  const main = "globalThis.ranUnasked = true; module.exports = class { async init () {} };";
  await assert.rejects(startWith(t, enabledPackage("probe", main, { capabilities: { storge: true } })), {
    id: "plugin.capability.invalid_declaration",
    message: /^\[probe\].*"storge" is not known\. Did you mean "storage"\?/,
  });
  assert.equal("ranUnasked" in globalThis, false);
});

test("code that runs while a package is loaded has what its manifest grants already", async (t) => {
  const main = `
    const { EmbeddedSDK } = require("kuzzle");
    const early = new EmbeddedSDK().server.now().catch(({ id }) => id);
    module.exports = class {
      constructor () { this.api = { probe: { actions: { attempt: { handler: () => early } } } }; }
      async init () {}
    };`;
  const server = await startWith(t, enabledPackage("probe", main, { capabilities: { controllers: true } }));
  assert.equal(await attempt(server, "early"), "plugin.capability.missing");
});
