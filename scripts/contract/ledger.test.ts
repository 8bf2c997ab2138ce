import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { readConfigKeys } from "./config-keys.ts";
import type { Fact } from "./fact.ts";
import { readFacts } from "./facts.ts";
import { firedBy, isFired } from "./fired-events.ts";
import { fallen, totalsOf, writeUp } from "./ledger.ts";
import { presenceTest } from "./present.ts";
import type { Tested } from "./recorded.ts";

const nothing: Tested = { action: new Set(), route: new Set(), error: new Set(), event: new Set(), config: new Set() };
const facts = readFacts(fileURLToPath(new URL("../../contract", import.meta.url)));

test("the contract's facts are found, each once", () => {
  const totals = totalsOf(writeUp(facts, () => false, nothing));
  for (const [kind, least] of Object.entries({ action: 270, route: 290, error: 270, event: 70, config: 140 })) {
    assert.ok((totals[kind]?.all ?? 0) >= least, `${kind}: ${totals[kind]?.all}`);
    assert.equal(totals[kind]?.there, 0);
  }
  const keys = facts.map(({ kind, key, detail }) => `${kind} ${key} ${detail}`);
  assert.deepEqual(
    keys.filter((key, i) => keys.indexOf(key) !== i),
    [],
  );
});

test("one row of a table may stand for several configuration keys", () => {
  const keys = readConfigKeys(`## 4. Keys
| key | default |
|---|---|
| \`a.b\` / \`.c\` | 1 |
| \`x.{y,z}\` | 1 |
| \`security.jwt.*\` | |
| \`….nodes\` | |
| \`plugins.<name>\` | |
\`plugins.local\`:
| \`digest\` | |
### next
| \`stats\` | |
## 5. Other
| \`not.this\` | |`);
  assert.deepEqual(keys, [
    ...["a.b", "a.c", "x.y", "x.z"],
    ...["algorithm", "expiresIn", "gracePeriod", "maxTTL", "secret"].map((key) => `security.jwt.${key}`),
    ...["services.internalCache.nodes", "services.memoryStorage.nodes", "plugins.local.digest", "stats"],
  ]);
});

test("an action is there when the server lists it, a route when it leads to its action", () => {
  const publicApi = {
    document: { get: { http: [{ verb: "GET", path: "/:index/:collection/:_id" }] }, create: {} },
    wrong: { get: { http: [{ verb: "GET", path: "/_me" }] } },
  };
  const isThere = presenceTest({ publicApi, firedEvents: [] });
  const there = facts.filter((fact) => (fact.kind === "action" || fact.kind === "route") && isThere(fact));
  assert.deepEqual(
    there.map(({ key }) => key),
    ["document:create", "document:get", "GET /:index/:collection/:_id"],
  );
});

test("an error is there with the contract's code and class only", () => {
  const isThere = presenceTest({ publicApi: undefined, firedEvents: [] });
  const fact = facts.find(({ key }) => key === "api.assert.body_required");
  assert.ok(fact !== undefined && isThere(fact));
  assert.equal(isThere({ ...fact, detail: "BadRequestError 1" }), false);
  assert.equal(isThere({ ...fact, key: "api.assert.made_up" }), false);
});

test("events are found where they are fired, not where they are listened to or spoken of", () => {
  const source = `
    events.hook("room:new", { index }); // events.hook("not:this")
    await this.#events.pipe(\`notify:\${kind}\`, notification);
    const event = failed ? "a:b" : "c:d";
    events.pipe(isUser ? "e:f" : "g:h", x);
    events.pipe(verbEvents[verb as Verb], request);
    const name = verbEvents[verb]; events.hook(name, request);
    const verbEvents = { GET: "http:get", POST: "http:post" } as const;
    const pipes = { event: \`generic:document:before\${kind}\`, extract: (r) => [r] };
    host.registerHook({ event: "not:this", run });
    function pipe("not:this") {}
    trigger(event, ...payload) { return events.pipe(event, ...payload); }
    async ask(event, ...args) { events.hook(event, { args, response }); }
    stream.pipe(target);`;
  const fired = firedBy(source);
  assert.deepEqual(
    new Set(fired),
    new Set(["room:new", "notify:*", "e:f", "g:h", "http:get", "http:post", "generic:document:before*", "*", "ask:*"]),
  );
  assert.ok(
    isFired("notify:user", fired) &&
      isFired("<event>", fired) &&
      isFired("<internal ask or call event>", fired) &&
      isFired("http:post", fired),
  );
  assert.ok(!isFired("core:shutdown", fired) && !isFired("notify:user:more", fired));
  assert.ok(isFired("log:<level>", ["log:*"]) && isFired("plugin-<plugin>:<event>", ["plugin-*:*"]));
});

test("what was seen in a test that passed is tested, but only when it is there", () => {
  const some: Fact[] = [
    { kind: "event", key: "<controller>:before<Action>", group: "any" },
    { kind: "event", key: "<event>", group: "any" },
    { kind: "event", key: "room:new", group: "room" },
    { kind: "config", key: "services.internalCache", group: "services" },
    { kind: "error", key: "api.a", group: "api" },
    { kind: "error", key: "api.b", group: "api" },
  ];
  const tested: Tested = {
    ...nothing,
    event: new Set(["document:beforeCreate"]),
    config: new Set(["services.internalCache.node.host"]),
    error: new Set(["api.a", "api.b"]),
  };
  const entries = writeUp(some, ({ key }) => key !== "api.b", tested);
  assert.deepEqual(
    entries.map(({ standing }) => standing),
    ["there and tested", "there", "there", "there and tested", "there and tested", "missing"],
  );
  assert.deepEqual(totalsOf(entries)["error api"], { all: 2, there: 1, tested: 1 });
});

test("a total that fell is told, one that rose is not", () => {
  const before = { action: { all: 3, there: 2, tested: 1 }, "action ms": { all: 1, there: 1, tested: 0 } };
  assert.deepEqual(fallen(before, { ...before, action: { all: 3, there: 3, tested: 2 } }), []);
  assert.deepEqual(fallen(before, { action: { all: 3, there: 2, tested: 0 } }), [
    "action: tested fell from 1 to 0",
    "action ms: all fell from 1 to 0",
    "action ms: there fell from 1 to 0",
  ]);
});
