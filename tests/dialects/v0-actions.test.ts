/** Every action under the name that Kuzzle 0 had for it, asked for by a plugin that speaks a protocol of its own. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { parse } from "yaml";
import { documentCases } from "./former-actions/documents.ts";
import { realtimeCases } from "./former-actions/realtime.ts";
import { type Fields, place, Speaker } from "./former-actions/speaker.ts";
import { userCases } from "./former-actions/users.ts";

const { legacy } = parse(readFileSync(new URL("../../contract/plugins/events.yaml", import.meta.url), "utf8")) as {
  legacy: { v0_actions: readonly { readonly v0: string }[] };
};

/** In this order: later ones find what earlier ones have left. */
const cases = [...documentCases, ...realtimeCases, ...userCases];

let at: Speaker;
const closing: (() => unknown)[] = [];

before(async () => {
  at = await Speaker.start({ after: (close: () => unknown) => void closing.unshift(close) } as never);
});
after(async () => {
  for (const close of closing) await close();
});

const ofTheUser = new Set(["auth:getCurrentUser", "auth:getMyRights", "auth:updateSelf", "auth:logout"]);

for (const [name, data, check] of cases) {
  test(`${name} is run under its former name: ${(JSON.stringify(data) ?? "of what came before").slice(0, 80)}`, async () => {
    const request = typeof data === "function" ? data(at) : data;
    await check(await at.run(name, request, ofTheUser.has(name) ? (at.notes.token ?? null) : null), at);
  });
}

test("every former action of the contract is among them", () => {
  const tested = new Set(cases.map(([name]) => name));
  for (const { v0 } of legacy.v0_actions) {
    if (v0.endsWith(":<command>")) assert.ok([...tested].some((name) => name.startsWith(v0.split(":")[0] ?? "")));
    else assert.ok(tested.has(v0), v0);
  }
});

test("what subscribers are told has the shape and the names of then", async () => {
  const { channel, roomId } = (await at.run("subscribe:on", {
    ...place,
    body: { exists: { field: "told" } },
  })) as { channel: string; roomId: string };
  at.heard.length = 0;
  await at.former.ws.document.create("library", "books", { told: 1 }, "told");
  const deadline = Date.now() + 2_000;
  while (!at.heard.some(({ payload }) => payload !== undefined)) {
    assert.ok(Date.now() < deadline, "nothing was heard");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const [broadcast] = at.heard;
  assert.equal(broadcast?.channel, channel);
  const payload = broadcast?.payload as Fields & { toJson(): unknown };
  assert.equal(payload.toJson(), payload);
  assert.equal(Object.keys(payload).includes("toJson"), false);
  const { controller, action, error, status, scope, state, index, collection, result } = payload;
  assert.deepEqual(
    { controller, action, error, status, scope, state, index, collection, id: (result as Fields)._id },
    {
      controller: "write",
      action: "create",
      error: null,
      status: 200,
      scope: "in",
      state: "done",
      ...place,
      id: "told",
    },
  );
  assert.ok(String(payload.roomId).startsWith(roomId));
});
