import assert from "node:assert/strict";
import { getPriority } from "node:os";
import { test } from "node:test";
import { Worker } from "node:worker_threads";

const skip = process.platform !== "linux" && "priorities are those of threads on Linux only";

test("a thread gives way to the others of its process, which stay as they are", { skip }, async () => {
  const before = getPriority();
  const module = JSON.stringify(new URL("./give-way.ts", import.meta.url).href);
  const code = `import(${module}).then(({ giveWay }) => {
    giveWay();
    require("node:worker_threads").parentPort.postMessage(require("node:os").getPriority(0));
  });`;
  const thread = new Worker(code, { eval: true });
  const own = await new Promise((resolve, reject) => thread.once("message", resolve).once("error", reject));
  assert.equal(own, Math.min(19, before + 5));
  assert.equal(getPriority(), before);
  await thread.terminate();
});
