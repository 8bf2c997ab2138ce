import assert from "node:assert/strict";
import { test } from "node:test";
import { declaredAccess } from "./declared-access.ts";

test("what is not declared is not granted", () => {
  const nothing = { network: false, files: { read: [], write: [] } };
  assert.deepEqual(declaredAccess([undefined, undefined]), nothing);
  for (const said of [{}, { network: "yes", files: ["data"] }, 7]) assert.deepEqual(declaredAccess([said]), nothing);
  const said = { network: true, files: { read: ["./data", "/etc/hosts", 7], write: ["../out"] } };
  assert.deepEqual(declaredAccess([undefined, said]), {
    network: true,
    files: { read: ["data", "/etc/hosts"], write: ["../out"] },
  });
});

test("where two places speak, what both allow is granted", () => {
  const description = { network: true, files: { read: ["data", "cache/a"], write: ["data"] } };
  const manifest = { files: { read: ["data/in", "cache", "database"], write: ["dat"] } };
  assert.deepEqual(declaredAccess([description, manifest]), {
    network: false,
    files: { read: ["cache/a", "data/in"], write: [] },
  });
});
