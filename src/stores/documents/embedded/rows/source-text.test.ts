import assert from "node:assert/strict";
import { test } from "node:test";
import { packSource, unpackSource } from "./source-text.ts";

const info = (author: unknown, createdAt: unknown, updatedAt: unknown = null, updater: unknown = null): string =>
  JSON.stringify({ author, createdAt, updatedAt, updater });

test("metadata at the end of a document takes little room, and comes back as it was", () => {
  const infos = [
    info("kuid-4-5", 1_732_000_000_000),
    info(null, 0),
    info("-1", 1_732_000_000_000, 1_732_000_000_001, "-1"),
    info('quo"te\\', 5, 6, "other"),
    info("é語𝄞\n", 1, 2, null),
    info("a", 1, null, "b"),
    info("=", 1, 2, "="),
  ];
  for (const one of infos) {
    for (const head of ['{"a":1', '{"t":"x,\\"_kuzzle_info\\":{"', '{"_kuzzle_info":{"n":1},"b":[]']) {
      const text = `${head},"_kuzzle_info":${one}}`;
      const packed = packSource(text);
      assert.equal(unpackSource(packed), text);
      assert.ok(packed.length < text.length - 60, packed);
    }
  }
});

test("every other text stays as it is", () => {
  const others = [
    "{}",
    '{"a":{}}',
    `{"_kuzzle_info":${info("a", 1)}}`,
    `{"a":1, "_kuzzle_info":${info("a", 1)}}`,
    `{"a":1,"_kuzzle_info":${info("a", 1)}} \n`,
    `{"a":1,"_kuzzle_info":${info("a", -1)}}`,
    `{"a":1,"_kuzzle_info":${info("a", 1.5)}}`,
    `{"a":1,"_kuzzle_info":${info("a", 1e21)}}`,
    `{"a":1,"_kuzzle_info":${info(5, 1)}}`,
    `{"a":1,"_kuzzle_info":{"author":"a","createdAt":01,"updatedAt":null,"updater":null}`,
    `{"a":1,"_kuzzle_info":${info("a".repeat(500), 1)}}`,
    '{"a":1,"_kuzzle_info":{"createdAt":1,"author":"a"}}',
    `{"a":{"b":1,"_kuzzle_info":${info("a", 1)}}}`,
  ];
  for (const text of others) {
    assert.equal(packSource(text), text);
    assert.equal(unpackSource(text), text);
  }
});
