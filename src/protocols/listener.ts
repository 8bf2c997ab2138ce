import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { type AddressInfo, Server as NetServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { kerror, type Logger } from "../kernel/index.ts";
import { malformed } from "./malformed.ts";

// Not imported: the import of a built-in module reads all of its exports, and one of this module's loads a whole HTTP client, for a seventh of a start.
const { createServer } = process.getBuiltinModule("node:http");

export interface ListenerOptions {
  /** Address to bind; undefined: every address of the machine. */
  readonly host?: string | undefined;
  /** 0 lets the system choose: read it from what {@link Listener.start} answers. */
  readonly port: number;
  readonly log: Logger;
  /** An idle connection is kept this long for the next request. */
  readonly keepAliveTimeoutMs?: number;
  /** The header must be there by then: a client that sends a byte a second does not hold a socket for ever. */
  readonly headersTimeoutMs?: number;
  /** The whole request must be there by then. */
  readonly requestTimeoutMs?: number;
  readonly maxHeaderBytes?: number;
}

export interface ListenerAddress {
  readonly host: string;
  readonly port: number;
}

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;
export type UpgradeHandler = (request: IncomingMessage, socket: Socket, head: Buffer) => void;

/**
 * One port for HTTP requests and WebSocket upgrades. Protocols put themselves in place, then start it; each of them may start and
 * stop it, more than once.
 *
 * Errors: `network.entrypoint.invalid_port`; what the system says when the address cannot be bound (EADDRINUSE, EACCES).
 */
export interface Listener {
  /** For protocols that add listeners of their own to the port. */
  readonly httpServer: Server;
  readonly address: ListenerAddress | undefined;
  /** True from the first stop: answers then carry `Connection: close`. */
  readonly isStopping: boolean;
  /** `settled` resolves once nothing runs and every answer has left. */
  onRequest(handler: RequestHandler, settled: () => Promise<void>): void;
  onUpgrade(handler: UpgradeHandler): void;
  start(): Promise<ListenerAddress>;
  /**
   * Accepts nothing new, lets what runs be answered, then closes every HTTP connection. Upgraded ones belong to their protocol: this does
   * not wait for them.
   */
  stop(): Promise<void>;
}

export const createListener = (options: ListenerOptions): Listener => new SharedListener(options);

const isWebSocket = (request: IncomingMessage): boolean => request.headers.upgrade?.toLowerCase() === "websocket";

class SharedListener implements Listener {
  readonly httpServer: Server;
  readonly #options: ListenerOptions;
  #started: Promise<ListenerAddress> | undefined;
  #address: ListenerAddress | undefined;
  #stopped: Promise<void> | undefined;
  #request: RequestHandler | undefined;
  #settled: () => Promise<void> = () => Promise.resolve();
  #upgrade: UpgradeHandler | undefined;

  constructor(options: ListenerOptions) {
    this.#options = options;
    const server = createServer({
      maxHeaderSize: options.maxHeaderBytes ?? 32 * 1024,
      keepAliveTimeout: options.keepAliveTimeoutMs ?? 60_000,
      headersTimeout: options.headersTimeoutMs ?? 20_000,
      requestTimeout: options.requestTimeoutMs ?? 120_000,
      connectionsCheckingInterval: Math.min(5_000, options.headersTimeoutMs ?? 5_000),
      // Finds half-open peers when nothing else is sent.
      keepAlive: true,
      keepAliveInitialDelay: 60_000,
      // Some HTTP clients offer `Upgrade: h2c` with every request; that is no reason to refuse them.
      shouldUpgradeCallback: (request) => isWebSocket(request) && this.#upgrade !== undefined,
    });
    server.on("request", (request, response) => this.#onRequest(request, response));
    server.on("upgrade", (request, socket, head) => this.#onUpgrade(request, socket, head));
    server.on("clientError", (error: NodeJS.ErrnoException, socket) => malformed(error, socket));
    this.httpServer = server;
  }

  get address(): ListenerAddress | undefined {
    return this.#address;
  }

  get isStopping(): boolean {
    return this.#stopped !== undefined;
  }

  onRequest(handler: RequestHandler, settled: () => Promise<void>): void {
    this.#request = handler;
    this.#settled = settled;
  }

  onUpgrade(handler: UpgradeHandler): void {
    this.#upgrade = handler;
  }

  start(): Promise<ListenerAddress> {
    this.#started ??= this.#listen();
    return this.#started;
  }

  async #listen(): Promise<ListenerAddress> {
    const { host, port, log } = this.#options;
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw kerror("network.entrypoint.invalid_port", port);
    const server = this.httpServer;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
        server.removeListener("error", reject);
        resolve();
      });
    });
    server.on("error", (error) => log.error("listener.failed", { err: error }));
    const bound = server.address() as AddressInfo; // not a pipe: we gave a port
    this.#address = { host: bound.address, port: bound.port };
    return this.#address;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    // Not the `close` of an HTTP server: that one takes a connection for idle as soon as its answer is handed over, and cuts off
    // clients which still read.
    if (this.httpServer.listening) NetServer.prototype.close.call(this.httpServer);
    await this.#settled();
    this.httpServer.closeAllConnections();
  }

  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    if (this.#request !== undefined) {
      this.#request(request, response);
      return;
    }
    const headers = { Connection: "close, Upgrade", Upgrade: "websocket", "X-Content-Type-Options": "nosniff" };
    response.writeHead(426, { ...headers, "Content-Length": 0 });
    response.end();
  }

  #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#upgrade === undefined || this.isStopping || !isWebSocket(request)) {
      const status = this.isStopping ? "503 Service Unavailable" : "400 Bad Request";
      socket.on("error", () => socket.destroy());
      socket.end(
        `HTTP/1.1 ${status}\r\nConnection: close\r\nX-Content-Type-Options: nosniff\r\nContent-Length: 0\r\n\r\n`,
      );
      return;
    }
    this.#upgrade(request, socket as Socket, head); // a server without TLS in between has plain sockets
  }
}
