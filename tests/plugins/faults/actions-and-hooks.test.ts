/** Actions and hooks that do not do what they should, in plugins of every generation, and what plugins do outside of any call. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { faultyPackage, generations } from "./faulty-plugin.ts";
import { startFaulty } from "./faulty-server.ts";

const actionFaults = [
  ["throws", "function () { throw new Error('boom'); }"],
  ["rejects", "function () { return Promise.reject(new Error('boom')); }"],
  ["rejects with a text", "function () { return Promise.reject('no'); }"],
  ["answers a circle", "function () { const own = {}; own.self = own; return Promise.resolve(own); }"],
] as const;

for (const generation of generations) {
  for (const [name, source] of actionFaults) {
    test(`${generation}: an action that ${name} is the plugin's fault, and named in the log`, async (t) => {
      const faulty = await startFaulty(t, generation, { actions: { run: source } });
      const { status, error } = await faulty.ask({ controller: `faulty-${generation}/faulty`, action: "run" });
      assert.equal(status, 500, JSON.stringify(error));
      assert.match(String(error?.id), /^plugin\./);
      await faulty.named("request.failed");
      await faulty.servesOn();
    });
  }

  for (const [name, source] of [
    ["throws", "function () { throw new Error('boom'); }"],
    ["rejects", "function () { return Promise.reject(new Error('boom')); }"],
  ] as const) {
    test(`${generation}: a hook that ${name} fails no request, is named, and ends the plugin when the rule says so`, async (t) => {
      const members = { hooks: { "server:afterNow": source } };
      const faulty = await startFaulty(t, generation, members, { onFailure: { disableAfter: 4 } });
      for (let i = 0; i < 6; i++) {
        assert.equal((await faulty.ask({ controller: "server", action: "now" })).status, 200);
      }
      const line = await faulty.named("plugin.hook_failed");
      assert.equal(line.fields.event, "server:afterNow");
      await faulty.named("plugin.disabled");
      assert.equal(faulty.lines.filter(({ event }) => event.endsWith("plugin.hook_failed")).length, 4);
    });
  }

  test(`${generation}: an action that never answers holds its own request only, and is seen to run`, async (t) => {
    const source = "function () { return new Promise(function (resolve) { globalThis.releaseAction = resolve; }); }";
    const faulty = await startFaulty(t, generation, { actions: { run: source } });
    const waiting = faulty.ask({ controller: `faulty-${generation}/faulty`, action: "run" });
    await faulty.servesOn();
    const { result } = await faulty.ask({ controller: "server", action: "info" });
    const { plugins } = (
      result as { serverInfo: { tenon: { plugins: Record<string, { actions: { running: number } }> } } }
    ).serverInfo.tenon;
    assert.equal(plugins[`faulty-${generation}`]?.actions.running, 1);
    (globalThis as { releaseAction?: (value: unknown) => void }).releaseAction?.("late");
    assert.equal((await waiting).status, 200);
  });
}

for (const generation of ["v2", "tenon"] as const) {
  const trigger = generation === "tenon" ? "context.trigger" : "context.accessors.trigger";
  const event = `plugin-faulty-${generation}:tick`;

  test(`${generation}: a plugin that floods events is bounded, and the server serves on`, async (t) => {
    const pipe =
      generation === "tenon"
        ? "async (payload) => { await new Promise((done) => setTimeout(done, 5)); return payload; }"
        : "(payload, callback) => { setTimeout(() => callback(null, payload), 5); }";
    const flood = `globalThis.flood = async () => {
      const answers = [];
      for (let i = 0; i < 60000; i++) answers.push(${trigger}('tick', { i }).then(() => 'done', (error) => error.id));
      return answers;
    };`;
    const faulty = await startFaulty(t, generation, { pipes: { [event]: pipe }, init: flood });
    const answers = await (globalThis as unknown as { flood: () => Promise<Promise<string>[]> }).flood();
    const refused = await Promise.race(answers.slice(50_060));
    assert.equal(refused, "plugin.runtime.too_many_pipes");
    await faulty.servesOn();
  });

  test(`${generation}: chains whose pipes wait for further chains do not wait for each other for ever`, async (t) => {
    const nested =
      generation === "tenon"
        ? "async (request, context) => { await new Promise((done) => setTimeout(done, 30)); await context.trigger('tick', {}); return request; }"
        : `function (request, callback) { setTimeout(() => { globalThis.nestedTrigger('tick', {}).then(() => callback(null, request), callback); }, 30); }`;
    const inner =
      generation === "tenon" ? "async (payload) => payload" : "(payload, callback) => callback(null, payload)";
    const init = generation === "tenon" ? "" : "globalThis.nestedTrigger = context.accessors.trigger;";
    const members = { pipes: { "server:beforeNow": nested, [event]: inner }, init, deadlineMs: 5_000 };
    const faulty = await startFaulty(t, generation, members, {}, {}, { "plugins.common.maxConcurrentPipes": 5 });
    const answers = await Promise.all(
      Array.from({ length: 120 }, () => faulty.ask({ controller: "server", action: "now" })),
    );
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  });
}

test("a controller under a name of the server's own stops the start, in every generation", async (t) => {
  for (const generation of ["v2", "tenon"] as const) {
    const files = faultyPackage(generation, {});
    assert.ok(Object.keys(files).length > 0);
    const taken =
      generation === "v2"
        ? `module.exports = class Taken { constructor () { this.api = { server: { actions: { now: { handler: async () => 1 } } } }; } init () {} };`
        : `import { action, definePlugin } from "tenon"; export default definePlugin({ name: "faulty-tenon",
            controllers: { server: { now: action({ summary: "", run: () => 1 }) } } });`;
    const main = Object.keys(files).find((path) => /index\.m?js$/.test(path)) ?? "";
    await assert.rejects(startFaulty(t, generation, {}, {}, { [main]: taken }), {
      id: "plugin.assert.invalid_controller_definition",
      message: new RegExp(`the name is taken by the server.*"faulty-${generation}"`),
    });
  }
});
