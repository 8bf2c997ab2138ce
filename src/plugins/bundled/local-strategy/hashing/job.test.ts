import assert from "node:assert/strict";
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { test } from "node:test";
import { hashWithArgon2 } from "./argon2.ts";
import { runHashJob } from "./job.ts";
import type { OlderHash } from "./older-hash.ts";

const cost = { memoryKiB: 64, passes: 2 };
const options = { digest: "hex", secret: undefined, algorithm: "sha512" } as const;

test("every refusal takes one hash at the present cost, so that its time tells nothing of the user", (t) => {
  const present = hashWithArgon2("sesame", cost);
  const cheaper = hashWithArgon2("sesame", { memoryKiB: 8, passes: 1 });
  const made: string[] = [];
  const compute = crypto.argon2Sync;
  t.mock.method(crypto, "argon2Sync", (...asked: Parameters<typeof compute>) => {
    made.push(`${asked[1].memory} KiB, ${asked[1].passes} passes`);
    return compute(...asked);
  });
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
  const hashesOf = (password: string, stored: OlderHash | undefined, matches: boolean): readonly string[] => {
    made.length = 0;
    assert.equal(runHashJob({ kind: "verify", password, stored, options }, cost).matches, matches);
    return [...made].sort();
  };
  const one = "64 KiB, 2 passes";
  assert.deepEqual(hashesOf("wrong", undefined, false), [one], "nobody has this name");
  assert.deepEqual(hashesOf("wrong", { userPassword: present }, false), [one]);
  assert.deepEqual(hashesOf("sesame", { userPassword: present }, true), [one], "nor does a right password take less");
  const kept = "0".repeat(128);
  assert.deepEqual(hashesOf("wrong", { userPassword: kept, userSalt: "salt", stretching: true }, false), [one]);
  assert.deepEqual(hashesOf("wrong", { userPassword: "$argon2id$broken" }, false), [one], "a record that is damaged");
  assert.deepEqual(hashesOf("wrong", { userPassword: cheaper }, false), [one, "8 KiB, 1 passes"]);
});
