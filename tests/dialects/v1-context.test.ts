/** What a plugin written for Kuzzle 1 reaches through its context, each member used on a whole server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type FormerServer, formerPackage, startFormer } from "./former-server.ts";

/** A plugin whose controller has these actions; each is a body that sees `context`, `accessors`, `constructors`, `errors` and `request`. */
const withActions = (actions: Readonly<Record<string, string>>, init = ""): string => `
'use strict';
module.exports = class {
  constructor () {
    this.controllers = { it: {} };
    for (const name of ${JSON.stringify(Object.keys(actions))}) this.controllers.it[name] = name;
    this.heard = [];
  }
  init (config, context) { this.context = context; const { accessors, constructors, errors } = context; ${init} }
  ${Object.entries(actions)
    .map(
      ([name, body]) =>
        `async ${name} (request) { const context = this.context; const { accessors, constructors, errors } = context; ${body} }`,
    )
    .join("\n  ")}
};`;

const manifest = {
  name: "user",
  kuzzleVersion: "^1.10.0",
  errors: { broken: { code: 1, message: "broken %s", class: "PreconditionError" } },
};

async function start(
  t: Parameters<typeof startFormer>[0],
  actions: Readonly<Record<string, string>>,
  init?: string,
): Promise<FormerServer & { act: (action: string, more?: object) => Promise<unknown> }> {
  const former = await startFormer(t, formerPackage("user", withActions(actions, init), manifest));
  const act = (action: string, more: object = {}): Promise<unknown> =>
    former.ask({ controller: "user/it", action, ...more });
  return { ...former, act };
}

test("a request is derived from another: its user, target, arguments and volatile data go along unless they are given", async (t) => {
  const { act } = await start(t, {
    derive: `
      const own = new constructors.Request({ controller: 'a', action: 'b', requestId: 'mine', more: 1 }, { status: 201 });
      const derived = new constructors.Request(request, { action: 'c', collection: 'others', volatile: { added: 1 } });
      const refused = (...args) => { try { new constructors.Request(...args); } catch (error) { return [error instanceof errors.PluginImplementationError, error.id]; } };
      const { _id, index, collection } = derived.input.resource;
      return {
        own: [own.id, own.status, own.input.args.more, own instanceof constructors.Request],
        derived: { _id, index, collection, asked: derived.input.args.asked, volatile: derived.input.volatile.added + ' ' + derived.input.volatile.kept,
          sameUser: derived.context.user === request.context.user, connection: derived.context.connectionId === request.context.connectionId,
          previous: derived.previous === request, id: derived.id === request.id },
        refused: [refused(), refused(null), refused(request)],
        classes: [new constructors.RequestContext({ connectionId: 'x', protocol: 'y' }).connectionId, new constructors.RequestInput({ index: 'i' }).resource.index]
      };`,
  });
  const missing = [true, "plugin.context.missing_request_data"];
  assert.deepEqual(
    await act("derive", { _id: "one", index: "library", collection: "books", asked: 2, volatile: { kept: 0 } }),
    {
      own: ["mine", 201, 1, true],
      derived: {
        _id: "one",
        index: "library",
        collection: "others",
        asked: 2,
        volatile: "1 0",
        sameUser: true,
        connection: true,
        previous: true,
        id: false,
      },
      refused: [missing, missing, missing],
      classes: ["x", "i"],
    },
  );
});

test("execute answers by a promise or calls back once, with what it has made of the request", async (t) => {
  const { act, log } = await start(t, {
    promise: `
      const now = new constructors.Request({ controller: 'server', action: 'now' });
      const answer = await accessors.execute(now);
      return [answer === now, answer.status, typeof answer.result.now, await accessors.execute(now).then(again => again.status)];`,
    callback: `
      const calls = [];
      const run = (data) => new Promise(resolve => {
        const asked = new constructors.Request(data);
        const returned = accessors.execute(asked, (error, answered) => {
          calls.push([error && error.status, answered === asked, answered.status, returned === undefined]);
          setTimeout(resolve, 5);
        });
      });
      await run({ controller: 'server', action: 'now' });
      await run({ controller: 'document', action: 'get', index: 'library', collection: 'books', _id: 'none' });
      return calls;`,
    throwing: `
      return new Promise(resolve => accessors.execute(new constructors.Request({ controller: 'server', action: 'now' }), () => {
        setTimeout(() => resolve('goes on'), 5);
        throw new Error('thrown in a callback');
      }));`,
    refused: `
      const id = (promise) => promise.then(() => 'no error', error => error.id);
      const subscribe = { controller: 'realtime', action: 'subscribe', index: 'library', collection: 'books', body: {} };
      return [await id(accessors.execute({ controller: 'server', action: 'now' })), await id(accessors.execute(new constructors.Request(subscribe))),
        await id(accessors.execute(new constructors.Request({ controller: 'server', action: 'now' }), 'callback')),
        await id(accessors.execute(new constructors.Request({ controller: 'none', action: 'now' })))];`,
  });
  assert.deepEqual(await act("promise"), [true, 200, "number", 200]);
  assert.deepEqual(await act("callback"), [
    [null, true, 200, true],
    [404, true, 404, true],
  ]);
  assert.equal(await act("throwing"), "goes on");
  assert.ok(
    log.some(
      (line) =>
        line.startsWith("error plugin.callback_failed") &&
        line.includes('"user"') &&
        line.endsWith("thrown in a callback"),
    ),
  );
  assert.deepEqual(await act("refused"), [
    "plugin.context.missing_request",
    "plugin.context.unavailable_realtime",
    "plugin.context.invalid_callback",
    "api.process.controller_not_found",
  ]);
});

