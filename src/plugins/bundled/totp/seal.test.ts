import assert from "node:assert/strict";
import { test } from "node:test";
import { Seal } from "./seal.ts";

test("a sealed secret opens with its key and for its user only", () => {
  const seal = new Seal("key of the vault");
  const sealed = seal.close("ABCDEFGH", "ada");
  assert.ok(!sealed.includes("ABCDEFGH"));
  assert.notEqual(sealed, seal.close("ABCDEFGH", "ada"), "never the same twice");
  assert.equal(seal.open(sealed, "ada"), "ABCDEFGH");
  const unreadable = { id: "plugin.totp.unreadable" };
  assert.throws(() => seal.open(sealed, "eve"), unreadable);
  assert.throws(() => new Seal("another key").open(sealed, "ada"), unreadable);
  assert.throws(() => new Seal(undefined).open(sealed, "ada"), unreadable);
  assert.throws(() => seal.open(`${sealed.slice(0, -4)}AAA=`, "ada"), unreadable);
  assert.throws(() => seal.open("sealed:", "ada"), unreadable);
});

test("without a key secrets are kept as they are, and read when there is one", () => {
  const stored = new Seal(undefined).close("ABCDEFGH", "ada");
  assert.equal(stored, "ABCDEFGH");
  assert.equal(new Seal("key of the vault").open(stored, "ada"), "ABCDEFGH");
});
