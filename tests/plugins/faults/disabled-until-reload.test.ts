/** A plugin that was disabled comes back when it is loaded again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { makeRoot, pluginFiles, startTestServer, writeFiles } from "../../../testing/plugins/plugin-server.ts";

const plugin = (pipe: string): string => `module.exports = class Plugin {
  init () {
    this.pipes = { 'plugin-any:event': ${pipe} };
    this.api = { own: { actions: { run: { handler: async () => 'ran' } } } };
  }
};`;

test("a plugin that was disabled is called again once it is loaded anew, and its figures go on", async (t) => {
  const { root, remove } = makeRoot(pluginFiles("own", plugin("async () => { throw new Error('broken'); }")));
  t.after(remove);
  const server = await startTestServer({ root, plugins: { own: { onFailure: { disableAfter: 2 } } } });
  t.after(() => server.close());
  const fire = async (): Promise<unknown> => server.events.pipe("plugin-any:event", "payload");
  const run = () => server.run({ controller: "own", action: "run" });
  assert.equal(await run(), "ran");
  await assert.rejects(fire());
  await assert.rejects(fire());
  assert.equal(await fire(), "payload");
  await assert.rejects(run(), { id: "plugin.failure.disabled", status: 503 });
  assert.equal((await server.host.health()).own?.status, "red");

  writeFiles(root, pluginFiles("own", plugin("async (payload) => payload + ', seen'")));
  await server.host.reload("own");
  assert.equal(await fire(), "payload, seen");
  assert.equal(await run(), "ran");
  assert.deepEqual(await server.host.health(), {});
  const { state, pipes } = server.host.figures().own ?? {};
  assert.deepEqual([state, pipes?.calls, pipes?.errors], ["running", 3, 2]);
});
