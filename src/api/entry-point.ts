import type { HttpVerb, Protocol, Route } from "../events/index.ts";
import type { ClientConnection, KuzzleRequest } from "../kernel/index.ts";

/** A route of the action table: what the HTTP protocol matches. */
export interface ActionRoute extends Route {
  readonly controller: string;
  readonly action: string;
}

/** Sees all routes after a change of them, such as a protocol that has them in a form of its own. */
export type RoutesFollower = (routes: readonly ActionRoute[]) => void;

export type ServerState = keyof typeof stateNumbers;

/** How events and plugins are told of the state (contract/plugins/events.yaml, `kuzzle:state:change`). */
export const stateNumbers = { starting: 1, running: 2, "shutting-down": 3, "not-enough-nodes": 4 } as const;

/**
 * Where every request enters, whatever the protocol, and where notifications leave: bytes are the protocols' business, the rest is
 * behind this.
 */
export interface EntryPoint {
  readonly nodeId: string;
  readonly state: ServerState;
  /** False while requests wait for a free slot or the server is not running: `GET /_ready`. */
  readonly isReady: boolean;
  /** Every HTTP route, built-in and of plugins; complete before protocols start. */
  readonly routes: readonly ActionRoute[];
  /** Tells of all routes after every later change; who throws refuses the change. The answer ends that. */
  followRoutes(follower: RoutesFollower): () => void;

  /** Fires `connection:new`. `protocol`: who speaks with it, when that may have another name than the connection gives. */
  newConnection(connection: ClientConnection, protocol?: Protocol): void;
  /** Drops the connection's subscriptions and its link to a token, fires `connection:remove`. Unknown ids are ignored. */
  removeConnection(connectionId: string): void;
  connection(connectionId: string): ClientConnection | undefined;

  /**
   * Runs one request through the pipeline. Never rejects: the answer is the request (or the one a pipe put in its place) with its
   * `result` or `error`. Writes the access log. `route`: the one that led here, over HTTP.
   */
  execute(request: KuzzleRequest, connection: ClientConnection, route?: ActionRoute): Promise<KuzzleRequest>;
  /** Counts and logs a request that failed before it could be executed, e.g. an unknown route. */
  logAccess(connection: ClientConnection, request: KuzzleRequest): void;

  /** Registers a protocol by its name; `protocol.runtime.already_exists` when taken. It is started with the server. */
  registerProtocol(protocol: Protocol): void;
}

export type { HttpVerb };