test("the filter engine registers, tests and forgets filters", async (t) => {
  const { act } = await start(t, {
    filters: `
      const dsl = new constructors.Dsl();
      const french = { equals: { lang: 'fr' } };
      const first = await dsl.register('library', 'books', french);
      const again = await dsl.register('library', 'books', french);
      const normalized = await dsl.normalize('library', 'books', { exists: { field: 'lang' } });
      const stored = dsl.store(normalized);
      const matches = dsl.test('library', 'books', { lang: 'fr' }).sort();
      const ids = [first.id, stored.id].sort();
      const before = [dsl.exists('library', 'books'), dsl.exists('library', 'none'), dsl.getFilterIds('library', 'books').sort().join() === ids.join()];
      await dsl.remove(first.id);
      await dsl.remove(stored.id);
      const refused = await dsl.validate({ nonsense: {} }).then(() => 'valid', error => error.status);
      return { again: [again.id === first.id, first.diff !== false, again.diff], normalized: Object.keys(normalized).filter(key => ['index', 'collection', 'normalized', 'id'].includes(key)).sort(),
        matches: matches.join() === ids.join(), before, after: dsl.exists('library', 'books'), refused, valid: await dsl.validate(french).then(() => 'valid'),
        same: constructors.Dsl === constructors.Koncorde };`,
  });
  assert.deepEqual(await act("filters"), {
    again: [true, true, false],
    normalized: ["collection", "id", "index", "normalized"],
    matches: true,
    before: [true, false, true],
    after: false,
    refused: 400,
    valid: "valid",
    same: true,
  });
});

test("a validation type of the plugin's is in force for clients, and validates requests of its own", async (t) => {
  const { act, ws } = await start(
    t,
    {
      validate: `
        const request1 = (value) => new constructors.Request({ controller: 'document', action: 'create', index: 'library', collection: 'books', _id: 'x', body: { pages: value } });
        const bad = await accessors.validation.validate(request1(3), true);
        const good = await accessors.validation.validate(request1(4), true);
        const asked = request1(4);
        return { bad: [bad.valid, bad.validation, JSON.stringify(bad.errorMessages).includes('must be even')], good: [good.valid, good.validation],
          same: (await accessors.validation.validate(asked)) === asked, refused: await accessors.validation.validate(request1(3), false).catch(error => error.status) };`,
    },
    `
      class Even extends constructors.BaseValidationType {
        constructor () { super(); this.typeName = 'even'; this.allowChildren = false; this.allowedTypeOptions = ['min']; }
        validateFieldSpecification (typeOptions) { return { min: typeOptions.min || 0 }; }
        validate (typeOptions, value, errorMessages) {
          if (value % 2 === 0 && value >= typeOptions.min) return true;
          errorMessages.push('must be even');
          return false;
        }
      }
      accessors.validation.addType(new Even());`,
  );
  const books = { strict: true, fields: { pages: { type: "even", typeOptions: { min: 2 } } } };
  await ws.collection.updateSpecifications("library", "books", books);
  await assert.rejects(ws.document.create("library", "books", { pages: 3 }), {
    status: 400,
    id: "validation.check.failed_field",
  });
  await assert.rejects(ws.document.create("library", "books", { pages: 0 }), { status: 400 });
  await ws.document.create("library", "books", { pages: 4 });
  assert.deepEqual(await act("validate"), { bad: [false, false, true], good: [true, true], same: true, refused: 400 });
});

