import type { Server } from "node:http";
import type { ServerEntryPoint } from "../../api/index.ts";
import type { Broadcast, DirectMessage, Protocol } from "../../events/index.ts";
import {
  ClientConnection,
  isPlainObject,
  type JSONObject,
  KuzzleRequest,
  kerror,
  ownRequest,
  PluginImplementationError,
  type SerializedResponse,
} from "../../kernel/index.ts";
import { bearerToken } from "../bearer-token.ts";
import type { AuthorCalls } from "./author-calls.ts";
import { plainResponse } from "./plain-response.ts";

export interface HostedEntryPointDeps {
  readonly protocol: Protocol;
  readonly calls: AuthorCalls;
  readonly entryPoint: ServerEntryPoint;
  readonly httpServer: Server;
  /** The author's own copy of the section `server` of the configuration. */
  readonly config: JSONObject;
  readonly log: object;
  readonly development: boolean;
  /** What the author of a protocol of this server wrote; the protocol itself when it is one of the server's own. */
  readonly authored: (protocol: Protocol) => object;
}

type Callback = (response: unknown) => unknown;

/**
 * The server as one hosted protocol sees it, the first argument of its `init`.
 * Source: contract/plugins/protocols.md section 4.
 */
export class HostedEntryPoint {
  /** The section `server` of the configuration; the protocol's own options are in `protocols.<name>`, and under its name. */
  readonly config: JSONObject;
  /** Of the port of HTTP and WebSocket, for protocols that add listeners to it. */
  readonly httpServer: Server;
  /** For protocols of the first generation. */
  readonly kuzzle: { readonly config: JSONObject; readonly log: object };
  readonly #deps: HostedEntryPointDeps;
  readonly #connections = new Map<string, ClientConnection>();
  /** For requests that nobody's connection sends. */
  readonly #nobody: ClientConnection;

  constructor(deps: HostedEntryPointDeps) {
    const { config, httpServer, log, protocol } = deps;
    this.#deps = deps;
    this.config = config;
    this.httpServer = httpServer;
    this.kuzzle = { config: { server: config }, log };
    this.#nobody = new ClientConnection(protocol.name, []);
  }

  /** True once requests are answered by 503 `network.entrypoint.shutting_down`. */
  get isShuttingDown(): boolean {
    return this.#deps.entryPoint.state === "shutting-down";
  }

  /** The protocols of the server by their names: what their authors wrote. A map, and in the first generation an object: names are members, too. */
  get protocols(): Map<string, object> {
    const { entryPoint, authored } = this.#deps;
    const protocols = new Map([...entryPoint.protocols].map(([name, protocol]) => [name, authored(protocol)]));
    for (const [name, value] of protocols) if (!(name in protocols)) Object.defineProperty(protocols, name, { value });
    return protocols;
  }

