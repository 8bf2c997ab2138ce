/** What live subscriptions hear under rules of policies, and how they follow when rights change. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { Line, type Notification } from "../api/wire.ts";
import { type Hospital, openHospital, patients, rules } from "./hospital.ts";

let hospital: Hospital;
const lines: Line[] = [];

before(async () => {
  hospital = await openHospital();
});
after(() => hospital?.[Symbol.asyncDispose]());
beforeEach(async () => {
  for (const line of lines.splice(0)) await line[Symbol.asyncDispose]();
  for (const [who, rule] of Object.entries(rules)) if (changed.delete(who)) await hospital.setRule(who, rule);
  await hospital.reset();
});

const changed = new Set<string>();
const setRule = async (who: string, rule: unknown): Promise<void> => {
  changed.add(who);
  await hospital.setRule(who, rule);
};

interface Ear {
  readonly line: Line;
  readonly roomId: string;
  readonly channel: string;
  readonly request: (action: string, more?: JSONObject) => JSONObject;
}

async function listen(who: string, filter: JSONObject, options: JSONObject = {}): Promise<Ear> {
  const line = await Line.open(hospital.server);
  lines.push(line);
  const { jwt } = await hospital.as(who);
  const request = (action: string, more: JSONObject = {}): JSONObject => ({
    controller: "realtime",
    action,
    ...patients,
    jwt,
    ...more,
  });
  const { roomId, channel } = await line.result<{ roomId: string; channel: string }>(
    request("subscribe", { body: filter, ...options }),
  );
  return { line, roomId, channel, request };
}

/** Notifications come before the answer to what is asked after them: whoever has not heard by then never will. */
async function settle(...ears: readonly Ear[]): Promise<void> {
  for (const { line, request } of ears) await line.ask(request("count", { body: { roomId: "none" } }));
}

const heard = ({ line }: Ear): string[] =>
  line.notifications
    .splice(0)
    .map(
      (one: Notification) => `${one.action} ${one.scope} ${one.result._id} ${Object.keys(one.result._source).sort()}`,
    );
const free = (action: string, request: JSONObject) => hospital.ask("free", action, request);
const update = (_id: string, body: JSONObject) => free("update", { _id, body });
const hidden = "age,diagnosis,name,owner,quick,secret,tags,visits,ward";

test("two users with different rules and the same filter share a room id, and hear each what it may", async () => {
  const ears = {
    free: await listen("free", {}),
    ward: await listen("ward", {}),
    fields: await listen("fields", {}),
    both: await listen("both", {}),
  };
  const everybody = Object.values(ears);
  assert.equal(new Set(everybody.map(({ roomId }) => roomId)).size, 1);
  assert.equal(new Set(everybody.map(({ channel }) => channel)).size, 1);
  await update("a1", { age: 31, diagnosis: "cured" });
  await update("b1", { diagnosis: "worse" });
  await settle(...everybody);
  const [first] = ears.fields.line.notifications;
  assert.equal(first?.room, ears.fields.channel);
  assert.deepEqual(first?.result._updatedFields, ["age"]);
  const whole = `_kuzzle_info,${hidden}`;
  assert.deepEqual(heard(ears.free), [`update in a1 ${whole}`, `update in b1 ${whole}`]);
  assert.deepEqual(heard(ears.ward), [`update in a1 ${whole}`]);
  const cut = "age,name,visits,ward";
  assert.deepEqual(heard(ears.fields), [`update in a1 ${cut}`, `update in b1 ${cut}`]);
  assert.deepEqual(heard(ears.both), [`update in a1 ${cut}`]);
});

