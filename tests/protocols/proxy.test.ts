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

test("a protocol for the Proxy of 1.0.0-RC8 chooses the ids of its connections, and goes by the name of its package", async (t) => {
  const code = sample(
    "",
    `
  async open (socket, opened) {
    const requestContext = await this.router.newConnection("udp", "socket-" + socket.remotePort);
    socket.on("close", () => this.router.removeConnection(requestContext));
    opened(requestContext.connectionId);
  }
  ask (id, data, done) {
    const { Request } = this.context.constructors;
    this.router.execute(new Request(data, { connectionId: id, protocol: "udp" }), done);
  }`,
  );
  const files = { "folder/index.js": code, "folder/package.json": packageJson };
  const seen: string[] = [];
  const hosted = await startHosted(t, {
    files,
    config: { "plugins.kuzzle-plugin-sample": { port: 0 } },
    prepare: ({ hook }) => {
      hook.register("connection:new", ({ id, protocol }: { id: string; protocol: string }) =>
        seen.push(`new ${protocol} ${id.replace(/\d+$/, "N")}`),
      );
      hook.register("connection:remove", () => seen.push("remove"));
    },
  });
  const client = await hosted.connect();
  assert.equal((await client.ask({ controller: "server", action: "now" })).status, 200);
  await client.ask({ controller: "index", action: "create", index: "lib" });
  await client.ask({ controller: "collection", action: "create", index: "lib", collection: "books" });
  const subscribe = { controller: "realtime", action: "subscribe", index: "lib", collection: "books", body: {} };
  const { channel } = (await client.ask(subscribe)).result as { channel: string };
  await client.ask({ controller: "realtime", action: "publish", index: "lib", collection: "books", body: { n: 1 } });
  assert.equal((await client.take()).room, channel);
  client.close();
  const deadline = Date.now() + 2_000;
  while (seen.length < 2 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(seen, ["new udp socket-N", "remove"]);
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
