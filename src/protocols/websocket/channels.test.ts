import assert from "node:assert/strict";
import { test } from "node:test";
import { DirectFrames } from "./channels.ts";
import type { Frame } from "./frame.ts";

const read = ({ payload }: Frame): unknown => JSON.parse(payload.toString());

test("clients that are told the same payload at once share its bytes, and each channel has its name", () => {
  const frames = new DirectFrames();
  const payload = { action: "create", result: { _id: "é" } };
  const first = frames.frame("room-1", payload);
  assert.deepEqual(read(first), { ...payload, room: "room-1" });
  assert.equal(frames.frame("room-1", payload), first);
  assert.deepEqual(read(frames.frame("room-2", payload)), { ...payload, room: "room-2" });
  const other = { action: "delete" };
  assert.deepEqual(read(frames.frame("room-1", other)), { action: "delete", room: "room-1" });
  assert.deepEqual(read(frames.frame("room-1", payload)), { ...payload, room: "room-1" });
});

test("what was changed since is encoded again", async () => {
  const frames = new DirectFrames();
  const payload = { seen: 1 };
  assert.deepEqual(read(frames.frame("room", payload)), { seen: 1, room: "room" });
  await undefined; // as between two pipes
  payload.seen = 2;
  assert.deepEqual(read(frames.frame("room", payload)), { seen: 2, room: "room" });
});

test("what cannot be encoded leaves the one before it as it was", () => {
  const frames = new DirectFrames();
  const payload = { seen: 1 };
  const first = frames.frame("room", payload);
  const circular: { self?: object } = {};
  circular.self = circular;
  assert.throws(() => frames.frame("room", circular), TypeError);
  assert.deepEqual(read(frames.frame("room", payload)), read(first));
});