test("storage and repositories answer as the search engine of that time did", async (t) => {
  const { act, ws } = await start(t, {
    storage: `
      const { storage } = accessors;
      return [await storage.bootstrap({ notes: { properties: { n: { type: 'integer' } } } }), await storage.bootstrap({ notes: { properties: { text: { type: 'keyword' } } } }),
        await storage.createCollection('users', { properties: {} })];`,
    writes: `
      const notes = new constructors.Repository('notes');
      const created = await notes.create({ _id: 'one', n: 1 }, { refresh: 'wait_for' });
      const generated = await notes.create({ n: 2 });
      const replaced = await notes.createOrReplace({ _id: 'one', n: 3, text: 'x' });
      const again = await notes.replace({ _id: 'one', n: 4, text: 'y' });
      const updated = await notes.update({ _id: 'one', n: 5 });
      const { _index, _type, _id, _version, result, _shards } = created;
      return { created: { _index, _type, _id, _version, result, failed: _shards.failed, isCreated: created.created }, generated: typeof generated._id,
        results: [replaced.result, again.result, updated.result], versions: [replaced._version, again._version, updated._version] };`,
    reads: `
      class Note { text1 () { return this.text + this.n; } }
      const notes = new constructors.Repository('notes', Note);
      const one = await notes.get('one');
      const plain = await new constructors.Repository('notes').get('one');
      const many = await notes.mGet(['one', 'none']);
      const found = await notes.search({ query: { term: { text: 'y' } } }, { from: 0, size: 5 });
      const bare = await notes.search({ term: { text: 'y' } });
      const all = await notes.search({}, { size: 1, scroll: '10s' });
      const missing = await notes.get('none').catch(error => error instanceof errors.NotFoundError);
      const nobody = await new constructors.Repository('users').get('none');
      await notes.delete('one', { refresh: 'wait_for' });
      const twice = await notes.create({ _id: 'two' }).then(() => notes.create({ _id: 'two' })).catch(error => error.status);
      let refused; try { new constructors.Repository(); } catch (error) { refused = error.id; }
      return { one: [one instanceof Note, one._id, one.text1()], plain: plain.constructor === Object, many: many.map(note => note._id), found: [found.total, found.hits[0]._id, found.hits[0] instanceof Note],
        bare: bare.total, all: [all.total, all.hits.length, typeof all.scrollId], missing, nobody, gone: await notes.get('one').catch(error => error.status), twice, refused };`,
  });
  assert.deepEqual(await act("storage"), [true, false, { acknowledged: true }]);
  assert.deepEqual(await act("writes"), {
    created: {
      _index: "%plugin:user",
      _type: "notes",
      _id: "one",
      _version: 1,
      result: "created",
      failed: 0,
      isCreated: true,
    },
    generated: "string",
    results: ["updated", "updated", "updated"],
    versions: [2, 3, 4],
  });
  assert.deepEqual(await act("reads"), {
    one: [true, "one", "y5"],
    plain: true,
    many: ["one"],
    found: [1, "one", true],
    bare: 1,
    all: [2, 1, "string"],
    missing: true,
    nobody: null,
    gone: 404,
    twice: 400,
    refused: "plugin.context.missing_collection",
  });
  const { indexes } = await ws.index.list().then((names) => ({ indexes: names }));
  assert.deepEqual(indexes, ["library"], "clients do not see it");
});

test("errors are made by their classes and by the names of the manifest; secrets, the version and a mutex are there", async (t) => {
  const { act } = await start(t, {
    errors: `
      const made = ['BadRequestError', 'ExternalServiceError', 'ForbiddenError', 'GatewayTimeoutError', 'InternalError', 'NotFoundError', 'ParseError', 'PluginImplementationError',
        'PreconditionError', 'ServiceUnavailableError', 'SizeLimitError', 'UnauthorizedError'].map(name => new errors[name]('x').status);
      const partial = new errors.PartialError('some', ['a', 'b']);
      const { errorsManager } = context;
      const caught = (run) => { try { run(); } catch (error) { return [error.id, error.message, error.status]; } };
      const source = new Error('source');
      return { made, kuzzle: new errors.KuzzleError('x', 418).status, partial: [partial.status, partial.errors.length, partial.count],
        get: errorsManager.get('broken', 'glass').message, from: errorsManager.getFrom(source, 'broken', 'glass').message,
        thrown: caught(() => errorsManager.throw('broken', 'glass')), thrownFrom: caught(() => errorsManager.throwFrom(source, 'broken', 'glass')),
        rejected: await errorsManager.reject('broken', 'glass').catch(error => error.status) };`,
    others: `
      const mutex = new constructors.Mutex('resource', { attemptDelay: 1, timeout: 10, ttl: 1000 });
      const other = new constructors.Mutex('resource', { attemptDelay: 1, timeout: 10, ttl: 1000 });
      const locked = [await mutex.lock(), await other.lock()];
      await mutex.unlock();
      return { locked, after: await other.lock(), secrets: context.secrets, version: context.config.version };`,
  });
  const thrown = ["plugin.user.broken", "broken glass", 412];
  assert.deepEqual(await act("errors"), {
    made: [400, 500, 403, 504, 500, 404, 400, 500, 412, 503, 413, 401],
    kuzzle: 418,
    partial: [206, 2, 2],
    get: "broken glass",
    from: "broken glass",
    thrown,
    thrownFrom: thrown,
    rejected: 412,
  });
  assert.deepEqual(await act("others"), { locked: [true, false], after: true, secrets: {}, version: "1.12.0" });
});

