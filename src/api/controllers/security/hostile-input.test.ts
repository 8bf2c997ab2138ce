import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestSecurity, withAdmin } from "../../../../testing/security/test-security.ts";
import type { JSONObject } from "../../../kernel/index.ts";

const nested = (depth: number): JSONObject => {
  let value: JSONObject = {};
  for (let i = 0; i < depth; i++) value = { query: value, bool: { must: [value] } };
  return value;
};

const oddities: readonly unknown[] = [
  null,
  0,
  -1,
  1.5,
  true,
  "",
  "__proto__",
  "constructor",
  "-1",
  "anonymous",
  "ghost",
  "a".repeat(5_000),
  "\u0000",
  "\ud800",
  "../../x",
  [],
  [null],
  [[]],
  {},
  { length: -1 },
  JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":1}}'),
  nested(8),
];

/** Members that actions read, in arguments or in bodies. */
const members = [
  "_id",
  "userId",
  "strategy",
  "expiresIn",
  "ids",
  "scrollId",
  "scroll",
  "from",
  "size",
  "lang",
  "collection",
  "refresh",
];
const bodyMembers = [
  "content",
  "credentials",
  "default",
  "controllers",
  "policies",
  "rateLimit",
  "query",
  "sort",
  "roles",
  "ids",
  "token",
];

/** The only errors with status 500 that the contract gives to clients' mistakes. */
const expected500 = new Set([
  "security.user.no_profile",
  "security.credentials.database_inconsistency",
  "plugin.strategy.missing_optional_method",
]);

for (const controller of ["auth", "security"]) {
  test(`no odd value makes an action of ${controller} fail inside`, async () => {
    await using server = await openTestSecurity();
    await withAdmin(server);
    const { jwt } = await server.security.tokens.create("root", "1h");
    const names = server.actions.controllers().find(({ name }) => name === controller)?.actions ?? [];
    const failures: string[] = [];
    const attempt = async (action: string, payload: JSONObject): Promise<void> => {
      const { error, status } = await server.send({ strategy: "plain", ...payload, controller, action, jwt });
      if (status < 500 || expected500.has(error?.id ?? "")) return;
      failures.push(`${action} ${JSON.stringify(payload).slice(0, 100)}: ${error?.id} ${error?.message}`);
    };
    // The others end the session under which they run.
    const harmless = names.filter(
      (name) => !["logout", "refreshToken", "revokeTokens", "restrictDefaultRights"].includes(name),
    );
    for (const action of harmless) {
      for (const odd of oddities) {
        await attempt(action, { body: odd as JSONObject }).catch(() => {}); // a body that is no object is refused by the request itself
        for (const name of members) await attempt(action, { body: {}, [name]: odd });
        for (const name of bodyMembers) await attempt(action, { _id: "odd", userId: "root", body: { [name]: odd } });
        await attempt(action, { _id: "odd", body: { content: { profileIds: odd }, credentials: { plain: odd } } });
        await attempt(action, { _id: "odd", body: { policies: [odd, { roleId: odd, restrictedTo: [odd] }] } });
        await attempt(action, { _id: "odd", body: { controllers: { document: odd, "*": { actions: odd } } } });
      }
    }
    assert.deepEqual([...new Set(failures)].slice(0, 20), []);
    const { _id } = await server.ask({ controller: "auth", action: "getCurrentUser", jwt });
    assert.equal(_id, "root", "the session has lived through it all");
    assert.equal(({} as JSONObject).admin, undefined, "the prototype of objects is as it was");
  });
}
