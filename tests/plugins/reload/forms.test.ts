/** A plugin of every form is loaded again, and whoever is connected notices nothing but the new code. */
import assert from "node:assert/strict";
import { Agent } from "node:http";
import { test } from "node:test";
import { forms } from "./greeters.ts";
import { getOver, startReloadable, until } from "./reloadable.ts";

const heard: string[] = [];
Object.assign(globalThis, { heard });

for (const { name, path, controller, files } of forms) {
  test(`${name}: new code answers, stamps and hears at once, over the connections and the subscription that were open`, async (t) => {
    const { server, ws, write, ask, log } = await startReloadable(t, files("one"));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    t.after(() => agent.destroy());
    await ws.index.create("library");
    await ws.collection.create("library", "books", {});
    const notified: unknown[] = [];
    await ws.realtime.subscribe("library", "books", {}, (notification) => {
      if (notification.type === "document") notified.push(notification.result._source?.word);
    });
    let losses = 0;
    ws.on("disconnected", () => losses++);
    const words = ["one", "two", "three"];
    for (const [i, word] of words.entries()) {
      heard.length = 0;
      if (i > 0) {
        write(files(word));
        const outcome = await server.host.reload("greeter");
        assert.equal(outcome.kind, "reloaded", JSON.stringify(log.at(-1)));
      }
      const answer = await getOver(agent, server.url + path);
      assert.deepEqual([answer.status, answer.result], [200, { word }]);
      assert.equal(answer.isReused, i > 0, "one HTTP connection for all");
      assert.deepEqual(await ask({ controller, action: "hello" }), { word });
      await ask({ controller: "document", action: "create", index: "library", collection: "books", body: {} });
      await until(() => heard.length > 0, "the hook heard of the document");
      assert.deepEqual(heard, [word], "the former hook is gone");
      await until(() => notified.length === i + 1, "the subscription notifies");
    }
    assert.deepEqual(notified, words);
    assert.equal(losses, 0);
    assert.equal(log.filter(({ event }) => event === "plugins: plugin.reloaded").length, 2);
    assert.deepEqual(
      server.host.names.filter((one) => one === "greeter"),
      ["greeter"],
    );
  });
}