test("a document enters and leaves a subscription by the filter and by the rule, and leaves without its content", async () => {
  const ear = await listen("ward", { range: { age: { lt: 45 } } });
  await update("b1", { age: 1 }); // hidden
  await update("a1", { age: 32 });
  await update("a1", { age: 90 });
  await update("a1", { age: 33 });
  await update("a1", { ward: "B", secret: { code: "moved" } });
  await update("a1", { ward: "A" });
  await free("delete", { _id: "a1" });
  await free("delete", { _id: "b1" });
  await settle(ear);
  const left = ear.line.notifications.find(({ scope, result }) => scope === "out" && result._source.age === undefined);
  assert.deepEqual([left?.result._id, left?.result._source, left?.result._updatedFields], ["a1", {}, undefined]);
  const told = heard(ear).map((one) => one.split(" ").slice(0, 3).join(" "));
  const updates = ["update in a1", "update out a1", "update in a1", "update out a1", "update in a1"];
  assert.deepEqual(told, [...updates, "delete out a1"]);
});

test("values of the user stand for the user: two users of one profile hear of their own", async () => {
  const ann = await listen("ann", {});
  const bob = await listen("bob", {});
  await update("a1", { age: 1 });
  await update("a2", { age: 1 });
  await settle(ann, bob);
  assert.deepEqual(heard(ann), [`update in a1 _kuzzle_info,${hidden}`]);
  assert.deepEqual(heard(bob), [`update in a2 _kuzzle_info,${hidden}`]);
});

test("messages are checked like documents, for who sends them and for who hears them", async () => {
  const ward = await listen("ward", {});
  const both = await listen("both", {});
  const publish = async (who: string, body: JSONObject) =>
    (await hospital.ask(who, "realtime:publish", { body })).error?.id;
  assert.equal(await publish("free", { ward: "A", secret: { code: "x" }, age: 1 }), undefined);
  assert.equal(await publish("free", { ward: "B" }), undefined);
  assert.equal(await publish("ward", { ward: "B" }), "security.rights.forbidden");
  assert.equal(await publish("both", { ward: "A", name: "x" }), "security.rights.forbidden");
  assert.equal(await publish("both", { ward: "A", age: 2 }), undefined);
  await settle(ward, both);
  assert.deepEqual(heard(ward), [
    "publish in undefined _kuzzle_info,age,secret,ward",
    "publish in undefined _kuzzle_info,age,ward",
  ]);
  assert.deepEqual(heard(both), ["publish in undefined age,ward", "publish in undefined age,ward"]);
});

test("several who share a rule hear the same, each on the channels it has", async () => {
  const ears = [await listen("ward", {}), await listen("ward", {}), await listen("ward", {}, { scope: "in" })];
  await update("a1", { age: 32 });
  await settle(...ears);
  const rooms = ears.map(({ line }) => line.notifications.map(({ room }) => room));
  assert.deepEqual(
    rooms,
    ears.map(({ channel }) => [channel]),
  );
  assert.notEqual(ears[0]?.channel, ears[2]?.channel);
  const told = ears.map(heard);
  assert.match(told[0]?.[0] ?? "", /^update in a1 /);
  assert.deepEqual(told[1], told[0]);
  assert.deepEqual(told[2], told[0]);
});

test("nobody subscribes by a field that it may not read, nor joins who did", async () => {
  const free = await listen("free", { equals: { "secret.code": "alpha" } });
  for (const filter of [
    { equals: { "secret.code": "alpha" } },
    { not: { exists: "diagnosis" } },
    { match: { secret: { code: "x" } } },
  ]) {
    const { error } = await hospital.ask("fields", "realtime:subscribe", { body: filter });
    assert.deepEqual([error?.id, error?.status], ["security.rights.forbidden", 403]);
    assert.match(error?.message ?? "", /secret|diagnosis/);
  }
  const { error } = await hospital.ask("both", "realtime:join", { body: { roomId: free.roomId } });
  assert.equal(error?.id, "security.rights.forbidden");
  const { result } = await hospital.ask("ward", "realtime:join", { body: { roomId: free.roomId } });
  assert.equal(result.roomId, free.roomId);
  await hospital.ask("ward", "realtime:unsubscribe", { body: { roomId: free.roomId } });
});

