import assert from "node:assert/strict";
import { test } from "node:test";
import { readCapabilities } from "./declared-capabilities.ts";
import { describeCapabilities } from "./describe-capabilities.ts";
import { Gate } from "./gate.ts";
import { parseCapabilities } from "./parse-capabilities.ts";

const nothing = {
  storage: false,
  secrets: false,
  events: [],
  actions: [],
  controllers: false,
  strategies: false,
  protocols: false,
  network: false,
  files: { read: [], write: [] },
};

test("without capabilities a plugin may do everything, with empty ones nothing", () => {
  assert.equal(readCapabilities("shop", [{}, { name: "shop" }]), undefined);
  assert.deepEqual(readCapabilities("shop", [{ capabilities: {} }]), nothing);
});

for (const [written, why] of [
  [[], /must be an object/],
  [null, /must be an object/],
  [{ storge: true }, /"storge" is not known\. Did you mean "storage"\?/],
  [{ storage: "yes" }, /"storage" must be true or false/],
  [{ events: "document:*" }, /"events" must be a list/],
  [{ events: ["*:beforeGet"] }, /"events" has "\*:beforeGet"/],
  [{ actions: ["document"] }, /"actions" has "document"; expected is "document:get"/],
  [{ actions: ["*:get"] }, /"actions" has "\*:get"/],
  [{ actions: [1] }, /"actions" has 1/],
  [{ files: ["data"] }, /"files" must be an object/],
  [{ files: { raed: [] } }, /"files\.raed" is not known\. Did you mean "read"\?/],
  [{ files: { read: [""] } }, /"files\.read" has ""/],
] as const) {
  test(`capabilities ${JSON.stringify(written)} are refused by name`, () => {
    assert.throws(() => parseCapabilities("shop", written), {
      id: "plugin.capability.invalid_declaration",
      message: new RegExp(`^\\[shop\\].*${why.source}`),
    });
  });
}

test("manifest and description together grant what both grant", () => {
  const manifest = {
    storage: true,
    secrets: true,
    events: ["document:*", "generic:document:beforeWrite"],
    actions: ["document:get", "ms:*"],
    files: { read: ["./data/", "mail"] },
  };
  const description = {
    storage: true,
    events: ["document:before*", "generic:*", "kuzzle:start"],
    actions: ["document:*", "ms:get", "auth:login"],
    network: true,
    files: { read: ["data/mail", "mailbox"], write: ["data"] },
  };
  assert.deepEqual(readCapabilities("shop", [{ capabilities: manifest }, { capabilities: description }]), {
    ...nothing,
    storage: true,
    events: ["generic:document:beforeWrite", "document:before*"],
    actions: ["document:get", "ms:get"],
    files: { read: ["data/mail"], write: [] },
  });
});

test("a wildcard allows what lies within it, and a plugin's own events are always its own", () => {
  const gate = new Gate(
    "shop",
    parseCapabilities("shop", { events: ["document:before*"], actions: ["ms:*", "document:get"] }),
  );
  const allowed = (events: string[]): string[] => events.filter((event) => gate.allowsEvent(event));
  assert.deepEqual(
    allowed([
      "document:beforeGet",
      "document:before*",
      "document:*",
      "document:afterGet",
      "generic:document:beforeGet",
    ]),
    ["document:beforeGet", "document:before*"],
  );
  assert.deepEqual(allowed(["plugin-shop:sold", "plugin-shop:*", "plugin-other:sold"]), [
    "plugin-shop:sold",
    "plugin-shop:*",
  ]);
  gate.requireAction("ms", "set");
  gate.requireAction("document", "get");
  assert.throws(() => gate.requireAction("document", "delete"), {
    id: "plugin.capability.missing",
    status: 403,
    message: /\[shop\] The plugin may not call document:delete.*"actions": \["document:delete"\]/,
  });
  assert.throws(() => gate.requireAction("msx", "set"), { status: 403 });
  assert.throws(() => gate.requireAction(null, null), { status: 403 });
});

test("capabilities are told to people, whether they come from a manifest or from a plugin", () => {
  assert.deepEqual(describeCapabilities({}), ["everything: it declares no capabilities"]);
  assert.deepEqual(describeCapabilities({ capabilities: {} }), ["nothing: its capabilities are empty"]);
  const capabilities = { storage: true, events: ["document:*"], files: { write: ["data"] } };
  const told = ["storage: a private index of its own", "events: document:*", "files to write: data"];
  assert.deepEqual(describeCapabilities({ name: "shop", capabilities }), told);
  assert.deepEqual(describeCapabilities({ capabilities: parseCapabilities("shop", capabilities) }), told);
  assert.throws(() => describeCapabilities({ name: "shop", capabilities: { storge: true } }), { message: /\[shop\]/ });
});
