import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "../kernel/index.ts";
import { createLocalBus } from "../stores/bus/index.ts";
import { createClusterMessages } from "./cluster-messages.ts";

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a message reaches the other nodes, once or until its listener goes, and a failing listener harms nobody", async () => {
  await using bus = createLocalBus(silentLogger);
  const [here, there] = [
    createClusterMessages(bus, "here", silentLogger),
    createClusterMessages(bus, "there", silentLogger),
  ];
  const heard: string[] = [];
  const listener = (payload: unknown): void => void heard.push(`there ${JSON.stringify(payload)}`);
  await here.on("door:open", () => heard.push("here"));
  await there.on("door:open", () => {
    throw new Error("nobody is told of this");
  });
  await there.on("door:open", listener);
  await there.once("door:open", () => heard.push("once"));
  await here.broadcast("door:open", { by: "ada" });
  await settled();
  assert.deepEqual(heard.splice(0), ['there {"by":"ada"}', "once"]);
  await there.off("door:open", listener);
  await here.broadcast("door:open", {});
  await settled();
  assert.deepEqual(heard, []);
  await there.on("door:open", listener);
  await there.removeAllListeners("door:open");
  await here.broadcast("door:open", {});
  await settled();
  assert.deepEqual(heard, []);
});
