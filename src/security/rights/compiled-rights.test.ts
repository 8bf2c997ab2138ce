import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../kernel/index.ts";
import { type Profile, profileFrom } from "../profiles/profile.ts";
import { type Role, roleFrom } from "../roles/role.ts";
import { CompiledRights } from "./compiled-rights.ts";
import { listRights } from "./list-rights.ts";

const roles = new Map<string, Role>(
  Object.entries({
    all: { "*": { actions: { "*": true } } },
    reader: { document: { actions: { get: true, search: true, delete: false } } },
    writer: { document: { actions: { "*": true, delete: false } } },
    silent: { "*": { actions: { "*": true } }, document: { actions: { get: true } } },
    truthy: { document: { actions: { get: "true", search: 1 } } },
    memory: { memoryStorage: { actions: { set: true } } },
    bothMemories: { memoryStorage: { actions: { set: true } }, ms: { actions: { get: true } } },
    denier: { document: { actions: { get: false } } },
  }).map(([id, controllers]) => [id, roleFrom(id, { controllers } as JSONObject)]),
);

const roleOf = (id: string): Role | undefined => roles.get(id);
const profile = (...policies: readonly JSONObject[]): Profile => profileFrom("p", { policies });
const rightsOf = (...profiles: readonly Profile[]): CompiledRights => new CompiledRights(profiles, roleOf);
const may = (
  rights: CompiledRights,
  right: string,
  index?: unknown,
  collection?: unknown,
  targets?: unknown,
): boolean => {
  const [controller = "", action = ""] = right.split(":");
  return rights.allow(controller, action, index, collection, targets);
};

test("a controller with an entry of its own never falls back to the entry for all", () => {
  const rights = rightsOf(profile({ roleId: "silent" }));
  assert.equal(may(rights, "document:get"), true);
  assert.equal(may(rights, "document:create"), false);
  assert.equal(may(rights, "server:now"), true);
});

test("the action's own value comes before the one for all actions", () => {
  const rights = rightsOf(profile({ roleId: "writer" }));
  assert.equal(may(rights, "document:create"), true);
  assert.equal(may(rights, "document:delete"), false);
  assert.equal(may(rights, "server:now"), false);
});

test("one role that allows is enough, and a denial elsewhere does not matter", () => {
  assert.equal(may(rightsOf(profile({ roleId: "denier" }), profile({ roleId: "reader" })), "document:get"), true);
  assert.equal(may(rightsOf(profile({ roleId: "denier" }, { roleId: "all" })), "document:get"), true);
});

test("only the value true allows", () => {
  const rights = rightsOf(profile({ roleId: "truthy" }));
  assert.equal(may(rights, "document:get"), false);
  assert.equal(may(rights, "document:search"), false);
});

test("a role that does not exist, and no policy at all, allow nothing", () => {
  assert.equal(may(rightsOf(profile({ roleId: "ghost" })), "document:get"), false);
  assert.equal(may(rightsOf(profile()), "document:get"), false);
  assert.equal(may(rightsOf(), "document:get"), false);
});

test("ms and memoryStorage are one controller, and an entry under ms comes first", () => {
  for (const name of ["ms", "memoryStorage"]) {
    assert.equal(may(rightsOf(profile({ roleId: "memory" })), `${name}:set`), true);
    assert.equal(may(rightsOf(profile({ roleId: "bothMemories" })), `${name}:set`), false);
    assert.equal(may(rightsOf(profile({ roleId: "bothMemories" })), `${name}:get`), true);
  }
});

test("names of the language's own members are names like others", () => {
  const rights = rightsOf(profile({ roleId: "reader" }));
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    assert.equal(may(rights, `${name}:get`), false);
    assert.equal(may(rights, `document:${name}`), false);
  }
});

const restricted = (restrictedTo: unknown): CompiledRights => rightsOf(profile({ roleId: "reader", restrictedTo }));

