/** What is loaded from `protocols/enabled`, under which name, and what refuses the start. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { connectWebSocket } from "../../testing/index.ts";
import { type HostedServer, type HostedServerOptions, startHosted } from "../../testing/protocols/hosted-server.ts";

/** A protocol without sockets that remembers what it is told; `Probe.last` is the one that was made last. */
const probe = (members = ""): string => `
module.exports = class Probe {
  constructor () { this.told = []; module.exports.last = this; }
  init (entryPoint, context) { this.entryPoint = entryPoint; this.context = context; }
  broadcast (data) { this.told.push(["broadcast", data]); }
  notify (data) { this.told.push(["notify", data]); }
  joinChannel (...args) { this.told.push(["joinChannel", ...args]); }
  leaveChannel (...args) { this.told.push(["leaveChannel", ...args]); }
  disconnect (...args) { this.told.push(["disconnect", ...args]); }
  ${members}
};`;

interface Probe {
  told: unknown[][];
  entryPoint: JSONObject & {
    config: JSONObject & { protocols: JSONObject };
    protocols: Map<string, object>;
    isShuttingDown: boolean;
    newConnection(connection: object): void;
    removeConnection(id: string): void;
    execute(...args: unknown[]): Promise<{ status: number; content: JSONObject; raw: boolean; requestId: string }>;
    dispatch(event: string, data: object): void;
  };
  context: {
    ClientConnection: new (protocol: string, ips: string[], headers?: object) => { id: string };
    Request: new (data: object, options?: object) => object;
    Protocol: new (name: string) => { init(name: string | null, entryPoint: object): Promise<void> } & JSONObject;
  };
}

const manifest = (name: string, more: JSONObject = {}): string =>
  JSON.stringify({ name, kuzzleVersion: ">=2.0.0 <3.0.0", ...more });

const packageOf = (name: string, code = probe(), folder = name): Record<string, string> => ({
  [`${folder}/manifest.json`]: manifest(name),
  [`${folder}/index.js`]: code,
});

function lastProbe({ server }: HostedServer, folder = "probe"): Probe {
  const file = join(server.root, "protocols", "enabled", folder, "index.js");
  return (createRequire(file)(file) as { last: Probe }).last;
}

async function startProbe(t: TestContext, options: Omit<HostedServerOptions, "files"> = {}, members = "") {
  const hosted = await startHosted(t, { files: packageOf("probe", probe(members)), ...options });
  return { hosted, probe: lastProbe(hosted) };
}

test("plain files and hidden folders are left out, and the manifest names the protocol", async (t) => {
  const hosted = await startHosted(t, {
    files: { ...packageOf("probe", probe(), "some-folder"), "notes.txt": "", ".hidden/index.js": "throw new Error()" },
  });
  const { protocols } = lastProbe(hosted, "some-folder").entryPoint;
  assert.deepEqual([...protocols.keys()].sort(), ["http", "internal", "probe", "websocket"]);
  assert.equal(protocols.get("probe"), lastProbe(hosted, "some-folder"));
});

test("a package without manifest goes by the name that its instance gives, else by that of its folder", async (t) => {
  const hosted = await startHosted(t, {
    files: {
      "a/index.js": probe("get protocol () { return 'from-protocol'; } get name () { return 'no'; }"),
      "b/index.js": probe("get name () { return 'from-name'; }"),
      "from-folder/index.js": probe(),
    },
  });
  const names = [...lastProbe(hosted, "a").entryPoint.protocols.keys()];
  for (const name of ["from-protocol", "from-name", "from-folder"]) assert.ok(names.includes(name), name);
});

const withoutTwo = `
class Base { init () {} broadcast () {} joinChannel () {} leaveChannel () {} }
module.exports = class extends Base {};`;

const refusals: Readonly<
  Record<string, { files: Record<string, string>; config?: JSONObject; error: object | RegExp }>
