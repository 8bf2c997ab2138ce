"use strict";

const { createServer } = require("node:net");
const { Client } = require("./client.js");

const defaults = { host: "127.0.0.1", port: 7514, maxLineBytes: 1024 * 1024, maxBacklogBytes: 1024 * 1024 };

/**
 * Requests, answers and notifications as JSON over TCP, one object a line. The name here, the one in manifest.json and the one in
 * connections are the same.
 */
module.exports = class LineTcpProtocol {
  constructor() {
    this.name = "line-tcp";
    this.clients = new Map();
    this.channels = new Map();
  }

  /** Called once, when the server starts; it goes on when this is done. */
  async init(entryPoint, context) {
    this.entryPoint = entryPoint;
    this.context = context;
    this.options = { ...defaults, ...entryPoint.config.protocols[this.name] };
    this.server = createServer({ allowHalfOpen: true }, (socket) => this.accept(socket));
    const { host, port } = this.options;
    await new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, host, resolve);
    });
    this.server.on("error", (error) => context.log.error("The listener failed:", error));
    context.log.info(`listening on ${this.server.address().address}:${this.server.address().port}`);
  }

  accept(socket) {
    // Without an address there is no peer any more.
    if (socket.remoteAddress === undefined) {
      socket.destroy();
      return;
    }
    const connection = new this.context.ClientConnection(this.name, [socket.remoteAddress]);
    const client = new Client(socket, this.options, {
      onLine: (line) => this.hear(client, connection, line),
      onClose: () => this.forget(connection.id),
    });
    this.clients.set(connection.id, client);
    this.entryPoint.newConnection(connection);
  }

  /** One line of a client: a request. The pipeline finds its token in its member `jwt`. */
  hear(client, connection, line) {
    let request;
    try {
      request = new this.context.Request(JSON.parse(line), { connection });
    } catch (error) {
      client.send(
        JSON.stringify({ status: 400, error: { message: `This is no request: ${error.message}`, status: 400 } }),
      );
      return;
    }
    client.begin();
    this.entryPoint.execute(connection, request, (response) => {
      client.send(JSON.stringify(response.content));
      client.finish();
    });
  }

  forget(connectionId) {
    const client = this.clients.get(connectionId);
    for (const channel of client.channels) this.leaveChannel(channel, connectionId);
    this.clients.delete(connectionId);
    this.entryPoint.removeConnection(connectionId);
  }

  /** A client has subscribed: from now on it gets what is broadcast on this channel. */
  joinChannel(channel, connectionId) {
    const client = this.clients.get(connectionId);
    if (client === undefined) return;
    const members = this.channels.get(channel) ?? new Set();
    this.channels.set(channel, members.add(client));
    client.channels.add(channel);
  }

  leaveChannel(channel, connectionId) {
    const client = this.clients.get(connectionId);
    if (client === undefined) return;
    client.channels.delete(channel);
    const members = this.channels.get(channel);
    members?.delete(client);
    if (members?.size === 0) this.channels.delete(channel);
  }

  /** A notification for all who joined one of the channels; `room` tells a client which of its subscriptions it is for. */
  broadcast({ channels, payload }) {
    for (const channel of channels) {
      const members = this.channels.get(channel);
      if (members === undefined) continue;
      const line = JSON.stringify({ ...payload, room: channel }); // once for all of them
      for (const client of members) client.send(line);
    }
  }

  /** A notification for one client, whatever it has joined. */
  notify({ channels, connectionId, payload }) {
    const client = this.clients.get(connectionId);
    for (const channel of channels) client?.send(JSON.stringify({ ...payload, room: channel }));
  }

  /** The server wants this client gone. */
  disconnect(connectionId) {
    this.clients.get(connectionId)?.close();
  }

  /** Called once at the end, when every client has been disconnected. Only Tenon calls it. */
  async shutdown() {
    await new Promise((resolve) => this.server.close(resolve));
  }
};
