import assert from "node:assert/strict";
import { type Case, type Fields, place } from "./speaker.ts";

/** Rooms, messages and the shared memory. */
export const realtimeCases: readonly Case[] = [
  [
    "subscribe:on",
    { ...place, body: { exists: { field: "n" } }, scope: "in", metadata: { who: "me" } },
    (result, at) => void Object.assign(at.notes, result),
  ],
  [
    "subscribe:count",
    (at) => ({ body: { roomId: at.notes.roomId } }),
    (result) => assert.deepEqual(result, { count: 1 }),
  ],
  [
    "subscribe:list",
    {},
    (result, at) =>
      assert.equal((result as Record<string, Record<string, Fields>>).library?.books?.[String(at.notes.roomId)], 1),
  ],
  [
    "read:listCollections",
    { index: "library", body: { type: "all" } },
    (result) => assert.deepEqual((result as Fields).collections, { stored: ["books"], realtime: ["books"] }),
  ],
  [
    "read:listCollections",
    { index: "library", body: { type: "stored" } },
    (result) => assert.deepEqual((result as Fields).collections, { stored: ["books"], realtime: [] }),
  ],
  ["write:publish", { ...place, body: { n: 8 } }, (result) => assert.deepEqual(result, { published: true })],
  [
    "write:create",
    { ...place, body: { n: 9, persist: false } },
    (result) => assert.deepEqual(result, { published: true }),
  ],
  [
    "subscribe:join",
    (at) => ({ body: { roomId: at.notes.roomId } }),
    (result, at) => assert.equal((result as Fields).roomId, at.notes.roomId),
  ],
  [
    "subscribe:off",
    (at) => ({ body: { roomId: at.notes.roomId } }),
    (result, at) => assert.equal((result as Fields).roomId, at.notes.roomId),
  ],
  ["subscribe:on", { ...place }, (result, at) => void Object.assign(at.notes, result)],
  [
    "admin:removeRooms",
    { ...place, body: { rooms: ["another"] } },
    (result) => assert.deepEqual(result, { acknowledge: true }),
  ],
  [
    "subscribe:count",
    (at) => ({ body: { roomId: at.notes.roomId } }),
    (result) => assert.deepEqual(result, { count: 1 }),
  ],
  ["admin:removeRooms", place, (result) => assert.deepEqual(result, { acknowledge: true })],
  [
    "subscribe:count",
    (at) => ({ body: { roomId: at.notes.roomId } }),
    (result) => assert.deepEqual(result, { count: 0 }),
  ],

  [
    "ms:set",
    { _id: "key", body: { value: "v" } },
    async (_, at) => assert.equal(await at.former.ws.ms.get("key"), "v"),
  ],
  ["memoryStorage:append", { _id: "key", body: { value: "w" } }, (result) => assert.equal(result, 2)],
  ["ms:getrange", { _id: "key", body: { start: 1, end: 1 } }, (result) => assert.equal(result, "w")],
  ["ms:hset", { _id: "hash", body: { field: "f", value: "x" } }, () => {}],
  ["memoryStorage:hget", { _id: "hash", body: { field: "f" } }, (result) => assert.equal(result, "x")],
];
