import assert from "node:assert/strict";
import { test } from "node:test";
import type { HashJob } from "./job.ts";
import { HashPool } from "./pool.ts";

const options = { digest: "hex", secret: undefined, algorithm: "sha512" } as const;
const hash: HashJob = { kind: "hash", password: "sesame" };

test("a hash is verified by another thread than the caller's, which stays free", async () => {
  const pool = new HashPool({ threads: 1 });
  let turns = 0;
  const counter = setInterval(() => turns++, 1);
  const { hash: userPassword = "" } = await pool.run(hash);
  const verify = (password: string): HashJob => ({ kind: "verify", password, stored: { userPassword }, options });
  assert.deepEqual(await pool.run(verify("sesame")), { matches: true });
  assert.deepEqual(await pool.run(verify("Sesame")), { matches: false });
  clearInterval(counter);
  assert.ok(turns > 3, `the loop turned ${turns} times`);
  await pool.close();
});

test("threads start when they are needed, and no more than allowed", async () => {
  const pool = new HashPool({ threads: 2 });
  assert.equal(pool.size, 0);
  await Promise.all([pool.run(hash), pool.run(hash), pool.run(hash)]);
  assert.equal(pool.size, 2);
  await pool.close();
});

test("too many waiting jobs are refused with 429, and the others are served", async () => {
  const pool = new HashPool({ threads: 1, maxWaiting: 2 });
  const answers = await Promise.allSettled([1, 2, 3, 4, 5].map(() => pool.run(hash)));
  const refused = answers.filter((answer) => answer.status === "rejected");
  assert.equal(refused.length, 2);
  for (const { reason } of refused) assert.equal(reason.status, 429);
  await pool.close();
});

test("closing refuses what is not done, ends the threads, and may happen twice", async () => {
  const pool = new HashPool({ threads: 1 });
  const jobs = Promise.allSettled([pool.run(hash), pool.run(hash)]);
  await pool.close();
  assert.deepEqual(
    (await jobs).map(({ status }) => status),
    ["rejected", "rejected"],
  );
  await pool.close();
});

test("a stored hash with an impossible cost matches nothing, and harms nobody", async () => {
  const pool = new HashPool({ threads: 1 });
  for (const cost of ["m=1,t=0,p=0", "m=99999999999,t=1,p=1", "m=8,t=1,p=99"]) {
    const stored = { userPassword: `$argon2id$v=19$${cost}$c2FsdHNhbHRzYWx0$AAAAAAAAAAA` };
    assert.deepEqual(await pool.run({ kind: "verify", password: "x", stored, options }), { matches: false });
  }
  await pool.close();
});

test("a password that was hashed at another cost is right, and gets a hash at the present one", async (t) => {
  const cheap = new HashPool({ threads: 1, cost: { memoryKiB: 64, passes: 1 } });
  const dear = new HashPool({ threads: 1, cost: { memoryKiB: 128, passes: 2 } });
  t.after(() => Promise.all([cheap.close(), dear.close()]));
  const { hash: userPassword = "" } = await cheap.run({ kind: "hash", password: "secret" });
  assert.match(userPassword, /\$m=64,t=1,p=1\$/);
  const verify = (pool: HashPool, password: string) =>
    pool.run({ kind: "verify", password, stored: { userPassword }, options });
  assert.deepEqual(await verify(cheap, "secret"), { matches: true });
  assert.deepEqual(await verify(dear, "wrong"), { matches: false });
  const again = await verify(dear, "secret");
  assert.equal(again.matches, true);
  assert.match(again.hash ?? "", /\$m=128,t=2,p=1\$/);
});

test("where some users have older hashes, a refusal of any other costs as much as theirs", async (t) => {
  const pool = new HashPool({ threads: 1, cost: { memoryKiB: 64, passes: 1 } });
  t.after(() => pool.close());
  const decoy = { userPassword: "00", userSalt: "salt", algorithm: "sha512", stretching: true };
  const spent = async (job: Omit<Extract<HashJob, { kind: "verify" }>, "kind" | "password" | "options">) => {
    const { user } = process.cpuUsage();
    const { matches } = await pool.run({ kind: "verify", password: "wrong", options, ...job });
    assert.equal(matches, false);
    return process.cpuUsage().user - user;
  };
  await pool.run(hash); // the thread starts
  const older = await spent({ stored: decoy, decoy });
  const unknown = await spent({ stored: undefined, decoy });
  const { hash: userPassword = "" } = await pool.run(hash);
  const present = await spent({ stored: { userPassword }, decoy });
  const without = await spent({ stored: undefined });
  for (const one of [unknown, present]) assert.ok(one > older * 0.4 && one < older * 2.5, `${older} us, ${one} us`);
  assert.ok(without < older * 0.4, `${older} us, ${without} us without a decoy`);
});
