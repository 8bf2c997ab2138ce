import type { ClientConnection } from "../kernel/index.ts";

/** The clients that are linked to this node right now, with counts per protocol. */
export class Connections {
  readonly #byId = new Map<string, ClientConnection>();
  readonly #counts = new Map<string, number>();

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
    return connection;
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