test("a restriction allows its index and collections, and requests that name none", () => {
  const rights = restricted([{ index: "a", collections: ["x", "y"] }, { index: "b" }, { index: "c", collections: [] }]);
  const cases: readonly [unknown, unknown, boolean][] = [
    [undefined, undefined, true],
    [undefined, "x", true],
    ["a", "x", true],
    ["a", "y", true],
    ["a", "z", false],
    ["a", undefined, true],
    ["b", "anything", true],
    ["c", "anything", true],
    ["d", "x", false],
    ["d", undefined, false],
  ];
  for (const [index, collection, expected] of cases) {
    assert.equal(may(rights, "document:get", index, collection), expected, `${index}/${collection}`);
  }
});

test("no restriction and an empty one allow everything; one that cannot be read allows nothing", () => {
  assert.equal(may(restricted(undefined), "document:get", "any", "any"), true);
  assert.equal(may(restricted([]), "document:get", "any", "any"), true);
  assert.equal(may(restricted([{ index: 3 }]), "document:get", "any", "any"), false);
  assert.equal(may(restricted({ index: "a" }), "document:get", "a", "x"), false);
  assert.equal(may(restricted([{ index: "" }]), "document:get", "any", "any"), false);
});

test("restrictions to an index and to some of its collections allow the whole index, in any order", () => {
  const whole = { index: "a" };
  const some = { index: "a", collections: ["x"] };
  for (const both of [
    [whole, some],
    [some, whole],
  ])
    assert.equal(may(restricted(both), "document:get", "a", "z"), true);
});

test("restrictions of several policies add up, but only those of policies that allow the action", () => {
  const rights = rightsOf(
    profile(
      { roleId: "reader", restrictedTo: [{ index: "a", collections: ["x"] }] },
      { roleId: "writer", restrictedTo: [{ index: "a", collections: ["y"] }] },
    ),
  );
  assert.equal(may(rights, "document:get", "a", "x"), true);
  assert.equal(may(rights, "document:get", "a", "y"), true);
  assert.equal(may(rights, "document:create", "a", "x"), false);
  assert.equal(may(rights, "document:create", "a", "y"), true);
});

test("names in restrictions are literal: an asterisk is no wildcard", () => {
  assert.equal(may(restricted([{ index: "*" }]), "document:get", "a", "x"), false);
});

test("an index that is no text is checked under the name that the action will read", () => {
  const rights = restricted([{ index: "1" }]);
  assert.equal(may(rights, "document:get", 1, "x"), true);
  assert.equal(may(rights, "document:get", 2, "x"), false);
  assert.equal(may(rights, "document:get", ["1"], "x"), false);
  assert.equal(may(rights, "document:get", { toString: () => "1" }, "x"), false);
});

test("every collection of every target must be allowed, by whichever policy", () => {
  const rights = rightsOf(
    profile({ roleId: "reader", restrictedTo: [{ index: "a", collections: ["x"] }] }),
    profile({ roleId: "reader", restrictedTo: [{ index: "b" }] }),
  );
  const search = (...targets: unknown[]): boolean => may(rights, "document:search", undefined, undefined, targets);
  assert.equal(search({ index: "a", collections: ["x"] }, { index: "b", collections: ["y", "z"] }), true);
  assert.equal(search({ index: "a", collections: ["x", "y"] }), false);
  assert.equal(search({ index: "a", collections: ["x"] }, { index: "c", collections: ["x"] }), false);
  assert.equal(search({ index: "a", collections: ["*"] }), false);
  assert.equal(search({ index: "*", collections: ["x"] }), false);
  assert.equal(search({ index: "b", collections: [["y"]] }), false);
  assert.equal(search({ index: ["b"], collections: ["y"] }), false);
});

