import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { scoreText } from "../floats.ts";
import type { Entry, Keyspace, Value } from "../keyspace.ts";
import type { Effect } from "./effects.ts";
import { pathOf } from "./files.ts";

/** Stands for a string whose bytes are no text, given in base64; known only to the files. */
export const restoreBytes = "$bytes";

/** Size of one command: about this many UTF-16 units. */
const commandLength = 64 * 1024;
const batchLength = 256 * 1024;

/** Writes everything into `snapshot-<number>`, which appears complete or not at all. */
export function writeSnapshot(directory: string, number: number, keys: Keyspace): void {
  const path = pathOf(directory, "snapshot", number);
  const draft = `${path}.draft`;
  const file = openSync(draft, "w");
  try {
    let batch = "";
    for (const entry of keys.entries()) {
      for (const effect of effectsThatMake(entry)) {
        batch += `${JSON.stringify([effect])}\n`;
        if (batch.length < batchLength) continue;
        writeSync(file, batch);
        batch = "";
      }
    }
    writeSync(file, batch);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}

function* effectsThatMake({ key, value, expiresAt }: Entry): Generator<Effect> {
  if (typeof value === "string") yield ["set", key, value];
  else if (value instanceof Uint8Array) yield [restoreBytes, key, Buffer.from(value).toString("base64")];
  else {
    const { command, items } = itemsOf(value);
    yield* inPieces(command, key, items);
  }
  if (expiresAt !== 0) yield ["pexpireat", key, String(expiresAt)];
}

/** Pairs stand side by side: commands are cut only after an even number of items. */
function* inPieces(command: string, key: string, items: readonly string[]): Generator<Effect> {
  let piece = [command, key];
  let length = 0;
  for (let i = 0; i < items.length; i++) {
    const item = items[i] ?? "";
    piece.push(item);
    length += item.length + 3;
    if (length < commandLength || i % 2 === 0) continue;
    yield piece;
    piece = [command, key];
    length = 0;
  }
  if (piece.length > 2) yield piece;
}

function itemsOf(value: Exclude<Value, string | Uint8Array>): { command: string; items: string[] } {
  switch (value.type) {
    case "list":
      return { command: "rpush", items: value.slice(0, value.size) };
    case "set":
      return { command: "sadd", items: value.members() };
    case "hash":
      return { command: "hset", items: value.fields.toArray().flatMap((field) => [field.key, field.value]) };
    case "zset":
      return {
        command: "zadd",
        items: value.slice(0, value.size).flatMap((member) => [scoreText(member.score), member.key]),
      };
  }
}
