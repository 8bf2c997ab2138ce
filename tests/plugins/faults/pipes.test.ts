/** Pipes that do not do what they should, in plugins of every generation: the request fails, the log names the plugin, the server serves on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type FaultyGeneration, generations } from "./faulty-plugin.ts";
import { startFaulty } from "./faulty-server.ts";

const event = "server:beforeNow";
const now = { controller: "server", action: "now" };

interface Fault {
  readonly name: string;
  readonly source: string;
  readonly status: number;
  readonly id: string;
  readonly only?: readonly FaultyGeneration[];
}

const mistake = { status: 500, id: "plugin.runtime.unexpected_error" };
const faults: readonly Fault[] = [
  { name: "throws", source: "function () { throw new Error('boom'); }", ...mistake },
  { name: "rejects", source: "function () { return Promise.reject(new Error('boom')); }", ...mistake },
  { name: "rejects with nothing", source: "function () { return Promise.reject(); }", ...mistake },
  { name: "answers garbage", source: "async function () { return 42; }", ...mistake },
  { name: "answers an array", source: "async function () { return []; }", ...mistake },
  {
    name: "calls back with garbage",
    source: "function (payload, callback) { callback(null, 'text'); }",
    ...mistake,
    only: ["v0", "v1", "v2"],
  },
  {
    name: "never answers",
    source: "function () { return new Promise(function () {}); }",
    status: 504,
    id: "plugin.runtime.pipe_timeout",
    only: ["v0", "v1", "tenon"], // those of the second generation have no deadline
  },
];

for (const generation of generations) {
  for (const { name, source, status, id, only = generations } of faults) {
    if (!only.includes(generation)) continue;
    test(`${generation}: a pipe that ${name} fails its request, and is named in the log`, async (t) => {
      const faulty = await startFaulty(t, generation, { pipes: { [event]: source } });
      for (let i = 0; i < 3; i++) {
        const { status: answered, error } = await faulty.ask(now);
        assert.deepEqual([answered, error?.id], [status, id], JSON.stringify(error));
      }
      const line = await faulty.named("request.failed");
      assert.equal(line.fields.event, event);
      await faulty.servesOn();
    });

    test(`${generation}: a pipe that ${name} is passed over when its failures are skipped`, async (t) => {
      const faulty = await startFaulty(t, generation, { pipes: { [event]: source } }, { onFailure: "skip" });
      const { status: answered, error } = await faulty.ask(now);
      assert.equal(answered, 200, JSON.stringify(error));
      await faulty.named("plugin.pipe_skipped");
    });
  }

  test(`${generation}: a pipe that fails three times in a row ends the plugin, and its actions answer 503`, async (t) => {
    const members = {
      pipes: { [event]: "function () { throw new Error('boom'); }" },
      actions: { run: "async function () { return 'ran'; }" },
    };
    const faulty = await startFaulty(t, generation, members, { onFailure: { disableAfter: 3 } });
    const run = { controller: `faulty-${generation}/faulty`, action: "run" };
    assert.equal((await faulty.ask(run)).status, 200);
    for (let i = 0; i < 3; i++) assert.equal((await faulty.ask(now)).status, 500);
    assert.equal((await faulty.ask(now)).status, 200);
    const { status, error } = await faulty.ask(run);
    assert.deepEqual([status, error?.id], [503, "plugin.failure.disabled"]);
    assert.match(String(error?.message), new RegExp(`faulty-${generation}.*${event}`));
    await faulty.named("plugin.disabled");
    const { result } = await faulty.ask({ controller: "server", action: "info" });
    const { tenon } = (result as { serverInfo: { tenon: { plugins: Record<string, { state: string }> } } }).serverInfo;
    assert.equal(tenon.plugins[`faulty-${generation}`]?.state, "disabled");
  });

  test(`${generation}: a pipe slower than its warning time is named once in ten seconds`, async (t) => {
    const slow =
      generation === "tenon"
        ? "async function (payload) { await new Promise((done) => setTimeout(done, 30)); return payload; }"
        : "function (payload, callback) { setTimeout(function () { callback(null, payload); }, 30); }";
    const faulty = await startFaulty(t, generation, { pipes: { [event]: slow } }, { pipeTimeout: 5_000 });
    for (let i = 0; i < 3; i++) assert.equal((await faulty.ask(now)).status, 200);
    const line = await faulty.named("plugin.slow_pipe");
    assert.equal(line.fields.event, event);
    assert.equal(faulty.lines.filter(({ event: said }) => said.endsWith("plugin.slow_pipe")).length, 1);
  });
}

for (const generation of ["v0", "v1", "v2"] as const) {
  test(`${generation}: a pipe that answers twice is heard once, and named`, async (t) => {
    const twice = "function (payload, callback) { callback(null, payload); callback(new Error('again')); }";
    const faulty = await startFaulty(t, generation, { pipes: { [event]: twice } });
    assert.equal((await faulty.ask(now)).status, 200);
    await faulty.named("plugin.pipe_answered_twice");
    await faulty.servesOn();
  });

  test(`${generation}: a pipe that neither calls back nor returns a promise is named while its request waits`, async (t) => {
    const silent =
      "function (payload, callback) { globalThis.releaseSilent = function () { callback(null, payload); }; }";
    const faulty = await startFaulty(t, generation, { pipes: { [event]: silent } });
    const waiting = faulty.ask(now);
    await faulty.named("plugin.silent_pipe");
    await faulty.servesOn();
    // Those of the second generation wait as long as the plugin does.
    (globalThis as { releaseSilent?: () => void }).releaseSilent?.();
    assert.ok([200, 504].includes((await waiting).status));
  });
}
