import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type LogLine, makeRoot, recorder } from "../../../testing/plugins/plugin-server.ts";
import { OwnLines } from "./own-lines.ts";
import { PayloadText } from "./payload-text.ts";
import type { WorkerOptions } from "./worker-options.ts";
import { WorkerPool } from "./worker-pool.ts";

const options: WorkerOptions = {
  processes: 1,
  maxMemoryBytes: 1e9,
  queueSize: 100,
  maxRestarts: 2,
  maxBusyMs: 60_000,
  killTimeoutMs: 5_000,
};

/** A plugin of the first generation that prints who hears what, and does as the payload says. */
const code = `
module.exports = function () {
  this.init = function () {};
  this.hooks = { told: 'told' };
  this.told = function (payload, event) {
    if (payload.exit !== undefined) process.exit(payload.exit);
    if (payload.fail) throw new Error('not today');
    for (var until = Date.now() + (payload.workMs || 0); Date.now() < until;) {}
    console.log(JSON.stringify({ pid: process.pid, payload: payload, event: event }));
  };
};`;

async function startPool(t: TestContext, chosen: Partial<WorkerOptions> = {}, main = code) {
  const { root, remove } = makeRoot({ "index.js": main });
  t.after(remove);
  const log: LogLine[] = [];
  const pool = new WorkerPool({
    plugin: "pooled",
    options: { ...options, ...chosen },
    surroundings: { main: new URL("./child/main.ts", import.meta.url), nodeArguments: [], environment: undefined },
    startTimeoutMs: 20_000,
    log: recorder(log),
    pluginLog: recorder(log),
    own: new OwnLines(),
  });
  t.after(() => pool.close());
  const hooks = await pool.start({
    name: "pooled",
    generation: "v0",
    variant: "b",
    realPath: root,
    packageJson: {},
    lookups: [],
    config: {},
    hostConfig: {},
  });
  const texts = new PayloadText();
  return {
    pool,
    hooks,
    log,
    tell: (payload: unknown) => pool.deliver("told", texts, [payload], payload),
    printed: () =>
      log
        .filter(({ event }) => event === "plugin.output")
        .map(({ fields }) => JSON.parse(String(fields.line)) as { pid: number; payload: { n: number }; event: string }),
    until: async (what: string, condition: () => boolean) => {
      for (const giveUpAt = performance.now() + 20_000; !condition(); await sleep(5)) {
        assert.ok(performance.now() < giveUpAt, `${what} did not come in time`);
      }
    },
  };
}

const payloads = (count: number): { n: number }[] => Array.from({ length: count }, (_, n) => ({ n }));

test("events go to the processes in turn, each once, and one process keeps their order", async (t) => {
  const { pool, hooks, tell, printed, until } = await startPool(t, { processes: 2 });
  assert.deepEqual(hooks, ["told"]);
  for (const payload of payloads(40)) tell(payload);
  await until("all events", () => printed().length === 40);
  const seen = printed();
  assert.ok(seen.every(({ event }) => event === "told"));
  assert.deepEqual(
    seen.map(({ payload }) => payload.n).sort((a, b) => a - b),
    payloads(40).map(({ n }) => n),
  );
  const pids = pool.figures().processes.map(({ pid }) => pid);
  assert.equal(new Set(pids).size, 2);
  for (const [at, pid] of pids.entries()) {
    const own = seen.filter((one) => one.pid === pid).map(({ payload }) => payload.n);
    assert.deepEqual(
      own,
      payloads(40)
        .map(({ n }) => n)
        .filter((n) => n % 2 === at),
    );
  }
});

test("figures tell of each process, and of what became of the events", async (t) => {
  const { pool, tell, until } = await startPool(t);
  tell({ n: 1 });
  tell({ n: 2 });
  tell({ fail: true });
  await until("acknowledgements", () => pool.figures().processes[0]?.handled === 3);
  await until("a look at the memory", () => (pool.figures().processes[0]?.memoryBytes ?? 0) > 1e7);
  const { processes, ...counts } = pool.figures();
  assert.equal(processes[0]?.state, "running");
  assert.deepEqual(counts, { restarts: 0, queued: 0, dropped: 0, errors: 1 });
});

