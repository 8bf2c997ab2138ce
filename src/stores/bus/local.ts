import type { Logger } from "../../kernel/index.ts";
import type { Bus, BusMessage } from "./bus.ts";

type Listener = (message: BusMessage) => void;

/** The bus of a single node: delivers in the same turn, without copying. */
export function createLocalBus(log: Logger): Bus {
  const channels = new Map<string, Set<Listener>>();
  return {
    publish(channel, message) {
      const listeners = channels.get(channel);
      if (listeners === undefined) return;
      for (const listener of listeners) {
        try {
          listener(message);
        } catch (err) {
          log.error("bus.listener_failed", { channel, err });
        }
      }
    },
    listen(channel, listener) {
      const listeners = channels.get(channel) ?? new Set();
      channels.set(channel, listeners);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) channels.delete(channel);
      };
    },
    [Symbol.asyncDispose]() {
      channels.clear();
      return Promise.resolve();
    },
  };
}
