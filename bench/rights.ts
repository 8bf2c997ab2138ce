/**
 * What rules about documents cost: nanoseconds of CPU of a right check, and of finding the rule of a request, with 1, 10 and 100 roles. The user
 * without rules is checked beside others that have some. Run: node bench/rights.ts
 */
import { type JSONObject, KuzzleRequest } from "../src/kernel/index.ts";
import type { User } from "../src/security/index.ts";
import { openTestSecurity } from "../testing/security/test-security.ts";
import { nanoseconds } from "./cpu-time.ts";

const write = { author: { kuid: null, at: 0 }, refresh: false };
const calls = 500_000;

/** Bytes that one call leaves to the garbage collector. */
function bytes(call: () => unknown, times = 20_000): number {
  for (let i = 0; i < times; i++) call();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < times; i++) call();
  return Math.max(0, process.memoryUsage().heapUsed - before) / times;
}

await using server = await openTestSecurity();
const { security } = server;

async function userWith(count: number, name: string, documents: (i: number) => JSONObject | undefined): Promise<User> {
  const policies: JSONObject[] = [];
  for (let i = 0; i < count; i++) {
    const id = `${name}-${i}`;
    const controllers = { document: { actions: { get: true } } };
    await security.roles.createOrReplace({ ...write, id, content: { controllers }, force: false });
    const rule = documents(i);
    policies.push({
      roleId: id,
      restrictedTo: [{ index: `i${i}`, collections: ["a"] }],
      ...(rule === undefined ? {} : { documents: rule }),
    });
  }
  await security.profiles.createOrReplace({ ...write, id: name, content: { policies }, strict: false });
  return security.users.create({ ...write, id: name, content: { profileIds: [name] } });
}

const rule = (i: number): JSONObject => ({
  filter: { and: [{ equals: { ward: `w${i}` } }, { equals: { owner: "$user._id" } }] },
  readableFields: ["name", "visits.*"],
});
const rows: JSONObject[] = [];
for (const count of [1, 10, 100]) {
  const users = {
    "no rules": await userWith(count, `free-${count}`, () => undefined),
    rules: await userWith(count, `ruled-${count}`, rule),
  };
  for (const [name, user] of Object.entries(users)) {
    const place = { index: `i${count - 1}`, collection: "a" };
    const question = { controller: "document", action: "get", ...place };
    const request = new KuzzleRequest({ ...question, _id: "d" });
    request.context.user = user;
    const find = (): unknown => security.documentAccess.ruleOf(request, place.index, place.collection);
    rows.push({
      roles: count,
      user: name,
      "check, ns": Math.round(nanoseconds(() => security.isAllowed(user, question), calls)),
      "rule, ns": Math.round(nanoseconds(find, calls)),
      "rule, bytes": Math.round(bytes(find)),
    });
  }
}
console.table(rows);