> = {
  "required methods that are missing, even by inheritance": {
    files: packageOf("probe", withoutTwo),
    error: { id: "plugin.assert.cannot_load", message: /"probe".*missing: disconnect, notify\./ },
  },
  "an init that throws": {
    files: packageOf("probe", probe("init () { throw new Error('no serial port'); }")),
    error: { id: "plugin.runtime.failed_init", message: /\[probe\].*no serial port/ },
  },
  "an init that rejects": {
    files: packageOf("probe", probe("async init () { throw 'nothing'; }")),
    error: { id: "plugin.runtime.failed_init", message: /\[probe\].*nothing/ },
  },
  "an init that does not end": {
    files: packageOf("probe", probe("init () { return new Promise(() => {}); }")),
    config: { "services.common.defaultInitTimeout": 30 },
    error: { id: "plugin.runtime.failed_init", message: /\[probe\].*30 ms.*services\.common\.defaultInitTimeout/ },
  },
  "the name of a protocol of the server": {
    files: packageOf("websocket"),
    error: { id: "protocol.runtime.already_exists", message: /"websocket"/ },
  },
  "two packages of one name": {
    files: { ...packageOf("probe", probe(), "a"), ...packageOf("probe", probe(), "b") },
    error: { id: "protocol.runtime.already_exists", message: /"probe"/ },
  },
  "a manifest without a name": {
    files: { "a/manifest.json": "{}", "a/index.js": probe() },
    error: { id: "plugin.manifest.missing_name" },
  },
  "a manifest that is no JSON": {
    files: { "a/manifest.json": "{", "a/index.js": probe() },
    error: { id: "plugin.manifest.cannot_load" },
  },
  "a version that this server does not host": {
    files: { "a/manifest.json": manifest("probe", { kuzzleVersion: ">=7.0.0" }), "a/index.js": probe() },
    error: { id: "plugin.manifest.version_mismatch", message: /\[probe\].*>=7\.0\.0/ },
  },
  "a package that exports no class": {
    files: packageOf("probe", "module.exports = () => {};"),
    error: { id: "plugin.assert.not_a_constructor" },
  },
  "code that throws when it is loaded": {
    files: packageOf("probe", "throw new Error('broken');"),
    error: { id: "plugin.runtime.unexpected_error", message: /probe.*broken/s },
  },
  "a package without a main file": {
    files: { "a/manifest.json": manifest("probe") },
    error: /no main file/,
  },
};

for (const [what, { files, config = {}, error }] of Object.entries(refusals)) {
  test(`the start is refused for ${what}`, async (t) => {
    await assert.rejects(startHosted(t, { files, config }), error);
  });
}

test("a package takes the place of a protocol that is turned off", async (t) => {
  const hosted = await startHosted(t, {
    files: packageOf("websocket"),
    config: { "server.protocols.websocket.enabled": false },
  });
  const own = lastProbe(hosted, "websocket");
  assert.equal(own.entryPoint.protocols.get("websocket"), own);
});

test("a protocol whose options say that it is not enabled is left out, and its code does not run", async (t) => {
  const files = packageOf("probe", "throw new Error('it ran');");
  const { log } = await startHosted(t, { files, protocols: { probe: { enabled: false } } });
  assert.ok(log.some((line) => line.startsWith("info protocol.not_enabled")));
});

test("a manifest without kuzzleVersion is warned of", async (t) => {
  const { log } = await startHosted(t, { files: { "p/manifest.json": '{"name":"probe"}', "p/index.js": probe() } });
  assert.ok(log.some((line) => /^warn protocol\.without_version .*"probe"/.test(line)));
});

test("an author finds his options in two places, the server's own stand, and what he changes stays his", async (t) => {
  const options = { protocols: { probe: { answer: 42 }, port: { one: 1 } } };
  const files = { ...packageOf("probe"), ...packageOf("port") };
  const hosted = await startHosted(t, { files, ...options });
  const { config } = lastProbe(hosted).entryPoint;
  assert.deepEqual(config.probe, { answer: 42 });
  assert.equal(config.probe, config.protocols.probe);
  assert.equal(lastProbe(hosted, "port").entryPoint.config.port, 0);
  (config.probe as JSONObject).answer = 43;
  assert.deepEqual(lastProbe(hosted, "port").entryPoint.config.protocols.probe, { answer: 42 });
});

test("the base class of the context reads options and limits", async (t) => {
  const { probe } = await startProbe(t, { protocols: { probe: { answer: 42 } } });
  const base = new probe.context.Protocol("probe");
  await base.init(null, probe.entryPoint);
  const { config, maxRequestSize, initCalled, name } = base;
  assert.deepEqual(
    { config, maxRequestSize, initCalled, name },
    { config: { answer: 42 }, maxRequestSize: 1024 * 1024, initCalled: true, name: "probe" },
  );
});

test("an author's throws and rejections are logged with his name, and reach neither other protocols nor the request", async (t) => {
  const members = `
    broadcast () { throw new Error("broken broadcast"); }
    async joinChannel () { throw new Error("broken join"); }`;
  const { hosted, probe } = await startProbe(t, {}, members);
  const sdk = await connectWebSocket(hosted.server);
  t.after(() => sdk.disconnect());
  await sdk.index.create("lib");
  await sdk.collection.create("lib", "books", {});
  const heard = Promise.withResolvers<unknown>();
  await sdk.realtime.subscribe("lib", "books", {}, (notification) => heard.resolve(notification));

  const connection = new probe.context.ClientConnection("probe", ["127.0.0.1"]);
  probe.entryPoint.newConnection(connection);
  const subscribe = { controller: "realtime", action: "subscribe", index: "lib", collection: "books", body: {} };
  const answer = await probe.entryPoint.execute(connection, new probe.context.Request(subscribe), () => {
    throw new Error("broken callback");
  });
  assert.equal(answer.status, 200);
  await sdk.document.create("lib", "books", { n: 1 });
  await heard.promise;
  for (const what of ["broken broadcast", "broken join", "broken callback"]) {
    const line = hosted.log.find((it) => it.includes(what));
    assert.match(line ?? "", /^error protocol\.failed .*"protocol":"probe"/);
  }
});

