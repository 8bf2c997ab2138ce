/** What a plugin of the typed form may get wrong, above all when its code has no types: refused by name, on a whole server. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type DefinedPlugin, definePlugin, type Protocol } from "../../src/index.ts";
import { createLogger, type LogFields } from "../../src/kernel/index.ts";
import { startWith } from "./root.ts";

/** As code without types calls it. */
const define = definePlugin as unknown as (description: object) => DefinedPlugin;

const using = (t: TestContext, plugin: DefinedPlugin, log?: ReturnType<typeof createLogger>) =>
  startWith(t, {}, { prepare: (backend) => void backend.plugin.use(plugin), ...(log === undefined ? {} : { log }) });

const nothing = (): void => {};
const pigeon: Protocol = {
  name: "pigeon",
  broadcast: nothing,
  notify: nothing,
  joinChannel: nothing,
  leaveChannel: nothing,
  disconnect: nothing,
  start: nothing,
  stop: nothing,
};
class Authenticator {
  authenticate(): void {}
}
const methods = Object.fromEntries(
  ["create", "update", "delete", "exists", "validate", "verify"].map((name) => [name, nothing]),
);

for (const [what, description, id, message] of [
  ["a strategy that is no object", { strategies: { desk: 1 } }, "plugin.strategy.invalid_description", /"desk"/],
  [
    "a strategy without a class",
    { strategies: { desk: { authenticator: "Local", methods } } },
    "plugin.strategy.invalid_definition",
    /"desk".*"authenticator" must be a class/,
  ],
  [
    "a strategy without methods",
    { strategies: { desk: { authenticator: Authenticator } } },
    "plugin.strategy.invalid_methods",
    /"desk"/,
  ],
  [
    "a strategy without a method that is required",
    { strategies: { desk: { authenticator: Authenticator, methods: { ...methods, exists: undefined } } } },
    "plugin.strategy.missing_method_function",
    /"desk".*"exists"/,
  ],
  [
    "a protocol without a name",
    { protocols: [{ ...pigeon, name: "" }] },
    "plugin.assert.cannot_load",
    /each of its protocols needs a name/,
  ],
  [
    "a protocol without a method",
    { protocols: [() => ({ ...pigeon, notify: undefined })] },
    "plugin.assert.cannot_load",
    /"pigeon" has no method "notify"/,
  ],
  [
    "an action that was not made by action()",
    { controllers: { desk: { open: async () => 1 } } },
    "plugin.controller.invalid_action",
    /"desk:open".*Make it by action/,
  ],
  ["a controller that is no table", { controllers: { desk: [] } }, "plugin.controller.invalid_description", /"desk"/],
] as const) {
  test(`${what} refuses the start and names the plugin`, async (t) => {
    await assert.rejects(using(t, define({ name: "wrong", ...description })), (error: Error & { id?: string }) => {
      assert.equal(error.id, id, error.message);
      assert.match(error.message, message);
      assert.match(error.message, /\[wrong\]|"wrong"/);
      return true;
    });
  });
}

test("a name that another protocol has is refused", async (t) => {
  const plugin = definePlugin({ name: "doves", protocols: [pigeon, { ...pigeon }] });
  await assert.rejects(using(t, plugin), { id: "protocol.runtime.already_exists", message: /"pigeon"/ });
});

test("a protocol that does not start stops the start and names its plugin", async (t) => {
  const start = (): Promise<void> => Promise.reject(new Error("the port is taken"));
  const plugin = definePlugin({ name: "doves", protocols: [{ ...pigeon, start }] });
  await assert.rejects(using(t, plugin), {
    id: "plugin.runtime.failed_init",
    message: /\[doves\].*"pigeon" did not start: the port is taken/,
  });
});

test("a protocol is started once and stopped once, and one that fails to stop keeps no other open", async (t) => {
  const calls: string[] = [];
  const lines: (readonly [event: string, fields: LogFields | undefined])[] = [];
  const log = createLogger(
    (_level, event, fields) => void lines.push([event, fields]),
    () => log,
  );
  const failing: Protocol = {
    ...pigeon,
    start: () => void calls.push("failing starts"),
    stop: () => {
      throw new Error("stuck");
    },
  };
  const other: Protocol = {
    ...pigeon,
    name: "dove",
    start: () => void calls.push("other starts"),
    stop: () => void calls.push("other stops"),
  };
  const server = await using(t, definePlugin({ name: "doves", protocols: [failing, other] }), log);
  assert.deepEqual(calls, ["failing starts", "other starts"]);
  await server.close();
  assert.deepEqual(calls, ["failing starts", "other starts", "other stops"]);
  const [, fields = {}] = lines.find(([event]) => event === "protocol.failed") ?? [];
  assert.deepEqual([fields.protocol, (fields.err as Error).message], ["pigeon", "stuck"]);
});
