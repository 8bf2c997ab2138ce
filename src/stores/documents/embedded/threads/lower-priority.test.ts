import assert from "node:assert/strict";
import { once } from "node:events";
import { getPriority } from "node:os";
import { test } from "node:test";
import { Worker } from "node:worker_threads";

test("a thread goes behind the others of its process, which keep their priority", {
  skip: process.platform !== "linux",
}, async () => {
  const before = getPriority();
  const module = new URL("./lower-priority.ts", import.meta.url).href;
  const code = `
    import { getPriority } from "node:os";
    import { readlinkSync } from "node:fs";
    import { parentPort } from "node:worker_threads";
    import { lowerPriority } from ${JSON.stringify(module)};
    lowerPriority(7);
    parentPort.postMessage(getPriority(Number(readlinkSync("/proc/thread-self").split("/").at(-1))));
  `;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
  const [priority] = await once(worker, "message");
  assert.equal(priority, Math.max(before, 7));
  assert.equal(getPriority(), before);
  await worker.terminate();
});
