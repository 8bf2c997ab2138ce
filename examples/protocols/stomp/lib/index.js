"use strict";

const { createServer } = require("node:net");
const { Session } = require("./session.js");

const defaults = { host: "127.0.0.1", port: 61613, maxFrameBytes: 1024 * 1024, maxBacklogBytes: 1024 * 1024 };

/** STOMP 1.2 over TCP. See README.md for how its destinations stand for requests and subscriptions. */
module.exports = class StompProtocol {
  constructor() {
    this.name = "stomp";
    /** By the id of their connection. */
    this.sessions = new Map();
    this.channels = new Map();
  }

  async init(entryPoint, context) {
    this.entryPoint = entryPoint;
    this.context = context;
    this.options = { ...defaults, ...entryPoint.config.protocols[this.name] };
    this.server = createServer((socket) => this.accept(socket));
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
    const { ClientConnection, Request } = this.context;
    const connection = new ClientConnection(this.name, [socket.remoteAddress]);
    const session = new Session(socket, this.options, {
      execute: (data) => this.entryPoint.execute(connection, new Request(data, { connection })),
      onConnect: () => {
        this.sessions.set(connection.id, session);
        this.entryPoint.newConnection(connection);
        return connection.id;
      },
      onClose: () => this.forget(connection.id),
    });
  }

  forget(connectionId) {
    for (const channel of [...this.channels.keys()]) this.leaveChannel(channel, connectionId);
    this.sessions.delete(connectionId);
    this.entryPoint.removeConnection(connectionId);
  }

  /** The client's subscription is being made: from now on it gets what is broadcast. */
  joinChannel(channel, connectionId) {
    const session = this.sessions.get(connectionId);
    if (session === undefined) return;
    if (session.subscribing !== undefined) session.subscribing.channel = channel;
    this.channels.set(channel, (this.channels.get(channel) ?? new Set()).add(session));
  }

  leaveChannel(channel, connectionId) {
    const members = this.channels.get(channel);
    members?.delete(this.sessions.get(connectionId));
    if (members?.size === 0) this.channels.delete(channel);
  }

  broadcast({ channels, payload }) {
    const body = JSON.stringify(payload); // once for all of them
    for (const channel of channels) {
      for (const session of this.channels.get(channel) ?? []) session.tell((one) => one.channel === channel, {}, body);
    }
  }

  /** What is for one client alone comes with its answers. */
  notify({ connectionId, payload }) {
    this.sessions.get(connectionId)?.answer({}, JSON.stringify(payload));
  }

  disconnect(connectionId) {
    this.sessions.get(connectionId)?.close();
  }

  /** Called once at the end, when every client has been disconnected. Only Tenon calls it. */
  async shutdown() {
    await new Promise((resolve) => this.server.close(resolve));
  }
};
