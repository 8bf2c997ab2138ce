/** Protocols as the documents of the first and of the second generation show them, on a whole server. */
import { test } from "node:test";
import { checkProtocol } from "./scenario.ts";

/** First generation: no manifest, `this.protocol`, data objects, requests by the id of their connection. */
const first = `
const { createServer } = require("net");
class SampleProtocol {
  constructor () {
    this.protocol = "sample";
    this.sockets = {};
    this.channels = {};
  }
  init (entryPoint, context) {
    this.entryPoint = entryPoint;
    const { ClientConnection, Request } = context.constructor;
    const { port } = Object.assign({ port: 1 }, entryPoint.config[this.protocol]);
    const server = createServer((socket) => {
      const connection = new ClientConnection(this.protocol, [socket.remoteAddress], { agent: "sample" });
      entryPoint.newConnection(connection);
      this.sockets[connection.id] = socket;
      socket.on("data", (data) => {
        const request = new Request(JSON.parse(data), { connectionId: connection.id, protocol: this.protocol });
        entryPoint.execute(request, (response) => socket.write(JSON.stringify(response.content) + "\\n"));
      });
      socket.on("error", () => {});
      socket.on("close", () => {
        delete this.sockets[connection.id];
        entryPoint.removeConnection(connection.id);
      });
    });
    this.server = server;
    return new Promise((resolve) => server.listen(port, "127.0.0.1", () => {
      context.log.info("listening on 127.0.0.1:%d", server.address().port);
      resolve();
    }));
  }
  broadcast (data) {
    for (const channel of data.channels) {
      for (const id of this.channels[channel] || []) {
        data.payload.room = channel;
        this.sockets[id].write(JSON.stringify(data.payload) + "\\n");
      }
    }
  }
  notify (data) {
    for (const room of data.channels) this.sockets[data.id].write(JSON.stringify({ ...data.payload, room }) + "\\n");
  }
  joinChannel (channel, connectionId) {
    (this.channels[channel] = this.channels[channel] || []).push(connectionId);
  }
  leaveChannel (channel, connectionId) {
    this.channels[channel] = this.channels[channel].filter((id) => id !== connectionId);
  }
  disconnect (connectionId) {
    this.sockets[connectionId].end();
  }
  shutdown () {
    this.server.close();
  }
}
module.exports = SampleProtocol;
`;

/** Second generation: an ES module with a manifest, arguments by position, requests that are given the connection itself. */
const second = `
import { createServer } from "node:net";
import { KuzzleError } from "kuzzle";
export default class SampleProtocol {
  constructor () {
    this.name = "another name";
    this.sockets = new Map();
    this.channels = new Map();
  }
  async init (entryPoint, context) {
    if (!(new context.errors.BadRequestError("") instanceof KuzzleError)) throw new Error("two copies of the classes");
    const { port } = entryPoint.config.sample;
    this.server = createServer((socket) => {
      const connection = new context.ClientConnection(this.name, [socket.remoteAddress], { agent: "sample" });
      entryPoint.newConnection(connection);
      this.sockets.set(connection.id, socket);
      socket.on("data", async (data) => {
        const request = new context.Request(JSON.parse(data), connection);
        let calls = 0;
        const response = await context.accessors.execute(request, () => { calls++; });
        socket.write(JSON.stringify({ ...response.content, calls }) + "\\n");
      });
      socket.on("error", () => {});
      socket.on("close", () => {
        this.sockets.delete(connection.id);
        entryPoint.removeConnection(connection.id);
      });
    });
    await new Promise((resolve) => this.server.listen(port, "127.0.0.1", resolve));
    context.log.info("listening on 127.0.0.1:" + this.server.address().port);
  }
  broadcast (channels, payload) {
    for (const room of channels) {
      for (const id of this.channels.get(room) ?? []) this.notify([room], id, payload);
    }
  }
  notify (channels, connectionId, payload) {
    for (const room of channels) this.sockets.get(connectionId).write(JSON.stringify({ ...payload, room }) + "\\n");
  }
  joinChannel (channel, connectionId) {
    this.channels.set(channel, new Set(this.channels.get(channel)).add(connectionId));
  }
  leaveChannel (channel, connectionId) {
    this.channels.get(channel).delete(connectionId);
  }
  disconnect (connectionId) {
    this.sockets.get(connectionId).destroy();
  }
  shutdown () {
    this.server.close();
  }
}
`;

const manifest = JSON.stringify({ name: "sample", kuzzleVersion: ">=2.0.0 <3.0.0" });

const connectionFirst = second.replace(
  /let calls = 0;[\s\S]*?socket\.write\([^;]*;/,
  `let calls = 0;
        entryPoint.execute(connection, request, (response) => {
          calls++;
          setImmediate(() => socket.write(JSON.stringify({ ...response.content, calls }) + "\\n"));
        });`,
);

const samples: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "a sample of the first generation": { "any-folder/index.js": first },
  "a sample of the second generation": {
    "any-folder/manifest.json": manifest,
    "any-folder/package.json": JSON.stringify({ name: "kuzzle-protocol-sample", type: "module", main: "protocol.js" }),
    "any-folder/protocol.js": second,
  },
  "a protocol of 1.9, with a manifest and data objects": {
    "any-folder/manifest.json": JSON.stringify({ name: "sample", kuzzleVersion: ">=1.9.0 <2.0.0" }),
    "any-folder/index.js": first,
  },
  "a protocol of 2.12, whose connection comes first": {
    "any-folder/manifest.json": manifest,
    "any-folder/index.mjs": connectionFirst,
  },
  "a sample in TypeScript": {
    "any-folder/manifest.json": manifest,
    "any-folder/index.mts": second.replace("(channels, payload)", "(channels: string[], payload: object): void"),
  },
};

for (const [name, files] of Object.entries(samples)) {
  test(`${name} answers, notifies, and loses what its clients leave behind`, (t) => checkProtocol(t, files, "sample"));
}
