import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "../../kernel/index.ts";
import { createLocalBus } from "../../stores/bus/index.ts";
import type { ClusterMessages } from "../deps.ts";
import { OwnCluster } from "./own-cluster.ts";

type Listener = (payload: unknown) => unknown;

/** The messages of all nodes, on the bus of one process. */
function onBus(): ClusterMessages {
  const bus = createLocalBus(silentLogger);
  const stops = new Map<Listener, () => void>();
  const off = async (_event: string, listener: Listener): Promise<void> => stops.get(listener)?.();
  const listen = async (event: string, listener: Listener, called: Listener): Promise<void> => {
    stops.set(listener, bus.listen(event, called));
  };
  return {
    broadcast: async (event, payload) => bus.publish(event, payload),
    on: (event, listener) => listen(event, listener, listener),
    once: (event, listener) =>
      listen(event, listener, (payload) => {
        stops.get(listener)?.();
        return listener(payload);
      }),
    off,
    removeAllListeners: async () => {
      for (const stop of stops.values()) stop();
    },
  };
}

test("what a plugin listens to ends with it, and what another one listens to does not", async () => {
  const all = onBus();
  const mine = new OwnCluster(all);
  const others = new OwnCluster(all);
  const heard: string[] = [];
  const dropped = (): unknown => heard.push("dropped");
  await mine.on("told", () => heard.push("mine"));
  await mine.on("told", dropped);
  await mine.once("told", () => heard.push("mine once"));
  await others.on("told", () => heard.push("others"));
  await mine.off("told", dropped);
  await others.broadcast("told", {});
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(heard.splice(0).sort(), ["mine", "mine once", "others"]);
  await mine.end();
  await others.broadcast("told", {});
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(heard, ["others"]);
});