test("targets that are allowed open no other place named beside them", () => {
  const rights = restricted([{ index: "a", collections: ["x"] }]);
  const targets = [{ index: "a", collections: ["x"] }];
  assert.equal(may(rights, "document:get", "a", "x", targets), true);
  assert.equal(may(rights, "document:get", "b", "x", targets), false);
  assert.equal(may(rights, "document:get", "a", "y", targets), false);
});

test("targets that name nothing give no right to an action that no role allows", () => {
  const rights = restricted([{ index: "a" }]);
  for (const targets of [[{}], [null], ["a"], [{ index: "a" }], [{ collections: ["x"] }]]) {
    assert.equal(may(rights, "document:delete", undefined, undefined, targets), false);
    assert.equal(may(rights, "security:createUser", undefined, undefined, targets), false);
  }
});

test("a wildcard in a target is refused even to those who may do everything", () => {
  const rights = rightsOf(profile({ roleId: "all" }));
  assert.equal(may(rights, "document:search", undefined, undefined, [{ index: "a*", collections: ["x"] }]), false);
  assert.equal(may(rights, "document:search", undefined, undefined, [{ index: "a", collections: ["x"] }]), true);
});

test("the highest rate limit of a user's profiles counts, and zero means none", () => {
  const limited = (rateLimit: unknown): Profile => profileFrom("p", { policies: [], rateLimit });
  assert.equal(rightsOf(limited(10), limited(200)).rateLimit, 200);
  assert.equal(rightsOf(limited(10), limited(0)).rateLimit, 0);
  assert.equal(rightsOf(limited(10), limited(undefined)).rateLimit, 0);
});

test("a listing says what roles say, and allows where one allows and another denies", () => {
  const profiles = [
    profile(
      { roleId: "denier" },
      { roleId: "reader", restrictedTo: [{ index: "a", collections: ["x"] }, { index: "b" }] },
    ),
    profile({ roleId: "silent" }),
  ];
  const rights = listRights(profiles, roleOf).map(
    ({ controller, action, index, collection, value }) => `${controller}:${action} ${index}/${collection} ${value}`,
  );
  assert.deepEqual([...rights].sort(), [
    "*:* */* allowed",
    "document:delete a/x denied",
    "document:delete b/* denied",
    "document:get */* allowed",
    "document:get a/x allowed",
    "document:get b/* allowed",
    "document:search a/x allowed",
    "document:search b/* allowed",
  ]);
});

test("what policies say of documents counts where they allow the action, and one that cannot be read allows nothing", () => {
  const onA = { filter: { equals: { ward: "A" } } };
  const rights = rightsOf(
    profile(
      { roleId: "reader", restrictedTo: [{ index: "a" }], documents: onA },
      { roleId: "writer", restrictedTo: [{ index: "a", collections: ["x"] }] },
      { roleId: "reader", restrictedTo: [{ index: "b" }], documents: { readableFields: ["name"] } },
    ),
  );
  const ruleFor = (action: string, index?: string, collection?: string): string | undefined => {
    const rule = rights.ruleFor("document", action, index, collection)?.bind(() => undefined);
    if (rule === undefined) return undefined;
    return [rule.matches({ ward: "A" }, "d"), rule.matches({ ward: "B" }, "d"), rule.readable?.patterns].join(" ");
  };
  assert.equal(rights.hasRules, true);
  assert.equal(ruleFor("get", "a", "y"), "true false ");
  assert.equal(ruleFor("get", "a", "x"), undefined);
  assert.equal(ruleFor("create", "a", "x"), undefined);
  assert.equal(ruleFor("get", "b", "x"), "true true name");
  assert.equal(ruleFor("get", "c", "x"), "false false ");
  assert.equal(rights.ruleFor("document", "get", "a", "y"), rights.ruleFor("document", "get", "a", "z"));
  assert.equal(rightsOf(profile({ roleId: "all" })).hasRules, false);
  assert.equal(
    may(rightsOf(profile({ roleId: "reader", documents: { filter: { ghost: 1 } } })), "document:get"),
    false,
  );
});