  /** The connections that were declared and not removed. */
  connectionIds(): string[] {
    return [...this.#connections.keys()];
  }

  hasConnection(connectionId: string): boolean {
    return this.#connections.has(connectionId);
  }

  /** Declares a client; fires `connection:new`. Error: `protocol.runtime.invalid_connection`. */
  newConnection(connection: unknown): void {
    const { entryPoint, protocol } = this.#deps;
    if (!isConnection(connection)) {
      const why = "make it with new context.ClientConnection(protocol, ips, headers).";
      throw kerror("protocol.runtime.invalid_connection", protocol.name, why);
    }
    if (this.#connections.has(connection.id)) return;
    this.#connections.set(connection.id, connection);
    entryPoint.newConnection(connection, protocol);
  }

  /** Drops the connection's subscriptions; fires `connection:remove`. Ids that are not of this protocol are ignored. */
  removeConnection(connectionId: string): void {
    if (this.#connections.delete(connectionId)) this.#deps.entryPoint.removeConnection(connectionId);
  }

  /**
   * `execute(request, callback?)` or `execute(connection, request, callback?)`: runs a request. The callback is called once, and the promise
   * resolves, with `{ raw, status, requestId, content, headers }`, whether the request succeeds or fails. Never rejects.
   */
  execute(...given: unknown[]): Promise<SerializedResponse> {
    const { connection, request, rest } = readCall(given);
    const answer = this.#execute(request, connection);
    const [callback] = rest;
    if (typeof callback === "function") {
      void answer.then((response) => this.#deps.calls.answer(callback as Callback, response));
    }
    return answer;
  }

  async #execute(given: unknown, connection: unknown): Promise<SerializedResponse> {
    const { entryPoint, development, protocol } = this.#deps;
    const request = ownRequest(given);
    if (request === undefined) {
      const why = "execute needs a request: make it with new context.Request(data).";
      return this.refuse(new PluginImplementationError(`[${protocol.name}] ${why}`));
    }
    const sender = this.#senderOf(request, connection);
    complete(request, sender, sender !== this.#nobody);
    return plainResponse(await entryPoint.execute(request, sender), development);
  }

  /** The answer to what cannot be executed. */
  refuse(error: Error): SerializedResponse {
    const request = new KuzzleRequest({}, { error });
    return plainResponse(request, this.#deps.development);
  }

  #senderOf({ context }: KuzzleRequest, connection: unknown): ClientConnection {
    if (isConnection(connection)) return connection;
    const { id } = context.connection;
    return (id === null ? undefined : this.#connections.get(id)) ?? this.#nobody;
  }

  /** `logAccess(request, extra?)` or `logAccess(connection, request, extra?)`; `execute` does it by itself. */
  logAccess(...given: unknown[]): void {
    const { connection, request: logged } = readCall(given);
    const request = ownRequest(logged);
    if (request === undefined) return;
    this.#deps.entryPoint.logAccess(this.#senderOf(request, connection), request);
  }

  joinChannel(channel: string, connectionId: string): void {
    this.#deps.entryPoint.joinChannel(channel, connectionId);
  }

  leaveChannel(channel: string, connectionId: string): void {
    this.#deps.entryPoint.leaveChannel(channel, connectionId);
  }

  /**
   * Sends over all protocols: `dispatch("broadcast", { channels, payload })`, `dispatch("notify", { channels, connectionId, payload })`. From
   * `dispatch("shutdown")` on, all requests are refused.
   */
  dispatch(event: string, data: unknown): void {
    const { entryPoint } = this.#deps;
    if (event === "broadcast") entryPoint.broadcast(data as Broadcast);
    else if (event === "notify") entryPoint.notify(data as DirectMessage);
    else if (event === "shutdown") entryPoint.enter("shutting-down");
    else throw new PluginImplementationError(`dispatch knows "broadcast", "notify" and "shutdown", not "${event}".`);
  }
}

/** A request comes first, or second after the connection that sends it. */
function readCall(given: unknown[]): { connection: unknown; request: unknown; rest: unknown[] } {
  const [first, second, ...rest] = given;
  const isRequest = typeof first === "object" && first !== null && "input" in first;
  if (isRequest || typeof second === "function") return { connection: undefined, request: first, rest: [second] };
  return { connection: first, request: second, rest };
}

/** The class of connections may be another copy's: its members count. */
function isConnection(candidate: unknown): candidate is ClientConnection {
  const { id, ips, protocol } = (candidate ?? {}) as Partial<ClientConnection>;
  return typeof id === "string" && id !== "" && typeof protocol === "string" && Array.isArray(ips);
}

/** What the request does not say of its sender, the connection does. A request without one keeps having no connection id. */
function complete({ input, context }: KuzzleRequest, sender: ClientConnection, isDeclared: boolean): void {
  const { connection } = context;
  if (isDeclared) connection.id = sender.id;
  connection.protocol = sender.protocol;
  if (connection.ips.length === 0) connection.ips = sender.ips;
  connection.misc.headers ??= sender.headers;
  const { headers } = connection.misc;
  if (!isPlainObject(headers)) return;
  input.headers ??= headers;
  if (input.jwt === null && typeof headers.authorization === "string") {
    input.jwt = bearerToken(headers.authorization) ?? null;
  }
}
