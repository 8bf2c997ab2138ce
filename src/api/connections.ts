import { setMaxListeners } from "node:events";
import { type ClientConnection, type KuzzleRequest, kerror } from "../kernel/index.ts";

/** Aborts when the client of a request goes, who alone waits for what runs; undefined for calls from inside. */
export type LeavingOf = (request: KuzzleRequest) => AbortSignal | undefined;

/** One for all: over HTTP each request is a connection, whose end nearly always comes after the answer, and finds nobody who would look at it. */
const dropped = kerror("api.process.connection_dropped");

/** The clients that are linked to this node right now, with counts per protocol. */
export class Connections {
  readonly #byId = new Map<string, ClientConnection>();
  readonly #counts = new Map<string, number>();
  /** Of those for whom something runs that they may be gone before; made when it is first asked for. */
  readonly #leaving = new Map<string, AbortController>();

  add(connection: ClientConnection): void {
    this.#byId.set(connection.id, connection);
    const name = metricName(connection.protocol);
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** Answers the connection that was removed, if it was known. */
  remove(id: string): ClientConnection | undefined {
    const connection = this.#byId.get(id);
    if (connection === undefined) return undefined;
    this.#byId.delete(id);
    const name = metricName(connection.protocol);
    this.#counts.set(name, (this.#counts.get(name) ?? 1) - 1);
    this.#leaving.get(id)?.abort(dropped);
    this.#leaving.delete(id);
    return connection;
  }

  /** Aborts when the client goes: nobody waits for what runs for it. Undefined for those that are not linked (calls from inside). */
  leavingOf(id: string | null): AbortSignal | undefined {
    if (id === null || !this.#byId.has(id)) return undefined;
    let leaving = this.#leaving.get(id);
    if (leaving === undefined) {
      leaving = new AbortController();
      // One listener for each search of the connection: as many as it may have running.
      setMaxListeners(0, leaving.signal);
      this.#leaving.set(id, leaving);
    }
    return leaving.signal;
  }

  find(id: string): ClientConnection | undefined {
    return this.#byId.get(id);
  }

  /** `{ websocket: 2, "http/1.1": 1 }` */
  counts(): Record<string, number> {
    return Object.fromEntries([...this.#counts].filter(([, count]) => count > 0));
  }
}

/** HTTP has been called by its version in connections and figures since ever. */
const metricName = (protocol: string): string => (protocol === "http" ? "http/1.1" : protocol.toLowerCase());
