import assert from "node:assert/strict";
import { test } from "node:test";
import { declaredAccess } from "./permissions.ts";

test("what is not declared is not granted, and paths are those of the root", () => {
  const nothing = { network: false, read: [], write: [] };
  for (const said of [undefined, {}, { network: "yes", files: ["data"] }, 7]) {
    assert.deepEqual(declaredAccess([said], "/app"), nothing);
  }
  const said = { network: true, files: { read: ["data", "/etc/hosts", 7], write: ["../out"] } };
  assert.deepEqual(declaredAccess([said], "/app"), {
    network: true,
    read: ["/app/data", "/etc/hosts"],
    write: ["/out"],
  });
});

test("where two places speak, what both allow is granted", () => {
  const description = { network: true, files: { read: ["data", "cache/a"], write: ["data"] } };
  const manifest = { files: { read: ["data/in", "cache", "database"], write: ["dat"] } };
  assert.deepEqual(declaredAccess([description, manifest], "/app"), {
    network: false,
    read: ["/app/cache/a", "/app/data/in"],
    write: [],
  });
});
