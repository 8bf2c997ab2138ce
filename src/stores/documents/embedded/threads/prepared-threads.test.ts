import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "tenon-prepared-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const url = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);

/** Runs code in a process of its own, which must end by itself. Answers what it prints. */
async function inProcess(code: string): Promise<string> {
  const source = `
    import { dropPreparedThreads, prepareThreads } from ${url("./prepared-threads.ts")};
    import { createEmbeddedStore } from ${url("../store.ts")};
    const open = (directory) => createEmbeddedStore({ directory, clock: { now: Date.now }, log: console });
    const started = [];
    process.on("worker", (worker) => started.push(new Promise((resolve) => worker.once("exit", resolve))));
    const target = { index: "a", collection: "b" };
    async function use(store) {
      await store.createCollection(target, "public", {}, {});
      await store.write(target, [{ kind: "create", id: "x", source: "{}" }], { refresh: true });
      const { total } = await store.search({ targets: [target], body: {} });
      await store[Symbol.asyncDispose]();
      return total;
    }
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    ${code}
  `;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", source], { timeout: 30_000 });
  return stdout.trim();
}

test("threads that were prepared are those that a store takes, and it works with them", async () => {
  const printed = await inProcess(`
    prepareThreads();
    await turn();
    const prepared = started.length;
    const total = await use(await open(${JSON.stringify(join(folder, "taken"))}));
    console.log(prepared, started.length, total);
  `);
  assert.equal(printed, "2 2 1");
});

test("threads that nobody takes keep no process alive, and a store that needs none ends them", async () => {
  assert.equal(await inProcess("prepareThreads(); console.log('prepared');"), "prepared");
  const printed = await inProcess(`
    prepareThreads();
    await turn();
    const total = await use(await open(":memory:"));
    await Promise.all(started);
    console.log(started.length, total);
  `);
  assert.equal(printed, "2 1");
});

test("a store that finds none prepared, or whose threads were dropped, starts its own", async () => {
  const printed = await inProcess(`
    prepareThreads();
    dropPreparedThreads();
    await turn();
    const dropped = started.length;
    const total = await use(await open(${JSON.stringify(join(folder, "anew"))}));
    console.log(dropped, started.length, total);
  `);
  assert.equal(printed, "2 4 1");
});
