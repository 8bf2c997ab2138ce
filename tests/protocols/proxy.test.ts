/** Protocols of the releases that ran them in a process of their own, on a whole server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startHosted } from "../../testing/protocols/hosted-server.ts";
import { checkProtocol } from "./scenario.ts";

/** What the samples share; each brings `open`, `ask`, `close` in the form of its release. */
const sample = (protocol: string, methods: string): string => `
const { createServer } = require("net");
module.exports = class {
  constructor () {
    ${protocol}
    this.sockets = {};
    this.channels = {};
  }
  init (config, context, isDummy) {
    if (isDummy) return;
    this.context = context;
    this.router = context.accessors.router;
    this.server = createServer((socket) => {
      this.open(socket, (id) => {
        this.sockets[id] = socket;
        socket.on("data", (data) => {
          this.ask(id, JSON.parse(data), ({ content }) => socket.write(JSON.stringify(content) + "\\n"));
        });
      });
      socket.on("error", () => {});
    });
    this.server.listen(config.port, "127.0.0.1", () => {
      context.log.info("listening on 127.0.0.1:" + this.server.address().port);
    });
  }
  broadcast ({ channels, payload }) {
    for (const room of channels) {
      for (const id of this.channels[room] || []) this.notify({ channels: [room], connectionId: id, payload });
    }
  }
  notify ({ channels, connectionId, payload }) {
    for (const room of channels) this.sockets[connectionId].write(JSON.stringify({ ...payload, room }) + "\\n");
  }
  joinChannel ({ channel, id, connectionId }) {
    if (id !== connectionId) throw new Error("two ids");
    (this.channels[channel] = this.channels[channel] || []).push(id);
  }
  leaveChannel ({ channel, id }) {
    this.channels[channel] = this.channels[channel].filter((it) => it !== id);
  }
  disconnect (connectionId) {
    this.sockets[connectionId].end();
  }
  shutdown () {
    this.server.close();
  }
  ${methods}
};`;

const openConnection = `
  open (socket, opened) {
    const connection = new this.context.constructors.ClientConnection("sample", [socket.remoteAddress], { agent: "sample" });
    this.connections = this.connections || {};
    this.connections[connection.id] = connection;
    this.router.newConnection(connection);
    socket.on("close", () => this.router.removeConnection(connection.id));
    opened(connection.id);
  }`;

const samples: Readonly<Record<string, string>> = {
  "1.0.0-RC9": sample(
    'this.protocol = "sample";',
    `${openConnection}
  ask (id, data, done) {
    this.router.execute(new this.context.constructors.Request(data, { connectionId: id, protocol: "sample" }), done);
  }`,
  ),
  "1.0.0": sample(
    'this.protocol = "sample";',
    `${openConnection}
  ask (id, payload, done) {
    this.router.execute({ payload, connectionId: id, protocol: "sample", headers: { agent: "sample" } }, done);
  }`,
  ),
  "1.0.6": sample(
    'this.protocol = "sample";',
    `${openConnection}
  ask (id, data, done) {
    this.router.execute(data, this.connections[id], done);
  }`,
  ),
};

const packageJson = JSON.stringify({ name: "kuzzle-plugin-sample", main: "index.js" });

for (const [release, code] of Object.entries(samples)) {
  test(`a protocol for the Proxy of ${release} answers, notifies, and loses what its clients leave behind`, (t) =>
    checkProtocol(t, { "folder/index.js": code, "folder/package.json": packageJson }, "sample"));
}

/** Releases whose protocols chose the ids of their connections. */
const choosers: Readonly<Record<string, string>> = {
  "1.0.0-RC4": `
  open (socket, opened) {
    this.contexts = this.contexts || {};
    this.router.newConnection("udp", "socket-" + socket.remotePort).then((connection) => {
      if (connection.type !== "udp") throw new Error("no type");
      this.contexts[connection.id] = connection;
      socket.on("close", () => this.router.removeConnection(connection));
      opened(connection.id);
    });
  }
  ask (id, data, done) {
    const { RequestObject } = this.context.constructors;
    if (RequestObject !== this.context.RequestObject || this.context.getRouter() !== this.router) throw new Error("no flat members");
    this.router.execute(new RequestObject(data, {}, "udp"), this.contexts[id], (error, response) => done({ content: { ...response, flag: error === null } }));
  }`,
  "1.0.0-RC8": `
  async open (socket, opened) {
    const requestContext = await this.router.newConnection("udp", "socket-" + socket.remotePort);
    socket.on("close", () => this.router.removeConnection(requestContext));
    opened(requestContext.connectionId);
  }
  ask (id, data, done) {
    const { Request } = this.context.constructors;
    this.router.execute(new Request(data, { connectionId: id, protocol: "udp" }), done);
  }`,
};

