import assert from "node:assert/strict";
import { test } from "node:test";
import { checkVersions } from "./check-versions.ts";
import { readOrder } from "./order-wishes.ts";
import { sortPlugins } from "./sort-plugins.ts";

/** A plugin as its manifest describes it. */
const plugin = (name: string, declared: Readonly<Record<string, unknown>> = {}, version?: string) => ({
  name,
  version,
  order: readOrder(name, [declared]),
});

const namesOf = (plugins: readonly { readonly name: string }[]): string[] => plugins.map(({ name }) => name);

test("plugins without wishes stay as they were found", () => {
  assert.deepEqual(namesOf(sortPlugins([plugin("c"), plugin("a"), plugin("b")])), ["c", "a", "b"]);
});

test("a plugin stands behind what it depends on and names in after, and in front of what it names in before", () => {
  const found = [plugin("a", { dependsOn: { d: "*" } }), plugin("b"), plugin("c", { before: ["b"] }), plugin("d")];
  assert.deepEqual(namesOf(sortPlugins(found)), ["d", "a", "c", "b"]);
  assert.deepEqual(namesOf(sortPlugins([plugin("a", { after: ["b"] }), plugin("b")])), ["b", "a"]);
});

test("a higher priority comes earlier, and draws along what must come first", () => {
  const found = [
    plugin("a"),
    plugin("late", { priority: -1 }),
    plugin("base"),
    plugin("first", { priority: 10, dependsOn: { base: "*" } }),
  ];
  assert.deepEqual(namesOf(sortPlugins(found)), ["base", "first", "a", "late"]);
});

test("before and after of plugins that are not there mean nothing", () => {
  const found = [plugin("a", { after: ["gone"], before: ["away"] }), plugin("b")];
  assert.deepEqual(namesOf(sortPlugins(found)), ["a", "b"]);
});

test("the same plugins always come in the same order, and sorting twice changes nothing", () => {
  const found = [
    plugin("e", { after: ["a"] }),
    plugin("d", { before: ["e"] }),
    plugin("a"),
    plugin("b", { priority: 1 }),
  ];
  const sorted = sortPlugins(found);
  assert.deepEqual(namesOf(sorted), ["b", "d", "a", "e"]);
  assert.deepEqual(namesOf(sortPlugins(sorted)), ["b", "d", "a", "e"]);
});

test("a dependency that is not there is named, with the nearest known name", () => {
  assert.throws(() => sortPlugins([plugin("shop", { dependsOn: { mial: "^1.0.0" } }), plugin("mail")]), {
    id: "plugin.order.missing_dependency",
    message: /\[shop\].*"mial" \(\^1\.0\.0\).*Did you mean "mail"\?/,
  });
});

test("a circle is printed as a whole, without those who only wait for it", () => {
  const found = [
    plugin("waits", { after: ["a"] }),
    plugin("a", { dependsOn: { b: "*" } }),
    plugin("b", { after: ["c"] }),
    plugin("c"),
    plugin("d", { after: ["a"], before: ["c"] }),
  ];
  assert.throws(() => sortPlugins(found), { id: "plugin.order.cycle", message: / a -> b -> c -> d -> a\./ });
});

test("versions must lie in the ranges of all dependents; prereleases count", async () => {
  const wants = (range: string) => plugin("shop", { dependsOn: { mail: range } });
  await checkVersions([wants("^1.2.0"), plugin("mail", {}, "1.3.0-beta.1")]);
  await checkVersions([wants("*"), plugin("mail")]);
  await assert.rejects(checkVersions([wants("^1.2.0"), plugin("mail", {}, "2.0.0")]), {
    id: "plugin.order.version_mismatch",
    message: /\[shop\].*"mail".*"\^1\.2\.0".*2\.0\.0/,
  });
  await assert.rejects(checkVersions([wants("^1.2.0"), plugin("mail")]), { message: /its version is unknown/ });
  await assert.rejects(checkVersions([wants("newest"), plugin("mail", {}, "2.0.0")]), {
    id: "plugin.order.invalid_declaration",
    message: /\[shop\] "dependsOn".*"newest"/,
  });
});

test("the places where a plugin says its order add up, and the first priority counts", () => {
  const order = readOrder("shop", [
    { dependsOn: { mail: "^1.0.0" }, after: ["log"], priority: 3 },
    { dependsOn: { mail: ">=1.2.0", db: "*" }, before: ["web"], priority: 9 },
  ]);
  assert.deepEqual(
    [...order.dependsOn],
    [
      ["mail", ["^1.0.0", ">=1.2.0"]],
      ["db", ["*"]],
    ],
  );
  assert.deepEqual([order.after, order.before, order.priority], [["log"], ["web"], 3]);
});

for (const [declared, member] of [
  [{ dependsOn: ["mail"] }, "dependsOn"],
  [{ dependsOn: { mail: 1 } }, "dependsOn"],
  [{ dependsOn: { shop: "*" } }, "dependsOn"],
  [{ before: "mail" }, "before"],
  [{ after: [1] }, "after"],
  [{ after: ["shop"] }, "after"],
  [{ priority: "high" }, "priority"],
  [{ priority: Number.NaN }, "priority"],
] as const) {
  test(`${JSON.stringify(declared)} is refused by the name of the member`, () => {
    assert.throws(() => readOrder("shop", [declared]), {
      id: "plugin.order.invalid_declaration",
      message: new RegExp(`\\[shop\\] "${member}"`),
    });
  });
}
