import type { ClusterMessages } from "../deps.ts";

type Listener = (payload: unknown) => unknown;

/** The messages between nodes as one plugin uses them: it is known what it listens to, so that this can end with it. */
export class OwnCluster implements ClusterMessages {
  readonly #cluster: ClusterMessages;
  /** By event, then by the listener that was given: the one that is registered. */
  readonly #listening = new Map<string, Map<Listener, Listener>>();

  constructor(cluster: ClusterMessages) {
    this.#cluster = cluster;
  }

  broadcast(event: string, payload: unknown): Promise<void> {
    return this.#cluster.broadcast(event, payload);
  }

  on(event: string, listener: Listener): Promise<void> {
    this.#listeners(event).set(listener, listener);
    return this.#cluster.on(event, listener);
  }

  once(event: string, listener: Listener): Promise<void> {
    const registered = (payload: unknown): unknown => {
      this.#forget(event, listener);
      return listener(payload);
    };
    this.#listeners(event).set(listener, registered);
    return this.#cluster.once(event, registered);
  }

  off(event: string, listener: Listener): Promise<void> {
    const registered = this.#listening.get(event)?.get(listener) ?? listener;
    this.#forget(event, listener);
    return this.#cluster.off(event, registered);
  }

  removeAllListeners(event: string): Promise<void> {
    this.#listening.delete(event);
    return this.#cluster.removeAllListeners(event);
  }

  /** Listens to nothing any more. */
  async end(): Promise<void> {
    for (const [event, listeners] of this.#listening) {
      for (const registered of listeners.values()) await this.#cluster.off(event, registered);
    }
    this.#listening.clear();
  }

  #listeners(event: string): Map<Listener, Listener> {
    const listeners = this.#listening.get(event) ?? new Map<Listener, Listener>();
    this.#listening.set(event, listeners);
    return listeners;
  }

  #forget(event: string, listener: Listener): void {
    const listeners = this.#listening.get(event);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.#listening.delete(event);
  }
}
