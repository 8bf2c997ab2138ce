import assert from "node:assert/strict";
import { test } from "node:test";
import { usePlugin } from "./used-plugin.ts";

class MyGreatPlugin {
  init(): void {}
}

test("a plugin given in code is named by its class, in kebab-case and without its ending, or by the option", () => {
  assert.equal(usePlugin(new MyGreatPlugin()).name, "my-great");
  assert.equal(usePlugin(new MyGreatPlugin(), { name: "other" }).name, "other");
  assert.equal(usePlugin({ init() {} }, { name: "plain" }).name, "plain");
});

test("a plugin without name, with a bad one, or without init is refused", () => {
  assert.throws(() => usePlugin({ init() {} }), { id: "plugin.assert.no_name_provided" });
  assert.throws(() => usePlugin({ init() {} }, { name: "Bad Name" }), { id: "plugin.assert.invalid_plugin_name" });
  assert.throws(() => usePlugin({ start() {} }, { name: "x" }), { id: "plugin.assert.init_not_found" });
  for (const nothing of [null, undefined, "text", 7]) assert.throws(() => usePlugin(nothing), { status: 500 });
});
