import assert from "node:assert/strict";
import { test } from "node:test";
import { action, type ControllerDefinition } from "../events/index.ts";
import { ActionTable } from "./action-table.ts";

const controller = (plugin: string | undefined, name: string, ...actions: readonly string[]): ControllerDefinition => ({
  name,
  ...(plugin === undefined ? {} : { plugin, aliases: [`${plugin}/${name}`] }),
  actions: Object.fromEntries(
    actions.map((one) => [one, action({ summary: one, http: [{ verb: "GET", path: `/${one}` }], run: () => one })]),
  ),
});

const paths = (table: ActionTable): string[] => table.routes().map(({ path }) => path);

test("what is unregistered is gone with its alias and routes; another plugin's actions under the name stay", () => {
  const table = new ActionTable();
  const mine = controller("mine", "shop", "list", "buy");
  table.register(controller(undefined, "server", "now"));
  table.register(mine);
  table.register(controller("others", "shop", "buy"));
  assert.equal(table.get("shop", "buy").plugin, "others");
  table.unregister(mine);
  assert.deepEqual([table.has("shop", "list"), table.has("shop", "buy"), table.has("mine/shop")], [false, true, false]);
  assert.deepEqual(paths(table), ["/now", "/buy"]);
});

test("a controller that takes another one's place is asked before those that were registered later", () => {
  const table = new ActionTable();
  const mine = controller("mine", "shop", "buy");
  table.register(mine);
  table.register(controller("others", "shop", "buy"));
  table.replace([mine], [controller("mine", "shop", "buy", "sell")]);
  assert.equal(table.get("shop", "buy").plugin, "others");
  assert.equal(table.get("shop", "sell").plugin, "mine");
});

test("what is refused changes nothing: a name of the server's own, and what a follower of the routes does not take", () => {
  const table = new ActionTable();
  table.register(controller(undefined, "server", "now"));
  const mine = controller("mine", "shop", "buy");
  table.register(mine);
  const told: string[][] = [];
  const stop = table.followRoutes((routes) => {
    told.push(routes.map(({ path }) => path));
  });
  table.followRoutes((routes) => {
    if (routes.length > 2) throw new Error("too many");
  });
  const refusals: readonly [string, RegExp][] = [
    ["server", /the name is taken/],
    ["shop", /too many/],
  ];
  for (const [name, reason] of refusals) {
    assert.throws(() => table.replace([mine], [controller("mine", name, "one", "two")]), reason);
    assert.deepEqual(paths(table), ["/now", "/buy"]);
    assert.equal(table.has("mine/shop", "buy"), true);
  }
  assert.deepEqual(told, [
    ["/now", "/one", "/two"],
    ["/now", "/buy"],
  ]);
  stop();
  table.unregister(mine);
  assert.equal(told.length, 2, "who no longer follows is not told");
});