test("what one author writes into a notification reaches no other protocol", async (t) => {
  const { hosted } = await startProbe(
    t,
    {},
    "broadcast (data) { data.payload.room = 'mine'; data.channels.length = 0; }",
  );
  const sdk = await connectWebSocket(hosted.server);
  t.after(() => sdk.disconnect());
  await sdk.index.create("lib");
  await sdk.collection.create("lib", "books", {});
  const heard = Promise.withResolvers<JSONObject>();
  const subscriber = await connectWebSocket(hosted.server);
  t.after(() => subscriber.disconnect());
  await subscriber.realtime.subscribe("lib", "books", {}, (it) => heard.resolve(it as unknown as JSONObject));
  await sdk.document.create("lib", "books", { n: 1 });
  assert.notEqual((await heard.promise).room, "mine");
});

const given = { channels: ["a"], payload: { n: 1 } };

test("notifications come as one object, or by position when the methods take two arguments or more", async (t) => {
  const positional = `
    broadcast (channels, payload) { this.told.push(["broadcast", channels, payload]); }
    notify (channels, connectionId, payload) { this.told.push(["notify", channels, connectionId, payload]); }`;
  const rest = "broadcast (...args) { this.told.push(['broadcast', ...args]); }";
  const forms: [string, JSONObject, unknown[]][] = [
    ["", {}, ["broadcast", given]],
    [positional, {}, ["broadcast", ["a"], { n: 1 }]],
    [rest, {}, ["broadcast", given]],
    [rest, { _arguments: "positional" }, ["broadcast", ["a"], { n: 1 }]],
  ];
  for (const [members, options, expected] of forms) {
    const { probe } = await startProbe(t, { protocols: { probe: options } }, members);
    probe.entryPoint.dispatch("broadcast", given);
    assert.deepEqual(probe.told, [expected]);
  }
  const { probe } = await startProbe(t, {}, positional);
  const connection = new probe.context.ClientConnection("under another name", []);
  probe.entryPoint.newConnection(connection);
  probe.entryPoint.dispatch("notify", { ...given, connectionId: connection.id });
  assert.deepEqual(probe.told, [["notify", ["a"], connection.id, { n: 1 }]]);
});

test("execute answers once in both of its forms, whatever comes of the request", async (t) => {
  const { probe } = await startProbe(t);
  const { entryPoint, context } = probe;
  const connection = new context.ClientConnection("probe", ["127.0.0.1"], { authorization: "Bearer nonsense" });
  entryPoint.newConnection(connection);
  const now = { controller: "server", action: "now", requestId: "7" };
  const answers: JSONObject[] = [];
  const keep = (answer: JSONObject): void => void answers.push(answer);
  await entryPoint.execute(new context.Request(now), keep);
  await entryPoint.execute(connection, new context.Request(now), keep);
  await entryPoint.execute(new context.Request(now, connection), keep);
  await entryPoint.execute({ controller: "server" }, keep);
  await entryPoint.execute(undefined, keep);
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 401, 401, 500, 500],
  );
  const [{ raw, requestId, content } = {}] = answers;
  assert.deepEqual(
    [raw, requestId, typeof (content as { result: { now: number } }).result.now],
    [false, "7", "number"],
  );
  const { error } = (answers[2] as JSONObject).content as { error: JSONObject };
  assert.equal(error.id, "security.token.invalid");
  assert.equal(Object.getPrototypeOf(error), Object.prototype);
});

test("what is no connection is refused, and one that is declared twice counts once", async (t) => {
  const { probe, hosted } = await startProbe(t);
  for (const wrong of [undefined, null, {}, { id: "" }, { id: "a", protocol: "b", ips: "c" }]) {
    assert.throws(() => probe.entryPoint.newConnection(wrong as object), { id: "protocol.runtime.invalid_connection" });
  }
  const connection = new probe.context.ClientConnection("probe", []);
  probe.entryPoint.newConnection(connection);
  probe.entryPoint.newConnection(connection);
  const { connections } = (await hosted.server.backend.sdk.server.getLastStats({})) as unknown as {
    connections: JSONObject;
  };
  assert.equal(connections.probe, 1);
});

test("at the end connections are told to close, are gone, and requests get a 503", async (t) => {
  const { probe, hosted } = await startProbe(t);
  const connection = new probe.context.ClientConnection("probe", []);
  probe.entryPoint.newConnection(connection);
  assert.equal(probe.entryPoint.isShuttingDown, false);
  await hosted.server.close();
  assert.equal(probe.entryPoint.isShuttingDown, true);
  assert.deepEqual(probe.told, [["disconnect", connection.id]]);
  const late = await probe.entryPoint.execute(new probe.context.Request({ controller: "server", action: "now" }));
  assert.equal((late.content.error as JSONObject).id, "network.entrypoint.shutting_down");
});