/** Where such a package may lie: among the protocols, or among the plugins as its releases had it. */
const places = ["protocols/enabled", "plugins/enabled"];

for (const [release, methods] of Object.entries(choosers)) {
  for (const place of places) {
    test(`a protocol for the Proxy of ${release} in ${place} chooses the ids of its connections, and goes by the name of its package`, async (t) => {
      const files = {
        [`../../${place}/folder/index.js`]: sample("", methods),
        [`../../${place}/folder/package.json`]: packageJson,
      };
      const seen: string[] = [];
      const hosted = await startHosted(t, {
        files,
        config: { "plugins.kuzzle-plugin-sample": { port: 0 } },
        prepare: ({ hook }) => {
          hook.register("connection:new", ({ id, protocol }: { id: string; protocol: string }) => {
            if (!protocol.startsWith("HTTP")) seen.push(`new ${protocol} ${id.replace(/\d+$/, "N")}`);
          });
          hook.register("connection:remove", ({ protocol }: { protocol: string }) => {
            if (!protocol.startsWith("HTTP")) seen.push("remove");
          });
        },
      });
      const client = await hosted.connect();
      const now = await client.ask({ controller: "server", action: "now" });
      assert.deepEqual([now.status, typeof (now.result as { now: number }).now], [200, "number"]);
      const failed = await client.ask({ controller: "server", action: "none" });
      assert.deepEqual([failed.status, (failed.error as { status: number }).status], [404, 404]);
      if ("flag" in now) assert.deepEqual([now.flag, failed.flag], [true, true]);
      await client.ask({ controller: "index", action: "create", index: "lib" });
      await client.ask({ controller: "collection", action: "create", index: "lib", collection: "books" });
      const subscribe = { controller: "realtime", action: "subscribe", index: "lib", collection: "books", body: {} };
      const { channel } = (await client.ask(subscribe)).result as { channel: string };
      await fetch(`${hosted.server.url}/lib/books/_create`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: "{}",
      });
      assert.equal((await client.take()).room, channel);
      client.close();
      const deadline = Date.now() + 2_000;
      while (seen.length < 2 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
      assert.deepEqual(seen, ["new udp socket-N", "remove"]);
    });
  }
}

/** The options in all their places, from strong to weak; each but the first is found when those before are not there. */
const optionPlaces: readonly { readonly config?: Record<string, unknown>; readonly proxyRc?: object }[] = [
  { config: { "server.protocols.sample": { from: 0 } } },
  { config: { "server.protocols.kuzzle-plugin-sample": { from: 1 } } },
  { config: { "plugins.kuzzle-plugin-sample": { from: 2 } } },
  { proxyRc: { protocolPlugins: { "kuzzle-plugin-sample": { config: { from: 3 } } } } },
  { proxyRc: { "kuzzle-plugin-sample": { from: 4 } } },
];

test("options are found in each of their places, the strongest first, over what the package brings", async (t) => {
  const code = `
module.exports = class {
  constructor () { this.protocol = "sample"; }
  init (config, context) { this.router = context.accessors.router; context.log.info("options " + JSON.stringify([config.from, config.brought, context.config.from])); }
  broadcast () {} notify () {} joinChannel () {} leaveChannel () {} disconnect () {}
};`;
  const pluginInfo = { defaultConfig: { from: "package", brought: true } };
  const files = {
    "folder/index.js": code,
    "folder/package.json": JSON.stringify({ name: "kuzzle-plugin-sample", main: "index.js", pluginInfo }),
  };
  for (const at of optionPlaces.keys()) {
    const config = Object.assign({}, ...optionPlaces.slice(at).map((place) => place.config ?? {})) as Record<
      string,
      unknown
    >;
    const proxyRc = Object.assign({}, ...optionPlaces.slice(at).map((place) => place.proxyRc ?? {})) as object;
    const { log } = await startHosted(t, { files: { ...files, "../../.proxyrc": JSON.stringify(proxyRc) }, config });
    assert.ok(
      log.some((line) => line.includes(`options [${at},true,${at}]`)),
      `${at}: ${log.filter((line) => line.includes("options"))}`,
    );
  }
  const left = { protocolPlugins: { "kuzzle-plugin-sample": { activated: false } } };
  const { log } = await startHosted(t, { files: { ...files, "../../.proxyrc": JSON.stringify(left) } });
  assert.ok(log.some((line) => /info protocol\.not_enabled .*"sample".*\.proxyrc/.test(line)));
});

