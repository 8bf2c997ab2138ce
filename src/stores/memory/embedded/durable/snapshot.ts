import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { scoreText } from "../floats.ts";
import type { Entry, Keyspace, Value } from "../keyspace.ts";
import type { Effect } from "./effects.ts";
import { pathOf } from "./files.ts";

/** Stands for a string whose bytes are no text, given in base64; known only to the files. */
export const restoreBytes = "$bytes";

const maxItems = 1000;
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
    for (let i = 0; i < items.length; i += maxItems) yield [command, key, ...items.slice(i, i + maxItems)];
  }
  if (expiresAt !== 0) yield ["pexpireat", key, String(expiresAt)];
}

/** Pairs stand side by side, so an even number of items never parts them. */
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