test("presence, count and list show those whose policies say the same; without a rule one sees everybody", async () => {
  const filter = { exists: "presence" };
  const free = await listen("free", filter, { users: "all" });
  const ann = await listen("ann", filter, { users: "all" });
  const ward = await listen("ward", filter, { users: "all" });
  const bob = await listen("bob", filter, { users: "all" });
  await settle(free, ann, ward, bob);
  const counts = ({ line }: Ear) => line.notifications.splice(0).map(({ user, result }) => `${user} ${result.count}`);
  assert.deepEqual([free, ann, ward, bob].map(counts), [["in 2", "in 3", "in 4"], ["in 2"], [], []]);
  const { roomId } = free;
  const count = async (who: string) => (await hospital.ask(who, "realtime:count", { body: { roomId } })).result.count;
  assert.deepEqual([await count("free"), await count("ann"), await count("ward"), await count("both")], [4, 2, 1, 0]);
  const list = async (who: string) => {
    const { result } = await hospital.ask<Record<string, Record<string, JSONObject>>>(who, "realtime:list");
    return result.hospital?.patients?.[roomId];
  };
  assert.deepEqual([await list("free"), await list("bob"), await list("both")], [4, 2, undefined]);
  await bob.line.result(bob.request("unsubscribe", { body: { roomId } }));
  await settle(free, ann, ward);
  assert.deepEqual([free, ann, ward].map(counts), [["out 3"], ["out 1"], []]);
});

test("live subscriptions follow at once when a rule comes, changes and goes", async () => {
  const ear = await listen("free", {});
  const tell = async (): Promise<string[]> => {
    await update("a1", { age: 1 });
    await update("b1", { age: 1 });
    await settle(ear);
    return heard(ear).map((one) => one.split(" ").slice(2).join(" "));
  };
  const whole = `_kuzzle_info,${hidden}`;
  assert.deepEqual(await tell(), [`a1 ${whole}`, `b1 ${whole}`]);
  await setRule("free", { filter: { equals: { ward: "A" } } });
  assert.deepEqual(await tell(), [`a1 ${whole}`]);
  await setRule("free", { filter: { equals: { ward: "B" } }, readableFields: ["ward"] });
  assert.deepEqual(await tell(), ["b1 ward"]);
  await setRule("free", undefined);
  assert.deepEqual(await tell(), [`a1 ${whole}`, `b1 ${whole}`]);
});

test("a subscription ends with the right to it, and when its filter asks for what may not be read any more", async () => {
  const byCode = await listen("ward", { exists: "secret.code" });
  const ear = await listen("ward", {});
  await setRule("ward", { readableFields: ["ward"] });
  await update("a1", { age: 1 });
  await settle(byCode, ear);
  assert.deepEqual(heard(byCode), []);
  assert.deepEqual(heard(ear), ["update in a1 ward"]);
  assert.deepEqual(await byCode.line.refusal(byCode.request("unsubscribe", { body: { roomId: byCode.roomId } })), {
    id: "core.realtime.not_subscribed",
    status: 412,
  });
  changed.add("ward");
  await hospital.admin.query({
    controller: "security",
    action: "updateProfile",
    _id: "ward",
    body: {
      policies: [{ roleId: "everything", restrictedTo: [{ index: "other" }], documents: { readableFields: [] } }],
    },
  });
  await update("a1", { age: 2 });
  await settle(ear);
  assert.deepEqual(heard(ear), []);
});

test("a user whose profiles or content change hears what the new ones let it hear", async () => {
  const ear = await listen("bob", {});
  await setRule("bob", { filter: { equals: { ward: "$user.ward" } } });
  const edit = (body: JSONObject) =>
    hospital.admin.query({ controller: "security", action: "updateUser", _id: "bob", body });
  const tell = async (): Promise<string[]> => {
    await update("a2", { age: 1 });
    await update("b2", { age: 1 });
    await settle(ear);
    return heard(ear).map((one) => one.split(" ")[2] ?? "");
  };
  assert.deepEqual(await tell(), [], "the value is missing: nothing is shown");
  await edit({ ward: "B" });
  assert.deepEqual(await tell(), ["b2"]);
  await edit({ ward: "A" });
  assert.deepEqual(await tell(), ["a2"]);
  await edit({ profileIds: ["both"] });
  assert.deepEqual(await tell(), ["a2"]);
  await edit({ profileIds: ["bob"] });
});
