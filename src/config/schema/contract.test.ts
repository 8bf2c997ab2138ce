import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse as parseYaml } from "yaml";
import { isPlainObject } from "../../kernel/index.ts";
import { childOf, type OptionSchema } from "./option.ts";
import { configSchema } from "./schema.ts";

interface Row {
  readonly key: string;
  readonly initial: string;
}

const tokenKeys = ["algorithm", "expiresIn", "gracePeriod", "maxTTL", "secret"];
const contract = readFileSync(new URL("../../../contract/config.md", import.meta.url), "utf8");
const rows = readRows(contract.slice(contract.indexOf("## 4. Keys"), contract.indexOf("## 5. ")));

/** Rows of the contract's tables that stand for no single key with a default written in its cell. */
const presenceOnly = new Set([
  "http.routes", // filled in from the action table
  "security.default.role", // compared below
  "security.standard.roles", // compared below
  "security.standard.profiles",
  "services.internalCache",
  "services.memoryStorage",
  "services.storageEngine.commonMapping", // compared below
  "services.storageEngine.internalIndex.collections", // compared below
]);

test("every key of the contract is in the schema, with the contract's default", () => {
  assert.ok(rows.length > 120, `only ${rows.length} rows were found`);
  for (const { key, initial } of rows) {
    const option = find(key);
    assert.ok(option !== undefined, `${key} is missing`);
    if (presenceOnly.has(key)) continue;
    if (/^(unset|off unless enabled|)$/.test(initial)) assert.equal(option.unset, true, `${key} has a default`);
    else assert.deepEqual(option.default, readDefault(initial), key);
  }
});

test("free sections of the contract take any key", () => {
  for (const path of ["plugins", "server.protocols", "application", "validation", "services.internalCache.options"]) {
    assert.deepEqual(find(path)?.additionalProperties, {}, path);
  }
});

test("every key has a sentence, and either a default or none on purpose", () => {
  const walk = (node: OptionSchema, path: string): void => {
    for (const [name, child] of Object.entries(node.properties ?? {})) {
      const at = `${path}${name}`;
      assert.match(child.description ?? "", /\.$/, at);
      if (child.properties !== undefined) walk(child, `${at}.`);
      else assert.equal(child.unset === true, child.default === undefined, at);
    }
  };
  walk(configSchema, "");
});

test("roles and profiles written with reset give each role the contract's actions", () => {
  const roles = find("security.standard.roles")?.default;
  assert.deepEqual(actionsOf(roles, "admin"), { "*": ["*"] });
  assert.deepEqual(actionsOf(roles, "default"), {
    auth: ["checkToken", "getCurrentUser", "getMyRights", "logout", "updateSelf"],
    server: ["publicApi"],
  });
  assert.deepEqual(actionsOf(roles, "anonymous"), {
    auth: ["checkToken", "getCurrentUser", "getMyRights", "login"],
    server: ["publicApi", "openapi"],
  });
  assert.deepEqual(find("security.standard.profiles")?.default, {
    admin: { rateLimit: 0, policies: [{ roleId: "admin" }] },
    default: { rateLimit: 10, policies: [{ roleId: "default" }] },
    anonymous: { rateLimit: 200, policies: [{ roleId: "anonymous" }] },
  });
});

test("mappings of the internal collections are the contract's", () => {
  const common = /\| `services\.storageEngine\.commonMapping` \| (.*?) \| object/.exec(contract)?.[1] ?? "";
  assert.deepEqual(find("services.storageEngine.commonMapping")?.default, typed(parseYaml(common)));
  const collections = find("services.storageEngine.internalIndex.collections")?.default;
  assert.ok(isPlainObject(collections));
  const listed = /Internal collections: (.*)\n/.exec(contract)?.[1] ?? "";
  assert.deepEqual(
    Object.keys(collections),
    [...listed.matchAll(/(?:^|; )([a-z-]+) [`{]/g)].map((match) => match[1]),
  );
  for (const [name, fields] of Object.entries({
    users: ["profileIds"],
    profiles: ["tags", "policies"],
    roles: ["tags", "controllers"],
    "api-keys": ["userId", "hash", "description", "expiresAt", "ttl", "token"],
    installations: ["description", "handler", "installedAt"],
  })) {
    const collection: unknown = collections[name];
    assert.ok(isPlainObject(collection) && isPlainObject(collection.mappings));
    assert.deepEqual(Object.keys(collection.mappings.properties ?? {}), fields, name);
  }
});

function actionsOf(roles: unknown, id: string): Record<string, string[]> {
  const role = isPlainObject(roles) ? roles[id] : undefined;
  assert.ok(isPlainObject(role) && isPlainObject(role.controllers));
  const actions: Record<string, string[]> = {};
  for (const [name, controller] of Object.entries(role.controllers)) {
    assert.ok(isPlainObject(controller) && isPlainObject(controller.actions));
    actions[name] = Object.keys(controller.actions);
    for (const allowed of Object.values(controller.actions)) assert.equal(allowed, true);
  }
  return actions;
}

/** `author: keyword` in the contract's shorthand is `author: {type: keyword}`. */
function typed(mapping: unknown): unknown {
  if (!isPlainObject(mapping)) return mapping;
  const full: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(mapping)) {
    full[name] = typeof value === "string" && name !== "dynamic" ? { type: value } : typed(value);
  }
  return full;
}

function find(path: string): OptionSchema | undefined {
  let node: OptionSchema | undefined = configSchema;
  for (const name of path.split(".")) node = childOf(node, name);
  return node;
}

function readRows(text: string): Row[] {
  const found: Row[] = [];
  let prefix = "";
  for (const line of text.split("\n")) {
    const introduction = /^`([^`]+)`:$/.exec(line);
    if (introduction !== null) prefix = `${introduction[1]}.`;
    else if (line.startsWith("#")) prefix = "";
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    const [, first = "", initial = ""] = cells;
    if (!first.startsWith("`") || first.includes("<name>") || first.includes("config/")) continue;
    found.push(...keysOf(first, initial).map((row) => ({ ...row, key: `${prefix}${row.key}` })));
  }
  return found;
}

/** One row of the contract may stand for several keys. */
function keysOf(cell: string, initial: string): Row[] {
  const names = [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
  const [name = ""] = names;
  if (name === "security.jwt.*") {
    return tokenKeys.map((key) => ({ key: `security.jwt.${key}`, initial: "unset" }));
  }
  const several = /^(.*)\{(.*)\}$/.exec(name);
  if (several !== null) return (several[2] ?? "").split(",").map((key) => ({ key: `${several[1]}${key}`, initial }));
  const values = names.length > 1 ? initial.split(" / ") : [initial];
  const siblings = names.map((sibling, i) => ({
    key: i === 0 ? name : `${name.slice(0, name.lastIndexOf("."))}${sibling}`,
    initial: values[i] ?? initial,
  }));
  return siblings.flatMap(bothCaches);
}

function bothCaches(row: Row): Row[] {
  if (!row.key.startsWith("….")) return [row];
  return ["internalCache", "memoryStorage"].map((cache) => ({
    key: `services.${cache}.${row.key.slice(2)}`,
    initial: new RegExp(`(\\S+) \\(${cache}\\)`).exec(row.initial)?.[1] ?? row.initial,
  }));
}

function readDefault(cell: string): unknown {
  const quoted = /^`([^`]*)`$/.exec(cell)?.[1];
  if (quoted !== undefined) return quoted.replace(/^"(.*)"$/, "$1");
  return parseYaml(cell.replaceAll("`", "").replace(/ \(.*\)$/, ""));
}
