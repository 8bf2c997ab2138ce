/** CPU of the whole process, threads included, for a right check, a token check and a login. Run: `node bench/security.ts`. */

import type { JSONObject } from "../src/kernel/index.ts";
import { createLocalUser, openLocalServer } from "../testing/security/local-strategy.ts";
import { openTestSecurity } from "../testing/security/test-security.ts";
import { cpuMs, nanoseconds } from "./cpu-time.ts";

const author = { kuid: null, at: 0 };
const write = { author, refresh: false };
const calls = 1_000_000;

const report = (what: string, value: number, unit: string): void =>
  console.log(`${what.padEnd(56)} ${value.toFixed(value < 100 ? 1 : 0).padStart(10)} ${unit}`);

await using server = await openTestSecurity();
const { security } = server;

for (const count of [1, 10, 100]) {
  const policies: JSONObject[] = [];
  for (let i = 0; i < count; i++) {
    const controllers = { document: { actions: { get: i === count - 1, search: true } } };
    await security.roles.createOrReplace({
      ...write,
      id: `role-${count}-${i}`,
      content: { controllers },
      force: false,
    });
    policies.push({ roleId: `role-${count}-${i}`, restrictedTo: [{ index: `i${i}`, collections: ["a", "b"] }] });
  }
  await security.profiles.createOrReplace({ ...write, id: `p-${count}`, content: { policies }, strict: false });
  const content = { profileIds: [`p-${count}`] };
  const user = await security.users.create({ ...write, id: `user-${count}`, content });
  const last = `i${count - 1}`;
  const allowed = { controller: "document", action: "get", index: last, collection: "b" };
  const refused = { controller: "document", action: "get", index: "other", collection: "b" };
  const free = { controller: "document", action: "get" };
  report(
    `right check, ${count} roles, restricted, allowed`,
    nanoseconds(() => security.isAllowed(user, allowed), calls),
    "ns",
  );
  report(
    `right check, ${count} roles, restricted, refused`,
    nanoseconds(() => security.isAllowed(user, refused), calls),
    "ns",
  );
  report(
    `right check, ${count} roles, no index`,
    nanoseconds(() => security.isAllowed(user, free), calls),
    "ns",
  );
}

const user = await security.users.create({ ...write, id: "ada", content: { profileIds: ["default"] } });
const { jwt } = await security.tokens.create(user._id, "1h");
report(
  "token check, seen lately",
  nanoseconds(() => security.tokens.verify(jwt), calls),
  "ns",
);

const many: string[] = [];
for (let i = 0; i < 2_000; i++) many.push((await security.tokens.create("ada", "1h")).jwt);
await using cold = await openTestSecurity({ store: server.store });
let startedAt = cpuMs();
for (const text of many) await cold.security.tokens.verify(text);
report("token check, first time (signature and record)", ((cpuMs() - startedAt) * 1e3) / many.length, "us");

startedAt = cpuMs();
for (let i = 0; i < 2_000; i++) await security.tokens.create("ada", "1h");
report("token made and stored, in memory", ((cpuMs() - startedAt) * 1e3) / 2_000, "us");

await using local = await openLocalServer();
await createLocalUser(local, "ada", "sesame");
const logIn = (): Promise<string | undefined> => local.logIn("ada", "sesame");
await Promise.all([logIn(), logIn()]);
startedAt = cpuMs();
for (let i = 0; i < 20; i++) await logIn();
report("login by password", (cpuMs() - startedAt) / 20, "ms");
const wallStartedAt = performance.now();
await Promise.all(Array.from({ length: 32 }, logIn));
report("logins, 32 at once", 32_000 / (performance.now() - wallStartedAt), "a second");