test("what a plugin logs is heard by hooks on its level, and what it triggers by hooks on its name", async (t) => {
  const levels = ["silly", "verbose", "info", "debug", "warn", "error"];
  const { act, log } = await start(
    t,
    {
      say: `for (const level of ${JSON.stringify(levels)}) context.log[level]('said as ' + level);
        return this.heard.splice(0).filter(([, line]) => String(line).includes('said as')).map(([event, line]) => [event, line.slice(line.indexOf('said as'))]);`,
      trigger: `
        const answers = [accessors.trigger('done', { n: 1 }), accessors.trigger('wrong:name', 2), accessors.trigger('empty')];
        return [answers.every(answer => answer === undefined), this.heard.filter(([event]) => event.startsWith('plugin-'))];`,
    },
    `this.hooks = { 'plugin-user:done': 'hear', 'plugin-user:wrong:name': 'hear', 'plugin-user:empty': 'hear' };
     for (const level of ${JSON.stringify(levels)}) this.hooks['log:' + level] = 'hear';
     this.hear = (payload, event) => this.heard.push([event, payload]);`,
  );
  assert.deepEqual(
    await act("say"),
    levels.map((level) => [`log:${level}`, `said as ${level}`]),
  );
  assert.deepEqual(await act("trigger"), [
    true,
    [
      ["plugin-user:done", { n: 1 }],
      ["plugin-user:empty", null],
    ],
  ]);
  assert.ok(log.some((line) => /error plugin\.event_refused .*"user".*"wrong:name"/.test(line)));
});

test("the embedded SDK asks the API without rights, and as a user", async (t) => {
  const { act, ws } = await start(t, {
    sdk: `
      const { sdk } = accessors;
      const created = await sdk.document.create('library', 'books', { lang: 'fr' }, 'one');
      const now = await sdk.query({ controller: 'server', action: 'now' });
      const user = await sdk.as({ _id: 'ada' }).auth.getCurrentUser();
      const members = ['query', 'auth', 'bulk', 'collection', 'document', 'index', 'ms', 'realtime', 'security', 'server', 'as'].filter(name => !sdk[name]);
      let refused; try { sdk.as({}); } catch (error) { refused = error.id; }
      return { created: created._id, now: typeof now.result.now, user: user._id, members, refused };`,
    rights: `
      const { user } = request.context;
      const profiles = await user.getProfiles(accessors.kuzzle);
      const ask = (data) => user.isActionAllowed(new constructors.Request(data), accessors.kuzzle);
      const loaded = await accessors.users.load('ada'); // early releases had this, and its users have methods, too
      return { profiles: profiles.map(({ _id }) => _id), loaded: (await loaded.getProfiles(accessors.kuzzle)).map(({ _id }) => _id), rights: (await user.getRights(accessors.kuzzle)).some(({ controller, value }) => controller === 'user/it' && value === 'allowed'),
        allowed: [await ask({ controller: 'user/it', action: 'rights' }), await ask({ controller: 'index', action: 'delete' })] };`,
  });
  await ws.security.createUser("ada", {
    content: { profileIds: ["default"] },
    credentials: { local: { username: "ada", password: "correct horse" } },
  } as never);
  assert.deepEqual(await act("sdk"), {
    created: "one",
    now: "number",
    user: "ada",
    members: [],
    refused: "plugin.context.invalid_user",
  });
  await ws.security.createRole(
    "few",
    { controllers: { "user/it": { actions: { "*": true } }, auth: { actions: { "*": true } } } },
    { force: true } as never,
  );
  await ws.security.createProfile("few", { policies: [{ roleId: "few" }] } as never);
  await ws.security.updateUser("ada", { profileIds: ["few"] });
  await ws.auth.login("local", { username: "ada", password: "correct horse" });
  assert.deepEqual(await act("rights"), { profiles: ["few"], loaded: ["few"], rights: true, allowed: [true, false] });
});