test("a method that is missing, or throws, is logged when it is needed, and hurts nobody else", async (t) => {
  const code = sample(
    'this.protocol = "sample";',
    `${openConnection}
  ask (id, data, done) { this.router.execute(data, this.connections[id], done); }`,
  )
    .replace("joinChannel ({", "notJoinChannel ({")
    .replace(
      "broadcast ({ channels, payload }) {",
      "broadcast ({ channels, payload }) { throw new Error('broken broadcast');",
    );
  const files = { "folder/index.js": code, "folder/package.json": packageJson };
  const hosted = await startHosted(t, { files, protocols: { sample: { port: 0 } } });
  const client = await hosted.connect();
  await client.ask({ controller: "index", action: "create", index: "lib" });
  await client.ask({ controller: "collection", action: "create", index: "lib", collection: "books" });
  const subscribe = { controller: "realtime", action: "subscribe", index: "lib", collection: "books", body: {} };
  assert.equal((await client.ask(subscribe)).status, 200);
  assert.equal(
    (await client.ask({ controller: "document", action: "create", index: "lib", collection: "books", body: {} }))
      .status,
    200,
  );
  const failures = hosted.log.filter((line) => line.startsWith("error protocol.failed"));
  assert.ok(
    failures.some((line) => line.includes('"in":"joinChannel"') && line.includes("no method")),
    failures.join("\n"),
  );
  assert.ok(
    failures.some((line) => line.includes('"in":"broadcast"') && line.includes("broken broadcast")),
    failures.join("\n"),
  );
});

test("what cannot be executed is answered once, as any other error", async (t) => {
  const code = `
module.exports = class {
  constructor () { this.protocol = "sample"; }
  init (config, context) {
    const { router } = context.accessors;
    const { RequestObject } = context.constructors;
    const answers = [];
    const answer = (...args) => { const { status, content } = args[args.length - 1]; answers.push([args.length, status || content.status]); };
    const connection = new context.constructors.ClientConnection("sample", ["127.0.0.1"]);
    router.newConnection(connection);
    router.execute("text", connection, answer);
    router.execute({ payload: 3, connectionId: connection.id, protocol: "sample" }, answer);
    router.execute({ controller: "none", action: "none" }, connection, answer);
    router.execute(new RequestObject({ controller: "none", action: "none" }, {}, "sample"), connection, answer);
    router.execute({ controller: "server", action: "now" }, connection);
    router.removeConnection("unknown");
    setTimeout(() => context.log.info("answers " + JSON.stringify(answers.sort())), 100);
  }
  broadcast () {} notify () {} joinChannel () {} leaveChannel () {} disconnect () {}
};`;
  const { log } = await startHosted(t, { files: { "folder/index.js": code, "folder/package.json": packageJson } });
  const deadline = Date.now() + 2_000;
  while (!log.some((line) => line.includes("answers ")) && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 5));
  const line = log.find((one) => one.includes("answers ")) ?? "";
  assert.ok(line.includes("answers [[1,400],[1,400],[1,404],[2,404]]"), line);
});

test("a protocol for the Proxy that fails is logged, and the server starts without it", async (t) => {
  const code = `
module.exports = class {
  init (config, context) { context.accessors.router.nothing(); }
  broadcast () { throw new Error("it was called"); }
};`;
  const files = { "folder/index.js": code, "folder/package.json": packageJson };
  const { server, log } = await startHosted(t, { files });
  const response = await fetch(`${server.url}/_now`);
  assert.equal(response.status, 200);
  assert.match(log.find((line) => line.startsWith("error")) ?? "", /protocol\.failed .*"kuzzle-plugin-sample".*"init"/);
});

test("the Proxy's protocols are known by what they name, unless the configuration says otherwise", async (t) => {
  const files = {
    "folder/index.js": "module.exports = class { init () { this.accessors.router.a(); } };",
    "folder/package.json": packageJson,
  };
  const override = { "server.protocols.kuzzle-plugin-sample": { _dialect: "p2.a" } };
  await assert.rejects(startHosted(t, { files, config: override }), { id: "plugin.assert.cannot_load" });
  const unknown = { "server.protocols.kuzzle-plugin-sample": { _dialect: "p9" } };
  await assert.rejects(startHosted(t, { files, config: unknown }), { message: /"p9"; known are p1 and p2/ });
  const { log } = await startHosted(t, { files });
  assert.ok(log.some((line) => /protocol\.loaded .*"kind":"proxy"/.test(line)));
});
