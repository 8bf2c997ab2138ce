import type { Logger } from "../kernel/index.ts";
import type { ClusterMessages } from "../plugins/index.ts";
import type { Bus } from "../stores/bus/index.ts";

type Listener = (payload: unknown) => unknown;

interface Message {
  readonly node: string;
  readonly payload: unknown;
}

/** Messages of plugins and the application between the nodes; a node does not hear its own. */
export function createClusterMessages(bus: Bus, nodeId: string, log: Logger): ClusterMessages {
  const stops = new Map<string, Map<Listener, () => void>>();

  const listen = (event: string, listener: Listener, once: boolean): void => {
    const listeners = stops.get(event) ?? new Map<Listener, () => void>();
    stops.set(event, listeners);
    const stop = bus.listen(`plugins:${event}`, (message) => {
      const { node, payload } = message as Message;
      if (node === nodeId) return;
      if (once) unlisten(event, listener);
      run(event, listener, payload);
    });
    listeners.set(listener, stop);
  };

  const run = (event: string, listener: Listener, payload: unknown): void => {
    Promise.try(() => listener(payload)).catch((err: unknown) => log.error("cluster.listener_failed", { event, err }));
  };

  const unlisten = (event: string, listener: Listener): void => {
    const listeners = stops.get(event);
    listeners?.get(listener)?.();
    listeners?.delete(listener);
    if (listeners?.size === 0) stops.delete(event);
  };

  return {
    broadcast: async (event, payload) => bus.publish(`plugins:${event}`, { node: nodeId, payload } satisfies Message),
    on: async (event, listener) => listen(event, listener, false),
    once: async (event, listener) => listen(event, listener, true),
    off: async (event, listener) => unlisten(event, listener),
    removeAllListeners: async (event) => {
      for (const listener of [...(stops.get(event)?.keys() ?? [])]) unlisten(event, listener);
    },
  };
}
