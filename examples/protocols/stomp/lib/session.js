"use strict";

const { FrameReader, encode } = require("./frames.js");

const answers = "/answers";

/** One client: frames to requests, and answers and notifications to frames. Frames are handled one after the other. */
module.exports.Session = class Session {
  /** `execute(data)` answers the response of a request; `onClose` is called once the socket is gone. */
  constructor(socket, { maxFrameBytes, maxBacklogBytes }, { execute, onConnect, onClose }) {
    this.socket = socket;
    this.maxBacklogBytes = maxBacklogBytes;
    this.execute = execute;
    this.onConnect = onConnect;
    this.jwt = undefined;
    this.isConnected = false;
    this.messages = 0;
    /** By the id that the client gave them: `{ destination, channel, roomId }`. */
    this.subscriptions = new Map();
    /** The one that is being made: the server tells its channel before its answer. */
    this.subscribing = undefined;
    this.turn = Promise.resolve();
    const reader = new FrameReader(maxFrameBytes, (frame) => this.queue(frame));
    socket.setNoDelay(true);
    socket.on("data", (bytes) => {
      try {
        reader.read(bytes);
      } catch (error) {
        this.refuse(error.message);
      }
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", onClose);
  }

  queue(frame) {
    this.turn = this.turn.then(() => this.handle(frame)).catch((error) => this.refuse(error.message, frame));
  }

  async handle({ command, headers, body }) {
    if (this.socket.writableEnded || this.socket.destroyed) return;
    const handler = handlers[command];
    if (handler === undefined) throw new Error(`"${command}" is no command that is taken here`);
    if (!this.isConnected && handler !== handlers.CONNECT) throw new Error("the first frame must be CONNECT");
    await handler(this, headers, body);
    if (headers.receipt !== undefined) this.send("RECEIPT", { "receipt-id": headers.receipt });
    if (command === "DISCONNECT") this.close();
  }

  /** A request in the name of who has logged in. */
  ask(data) {
    return this.execute(this.jwt === undefined ? data : { jwt: this.jwt, ...data });
  }

  /** As {@link ask}, for its result. */
  async resultOf(data) {
    const { content } = await this.ask(data);
    if (content.error !== null) throw new Error(content.error.message);
    return content.result;
  }

  /** One MESSAGE for each subscription that is meant. */
  tell(isMeant, headers, body) {
    for (const [id, subscription] of this.subscriptions) {
      if (!isMeant(subscription)) continue;
      const { destination } = subscription;
      const message = {
        subscription: id,
        "message-id": ++this.messages,
        destination,
        "content-type": "application/json",
      };
      this.send("MESSAGE", { ...message, ...headers }, body);
    }
  }

  answer(headers, body) {
    this.tell(({ destination }) => destination === answers, headers, body);
  }

  /** STOMP 1.2, "ERROR": the connection ends with it. */
  refuse(why, frame) {
    const receipt = frame?.headers.receipt;
    this.send("ERROR", { message: why, ...(receipt === undefined ? {} : { "receipt-id": receipt }) });
    this.close();
  }

  /** A client that does not read what it asked for is cut off. */
  send(command, headers, body) {
    if (this.socket.writableEnded || this.socket.destroyed) return;
    this.socket.write(encode(command, headers, body));
    if (this.socket.writableLength > this.maxBacklogBytes) this.socket.destroy();
  }

  /** What was written before still arrives; a client that keeps its side open is cut off after a second. */
  close() {
    this.socket.end();
    setTimeout(() => this.socket.destroy(), 1_000).unref();
  }
};

const handlers = Object.assign(Object.create(null), {
  CONNECT: connect,
  STOMP: connect,
  SEND: send,
  SUBSCRIBE: subscribe,
  UNSUBSCRIBE: unsubscribe,
  DISCONNECT: async () => {},
});

async function connect(session, { "accept-version": versions = "1.0", login, passcode }) {
  if (session.isConnected) throw new Error("it is connected already");
  if (!versions.split(",").includes("1.2")) throw new Error("only version 1.2 is spoken here");
  const id = session.onConnect();
  if (login !== undefined) {
    const body = { username: login, password: passcode };
    ({ jwt: session.jwt } = await session.resultOf({ controller: "auth", action: "login", strategy: "local", body }));
  }
  session.isConnected = true;
  session.send("CONNECTED", { version: "1.2", session: id, server: "tenon", "heart-beat": "0,0" });
}

/** `/api/<controller>/<action>` with the rest of a request as its body, or `/realtime/<index>/<collection>` with a message to publish. */
async function send(session, headers, body) {
  const { destination = "", "request-id": requestId } = headers;
  const [, controller, action] = /^\/api\/(.+)\/([^/]+)$/.exec(destination) ?? [];
  const id = requestId === undefined ? {} : { requestId };
  if (controller !== undefined) {
    const { status, content } = await session.ask({ ...objectOf(body), ...id, controller, action });
    session.answer({ "request-id": content.requestId, status }, JSON.stringify(content));
    return;
  }
  await session.resultOf({ controller: "realtime", action: "publish", ...placeOf(destination), body: objectOf(body) });
}

async function subscribe(session, { id, destination = "", filter = "{}", ack = "auto" }) {
  if (id === undefined) throw new Error("SUBSCRIBE needs an id");
  if (session.subscriptions.has(id)) throw new Error(`there is a subscription "${id}" already`);
  if (ack !== "auto") throw new Error("messages are not acknowledged here: leave out ack");
  const subscription = { destination, channel: undefined, roomId: undefined };
  session.subscriptions.set(id, subscription);
  if (destination === answers) return;
  const asked = { controller: "realtime", action: "subscribe", ...placeOf(destination), body: objectOf(filter) };
  session.subscribing = subscription;
  try {
    const { channel, roomId } = await session.resultOf(asked);
    Object.assign(subscription, { channel, roomId });
  } finally {
    session.subscribing = undefined;
  }
}

async function unsubscribe(session, { id }) {
  const subscription = session.subscriptions.get(id);
  if (subscription === undefined) throw new Error(`there is no subscription "${id}"`);
  session.subscriptions.delete(id);
  const { roomId } = subscription;
  const isShared = [...session.subscriptions.values()].some((other) => other.roomId === roomId);
  if (roomId === undefined || isShared) return;
  await session.resultOf({ controller: "realtime", action: "unsubscribe", body: { roomId } });
}

function placeOf(destination) {
  const [, index, collection] = /^\/realtime\/([^/]+)\/([^/]+)$/.exec(destination) ?? [];
  if (index === undefined) throw new Error(`"${destination}" leads nowhere`);
  return { index, collection };
}

function objectOf(text) {
  if (text === "") return {};
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error("the content is no JSON object");
  return value;
}