test("a hook that throws is logged with its event, and the next event is handled by the same process", async (t) => {
  const { log, tell, printed, pool, until } = await startPool(t);
  tell({ fail: true });
  tell({ n: 2 });
  await until("the second event", () => printed().length === 1);
  await until("the failure", () => log.some(({ event }) => event === "plugin.hook_failed"));
  const failure = log.find(({ event }) => event === "plugin.hook_failed")?.fields as { err: { message: string } };
  assert.equal(failure.err.message, "not today");
  assert.equal(pool.figures().restarts, 0);
});

test("what waits is bounded: the newest are dropped, counted, and told once", async (t) => {
  const { pool, log, tell, printed, until } = await startPool(t, { queueSize: 10 });
  tell({ n: -1, workMs: 300 });
  for (const payload of payloads(200)) tell(payload);
  const { queued, dropped } = pool.figures();
  assert.equal(queued, 10);
  assert.ok(dropped > 100, `${dropped} were dropped`);
  await until("what was kept", () => printed().length === 201 - dropped);
  const kept = printed().map(({ payload }) => payload.n);
  assert.deepEqual(kept, [-1, ...payloads(200 - dropped).map(({ n }) => n)]);
  const warnings = log.filter(({ event }) => event === "plugin.worker_events_dropped");
  assert.equal(warnings.length, 1); // of the first; the others are told when ten seconds are over, or at the end
  await pool.close();
  const told = log.filter(({ event }) => event === "plugin.worker_events_dropped");
  assert.equal(
    told.reduce((sum, { fields }) => sum + Number(fields.dropped), 0),
    dropped,
  );
});

test("payloads that JSON cannot hold are counted, told once, and do not reach the emitter", async (t) => {
  const { pool, log, tell, printed, until } = await startPool(t);
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  tell(cycle);
  tell({ big: 1n });
  tell({ n: 1 });
  await until("the good one", () => printed().length === 1);
  assert.equal(pool.figures().errors, 2);
  assert.equal(log.filter(({ event }) => event === "plugin.worker_payload_refused").length, 1);
});

test("a process that ends is replaced; its events are lost and counted, those that wait are handled", async (t) => {
  const { pool, log, tell, printed, until } = await startPool(t);
  const [before] = pool.figures().processes;
  tell({ exit: 3 });
  tell({ n: 1 });
  await until("the end", () => pool.figures().restarts === 1);
  tell({ n: 2 });
  await until("the new process", () => printed().length === 1);
  const [after] = pool.figures().processes;
  assert.notEqual(after?.pid, before?.pid);
  assert.equal(after?.state, "running");
  assert.equal(pool.figures().dropped, 2);
  const ended = log.find(({ event }) => event === "plugin.worker_ended");
  assert.deepEqual(ended?.fields, { plugin: "pooled", because: "it exited with code 3", lost: 2, restartsInMs: 100 });
});

test("a process that ends again and again is given up, by name, and its events are dropped at once", async (t) => {
  const { pool, log, tell, until } = await startPool(t);
  for (let life = 0; life < 3; life++) {
    await until("a process", () => pool.figures().processes[0]?.state === "running");
    const { pid } = pool.figures().processes[0] ?? {};
    tell({ exit: 1 });
    await until("its end", () => pool.figures().processes[0]?.pid !== pid);
  }
  assert.equal(pool.figures().processes[0]?.state, "failed");
  assert.equal(pool.figures().restarts, 2);
  const given = log.find(({ event }) => event === "plugin.worker_given_up");
  assert.equal(given?.level, "error");
  assert.equal(given?.fields.plugin, "pooled");
  const { dropped } = pool.figures();
  tell({ n: 1 });
  assert.equal(pool.figures().dropped, dropped + 1);
  assert.equal(pool.figures().queued, 0);
});

test("a process that closes its channel is ended and replaced", async (t) => {
  const leaving = `module.exports = function () { this.init = function () {}; this.hooks = { told: 'told' };
    this.told = function () { process.removeAllListeners('disconnect'); setInterval(function () {}, 1000); process.disconnect(); }; };`;
  const { pool, log, tell, until } = await startPool(t, {}, leaving);
  tell({});
  await until("the restart", () => pool.figures().restarts === 1);
  const ended = log.find(({ event }) => event === "plugin.worker_ended");
  assert.equal(ended?.fields.because, "it closed its channel to the server");
});
