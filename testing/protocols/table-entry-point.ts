import { randomUUID } from "node:crypto";
import type { ActionRoute, EntryPoint, ServerState } from "../../src/api/index.ts";
import type { Protocol } from "../../src/events/index.ts";
import { type ClientConnection, type KuzzleRequest, kerror } from "../../src/kernel/index.ts";

export type TableAction = (request: KuzzleRequest, connection: ClientConnection) => unknown;

/** An entry point that runs a table of actions by `controller:action`: all that protocols need of the layers above them. */
export class TableEntryPoint implements EntryPoint {
  readonly nodeId = `knode-test-${randomUUID().slice(0, 8)}`;
  state: ServerState = "running";
  isReady = true;
  readonly routes: readonly ActionRoute[];
  readonly connections = new Map<string, ClientConnection>();
  /** How many there have been in all. */
  opened = 0;
  /** Requests that failed before they were executed. */
  readonly logged: KuzzleRequest[] = [];
  readonly protocols: Protocol[] = [];
  readonly #actions: ReadonlyMap<string, TableAction>;

  constructor(actions: Readonly<Record<string, TableAction>>, routes: readonly ActionRoute[] = []) {
    this.#actions = new Map(Object.entries(actions));
    this.routes = routes;
  }

  followRoutes(): () => void {
    return () => {}; // its table does not change
  }

  newConnection(connection: ClientConnection): void {
    this.opened++;
    this.connections.set(connection.id, connection);
  }

  removeConnection(connectionId: string): void {
    this.connections.delete(connectionId);
  }

  connection(connectionId: string): ClientConnection | undefined {
    return this.connections.get(connectionId);
  }

  async execute(request: KuzzleRequest, connection: ClientConnection): Promise<KuzzleRequest> {
    try {
      const { controller, action } = request.input;
      if (!controller) throw kerror("api.assert.missing_argument", "controller");
      if (!action) throw kerror("api.assert.missing_argument", "action");
      const run = this.#actions.get(`${controller}:${action}`);
      if (run === undefined) throw kerror("api.process.controller_not_found", controller);
      const answer = run(request, connection);
      const result = answer instanceof Promise ? await answer : answer;
      const { status } = request;
      request.setResult(result, { status: status === 102 ? 200 : status });
    } catch (error) {
      request.setError(error instanceof Error ? error : new Error(String(error)));
    }
    return request;
  }

  logAccess(_connection: ClientConnection, request: KuzzleRequest): void {
    this.logged.push(request);
  }

  registerProtocol(protocol: Protocol): void {
    this.protocols.push(protocol);
  }
}
