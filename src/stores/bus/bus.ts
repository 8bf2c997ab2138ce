/** A message between nodes: plain JSON. */
export type BusMessage = unknown;

/**
 * Carries messages between the nodes of a cluster, and within the one node there is: who publishes also hears it when it listens.
 * Messages on one channel from one publisher arrive in order. A listener that throws is logged and does not disturb the others.
 */
export interface Bus extends AsyncDisposable {
  publish(channel: string, message: BusMessage): void;
  /** Listens until the answer is called. */
  listen(channel: string, listener: (message: BusMessage) => void): () => void;
}
