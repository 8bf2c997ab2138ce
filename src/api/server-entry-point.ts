import type { Broadcast, DirectMessage, Events, Protocol } from "../events/index.ts";
import {
  type ClientConnection,
  type KuzzleError,
  type KuzzleRequest,
  kerror,
  type Logger,
  type Recorder,
  type Tracing,
} from "../kernel/index.ts";
import type { ActionTable } from "./action-table.ts";
import type { Connections } from "./connections.ts";
import {
  type ActionRoute,
  type EntryPoint,
  type RoutesFollower,
  type ServerState,
  stateNumbers,
} from "./entry-point.ts";
import type { Pipeline } from "./pipeline.ts";
import type { RequestFigures } from "./request-figures.ts";
import type { RequestQueue } from "./request-queue.ts";
import type { Statistics } from "./statistics.ts";

export interface EntryPointDeps {
  readonly nodeId: string;
  readonly log: Logger;
  readonly events: Events;
  readonly actions: ActionTable;
  readonly pipeline: Pipeline;
  readonly queue: RequestQueue;
  readonly connections: Connections;
  readonly statistics: Statistics;
  readonly requests: RequestFigures;
  /** What the connection leaves behind elsewhere: subscriptions, the link to its token. */
  readonly onConnectionRemoved: (connection: ClientConnection) => void;
  /** Sees what was answered, for the ledger of the contract. */
  readonly recorder?: Recorder | undefined;
  /** An error of the server's own (5xx) is about to be answered. */
  readonly onFailure?: (error: KuzzleError) => void;
  readonly accessLog?: (connection: ClientConnection, request: KuzzleRequest) => void;
}

/** The entry point of one server, and the way out of its notifications. */
export class ServerEntryPoint implements EntryPoint {
  readonly nodeId: string;
  readonly #deps: EntryPointDeps;
  readonly #protocols = new Map<string, Protocol>();
  /** Who speaks with a connection, by its id, where the connection gives another name. */
  readonly #speakers = new Map<string, Protocol>();
  #state: ServerState = "starting";

  constructor(deps: EntryPointDeps) {
    this.#deps = deps;
    this.nodeId = deps.nodeId;
  }

  get state(): ServerState {
    return this.#state;
  }

  get isReady(): boolean {
    return this.#state === "running" && this.#deps.queue.waiting === 0;
  }

  get routes(): readonly ActionRoute[] {
    return this.#deps.actions.routes();
  }

  followRoutes(follower: RoutesFollower): () => void {
    return this.#deps.actions.followRoutes(follower);
  }

  get protocols(): ReadonlyMap<string, Protocol> {
    return this.#protocols;
  }

  /** The composition root says when the server is ready and when it stops. */
  enter(state: ServerState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#deps.events.hook("kuzzle:state:change", stateNumbers[state]);
  }

  registerProtocol(protocol: Protocol): void {
    if (this.#protocols.has(protocol.name)) throw kerror("protocol.runtime.already_exists", protocol.name);
    this.#protocols.set(protocol.name, protocol);
  }

  newConnection(connection: ClientConnection, protocol?: Protocol): void {
    this.#deps.connections.add(connection);
    if (protocol !== undefined && protocol.name !== connection.protocol) this.#speakers.set(connection.id, protocol);
    this.#deps.events.hook("connection:new", connection);
  }

  removeConnection(connectionId: string): void {
    const connection = this.#deps.connections.remove(connectionId);
    if (connection === undefined) return;
    this.#speakers.delete(connectionId);
    this.#deps.onConnectionRemoved(connection);
    this.#deps.events.hook("connection:remove", connection);
  }

  connection(connectionId: string): ClientConnection | undefined {
    return this.#deps.connections.find(connectionId);
  }

  async execute(request: KuzzleRequest, connection: ClientConnection, route?: ActionRoute): Promise<KuzzleRequest> {
    const { events, statistics, requests, pipeline, accessLog, recorder } = this.#deps;
    request.node = this.nodeId;
    if (this.#state === "shutting-down") {
      const id = request.isHttp ? "api.process.shutting_down" : "network.entrypoint.shutting_down";
      request.setError(kerror(id));
      recorder?.error(id);
      return request;
    }
    const { controller, action } = request.input;
    const startedAt = performance.now();
    statistics.started(connection.protocol);
    const { active } = events.traces;
    const answer = await (active === undefined
      ? pipeline.run(request, connection)
      : this.#traced(active, request, connection));
    // A pipe may have answered another request: the client waits for an answer to the one it sent.
    if (answer !== request) answer.id = request.id;
    requests.count(controller, action, answer.status, performance.now() - startedAt);
    statistics.ended(connection.protocol, answer.error !== null);
    const { error } = answer;
    if (error !== null && error.status >= 500) this.#logFailure(answer);
    if (route !== undefined && answer.error === null) recorder?.route(`${route.verb} ${route.path}`);
    accessLog?.(connection, answer);
    return answer;
  }

  #traced(tracing: Tracing, request: KuzzleRequest, connection: ClientConnection): Promise<KuzzleRequest> {
    const { controller, action } = request.input;
    return tracing.request(
      `${controller}:${action}`,
      request.context.connection.misc.headers,
      () => this.#deps.pipeline.run(request, connection),
      ({ status, context }) => ({
        controller: controller ?? "",
        action: action ?? "",
        protocol: connection.protocol,
        status,
        kuid: context.user?._id ?? "",
      }),
    );
  }

  logAccess(connection: ClientConnection, request: KuzzleRequest): void {
    const { accessLog, recorder } = this.#deps;
    if (request.error?.id !== undefined) recorder?.error(request.error.id);
    accessLog?.(connection, request);
  }

  #logFailure(request: KuzzleRequest): void {
    const { error, input } = request;
    if (error?.id?.startsWith("api.process.") === true) return; // overload and shutdown are told elsewhere
    const fields = { controller: input.controller, action: input.action, requestId: request.id, ...error?.source };
    this.#deps.log.error("request.failed", { ...fields, err: error?.cause ?? error });
    if (error !== null) this.#deps.onFailure?.(error);
  }

  /** Sends to everybody on the channels, over every protocol. */
  broadcast(message: Broadcast): void {
    for (const protocol of this.#protocols.values()) this.#guard(protocol, () => protocol.broadcast(message));
  }

  /** Sends to one connection. */
  notify(message: DirectMessage): void {
    const protocol = this.#protocolOf(message.connectionId);
    if (protocol !== undefined) this.#guard(protocol, () => protocol.notify(message));
  }

  joinChannel(channel: string, connectionId: string): void {
    const protocol = this.#protocolOf(connectionId);
    if (protocol !== undefined) this.#guard(protocol, () => protocol.joinChannel(channel, connectionId));
  }

  leaveChannel(channel: string, connectionId: string): void {
    const protocol = this.#protocolOf(connectionId);
    if (protocol !== undefined) this.#guard(protocol, () => protocol.leaveChannel(channel, connectionId));
  }

  #protocolOf(connectionId: string): Protocol | undefined {
    const connection = this.#deps.connections.find(connectionId);
    if (connection === undefined) return undefined;
    return this.#speakers.get(connectionId) ?? this.#protocols.get(connection.protocol);
  }

  /** A failing protocol must not prevent the others. */
  #guard(protocol: Protocol, call: () => void): void {
    try {
      call();
    } catch (err) {
      this.#deps.log.error("protocol.failed", { protocol: protocol.name, err });
    }
  }
}
