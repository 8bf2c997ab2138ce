import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import type { Broadcast, DirectMessage, Protocol } from "../../events/index.ts";
import { ClientConnection } from "../../kernel/index.ts";
import { InFlight } from "../in-flight.ts";
import type { ProtocolDeps } from "../protocol-deps.ts";
import { Channels, DirectFrames } from "./channels.ts";
import { Conversation } from "./conversation.ts";
import { Flusher } from "./flusher.ts";
import { IdleSweep } from "./idle-sweep.ts";
import { type LinkDeps, WebSocketLink } from "./link.ts";
import { debugBacklog, defaultBacklog, type WebSocketOptions } from "./options.ts";

export interface WebSocketProtocolDeps extends ProtocolDeps {
  readonly options: WebSocketOptions;
}

/**
 * The API over WebSocket (contract/wire.md section 10): requests and answers as text frames, notifications to the channels that a
 * client joined.
 *
 * Errors at start: those of the listener.
 */
export const createWebSocketProtocol = (deps: WebSocketProtocolDeps): Protocol => new WebSocketProtocol(deps);

/** A client that does not answer a close frame is cut off after this. */
const closeTimeoutMs = 1_000;

/** contract/realtime.md section 7. */
const debuggerChannel = "kuzzle-debugger-event";

class WebSocketProtocol implements Protocol {
  readonly name = "websocket";
  readonly #deps: WebSocketProtocolDeps;
  readonly #server: WebSocketServer;
  readonly #links = new Map<string, WebSocketLink>();
  readonly #channels = new Channels();
  readonly #directFrames = new DirectFrames();
  readonly #flusher = new Flusher();
  readonly #inFlight = new InFlight();
  readonly #conversation: Conversation;
  readonly #sweep: IdleSweep;
  readonly #linkDeps: LinkDeps;
  #onEmpty: (() => void) | undefined;

  constructor(deps: WebSocketProtocolDeps) {
    this.#deps = deps;
    const { options } = deps;
    this.#server = createServer(options);
    this.#conversation = new Conversation({ ...deps, inFlight: this.#inFlight });
    this.#sweep = new IdleSweep(this.#links, options);
    this.#linkDeps = {
      flusher: this.#flusher,
      limits: options.backlog ?? defaultBacklog,
      onOverflow: (link) => this.#overflowed(link),
    };
  }

  broadcast({ channels, payload }: Broadcast): void {
    this.#channels.broadcast(channels, payload);
  }

  notify({ channels, payload, connectionId }: DirectMessage): void {
    const link = this.#links.get(connectionId);
    if (link === undefined) return;
    if (channels.includes(debuggerChannel)) link.limitBacklog(debugBacklog);
    for (const channel of channels) link.send(this.#directFrames.frame(channel, payload));
  }

  joinChannel(channel: string, connectionId: string): void {
    const link = this.#links.get(connectionId);
    if (link !== undefined) this.#channels.join(channel, link);
  }

  leaveChannel(channel: string, connectionId: string): void {
    const link = this.#links.get(connectionId);
    if (link !== undefined) this.#channels.leave(channel, link);
  }

  disconnect(connectionId: string, reason = "Connection closed by the server"): void {
    const link = this.#links.get(connectionId);
    if (link === undefined) return;
    link.flush();
    link.close(1011, reason);
  }

  async start(): Promise<void> {
    const { listener } = this.#deps;
    listener.onUpgrade((request, socket, head) => this.#onUpgrade(request, socket, head));
    await listener.start();
    this.#sweep.start();
  }

  async stop(): Promise<void> {
    const stopped = this.#deps.listener.stop();
    await this.#inFlight.settled();
    this.#flusher.flushAll();
    this.#sweep.stop();
    for (const link of this.#links.values()) link.close(1001, "The server is shutting down");
    await this.#allClosed();
    await stopped;
  }

  /** `ws` cuts off clients that do not answer, so this ends. */
  #allClosed(): Promise<void> {
    if (this.#links.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  #onUpgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#onOpen(webSocket, socket, request));
  }

  #onOpen(webSocket: WebSocket, socket: Socket, request: IncomingMessage): void {
    const connection = new ClientConnection("websocket", [socket.remoteAddress ?? ""], request.headers);
    const link = new WebSocketLink(webSocket, socket, connection, this.#linkDeps);
    this.#links.set(link.id, link);
    webSocket.on("message", (data, isBinary) => this.#conversation.hear(link, data as Buffer, isBinary)); // binaryType is nodebuffer
    webSocket.on("error", (error) => this.#deps.log.debug("websocket.client_error", { id: link.id, err: error }));
    webSocket.on("close", () => this.#onClose(link));
    this.#deps.entryPoint.newConnection(connection);
  }

  #onClose(link: WebSocketLink): void {
    link.terminate();
    this.#channels.leaveAll(link);
    this.#links.delete(link.id);
    this.#deps.entryPoint.removeConnection(link.id);
    if (this.#links.size === 0) this.#onEmpty?.();
  }

  #overflowed(link: WebSocketLink): void {
    this.#deps.log.warn("websocket.slow_reader", { id: link.id, ips: link.connection.ips });
    link.close(1011, "Messages wait that are not read");
  }
}

function createServer({ maxRequestSizeBytes, compression }: WebSocketOptions): WebSocketServer {
  // `closeTimeout`, `maxFragments` and `maxBufferedChunks` are not in the published types yet.
  const bounds = { closeTimeout: closeTimeoutMs, maxFragments: 4_096, maxBufferedChunks: 16_384 };
  return new WebSocketServer({
    ...bounds,
    noServer: true,
    clientTracking: false,
    maxPayload: maxRequestSizeBytes,
    handleProtocols: firstOf,
    // Without context takeover: what zlib keeps between messages is some hundred KiB per socket.
    perMessageDeflate: compression && {
      serverNoContextTakeover: true,
      clientNoContextTakeover: true,
      concurrencyLimit: 4,
      threshold: 1_024,
    },
  });
}

/** Any sub-protocol is spoken, and the first one asked for is echoed. */
function firstOf(protocols: Set<string>): string | false {
  for (const protocol of protocols) return protocol;
  return false;
}
