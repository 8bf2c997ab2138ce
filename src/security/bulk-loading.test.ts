import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openTestSecurity } from "../../testing/security/test-security.ts";

const roles = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`role${i}`, { controllers: {} }]));
const options = { onExistingUsers: "fail", force: false, refresh: true };

test("many entries are loaded a few at a time, so that no queue behind them overflows", async () => {
  await using opened = await openTestSecurity();
  let running = 0;
  let most = 0;
  const seen: unknown[] = [];
  await opened.security.loadSecurities({ roles }, options, async (_, args) => {
    most = Math.max(most, ++running);
    await sleep(1);
    seen.push(args._id);
    running--;
  });
  assert.equal(seen.length, 200);
  assert.ok(most > 1 && most <= 16, `${most} at once`);
});

test("the first entry that fails ends the step, and no later step begins", async () => {
  await using opened = await openTestSecurity();
  let count = 0;
  const actions = new Set<string>();
  const loading = opened.security.loadSecurities({ roles, profiles: { p: {} } }, options, async (action) => {
    actions.add(action);
    await sleep(0);
    if (++count === 20) throw new Error("refused");
  });
  await assert.rejects(loading, { message: "refused" });
  await sleep(5);
  assert.ok(count < 60, `${count} were tried`);
  assert.deepEqual([...actions], ["createOrReplaceRole"]);
});
