/** The routes and actions of the native controllers against the contract's tables. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer } from "../../testing/index.ts";
import { ServerProcess } from "./process.ts";
import { http } from "./wire.ts";

const contract = join(import.meta.dirname, "../../contract");
const controllers = ["document", "index", "collection", "bulk", "realtime", "server", "admin", "cluster", "debug"];

/** Known to be missing, each with its reason. */
const missing: readonly string[] = [
  // Declared by the original without an action behind it: 404 there, 404 here.
  "GET /:index/_autoRefresh",
  "POST /admin/_resetKuzzleData",
];

interface ContractRoute {
  readonly verb: string;
  readonly path: string;
  readonly controller: string;
  readonly action: string;
  readonly deprecated: boolean;
  readonly deprecatedSince: string | null;
  readonly replacement: string | null;
}

const routes = (JSON.parse(readFileSync(join(contract, "routes.json"), "utf8")) as readonly ContractRoute[]).filter(
  ({ controller }) => controllers.includes(controller),
);

/** Actions of our own: what is in this file and what the contract has, and nothing else. */
const beyond = (
  JSON.parse(readFileSync(join(contract, "beyond.json"), "utf8")) as readonly Omit<ContractRoute, "deprecated">[]
).filter(({ controller }) => controllers.includes(controller));

type PublicApi = Readonly<Record<string, Readonly<Record<string, { readonly http?: readonly Route[] }>>>>;
interface Route {
  readonly verb: string;
  readonly path: string;
}

const line = (verb: string, path: string, controller: string, action: string): string =>
  `${verb} ${path} -> ${controller}:${action}`;

test("every native route of the contract is served, and of these controllers no other but those declared beyond it", async () => {
  await using server = await startServer({ data: ":memory:" });
  const { result: api } = await http<PublicApi>(server, "GET", "/_publicApi");
  const served = controllers.flatMap((controller) =>
    Object.entries(api[controller] ?? {}).flatMap(([action, { http: its = [] }]) =>
      its.map(({ verb, path }) => line(verb, path, controller, action)),
    ),
  );
  const expected = [...routes, ...beyond]
    .filter(({ verb, path }) => !missing.includes(`${verb} ${path}`))
    .map(({ verb, path, controller, action }) => line(verb, path, controller, action));
  assert.deepEqual(served.sort(), expected.sort());
});

test("every action of the contract's pages is there, and no other but those declared beyond it", async () => {
  await using server = await startServer({ data: ":memory:" });
  const { result: api } = await http<PublicApi>(server, "GET", "/_publicApi");
  for (const controller of controllers) {
    const page = parse(readFileSync(join(contract, "api", `${controller}.yaml`), "utf8")) as {
      readonly actions: readonly { readonly name: string }[];
    };
    const own = beyond.filter((one) => one.controller === controller).map(({ action }) => action);
    assert.deepEqual(
      Object.keys(api[controller] ?? {}).sort(),
      [...page.actions.map(({ name }) => name), ...own].sort(),
      `actions of ${controller}`,
    );
  }
});

test("in development a deprecated route says since when, and which to use instead; the others say nothing", async (t) => {
  const root = await mkdtemp(join(tmpdir(), "tenon-routes-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  await using server = new ServerProcess(root, [], { NODE_ENV: "development" });
  const url = await server.url();
  const found: string[] = [];
  for (const { verb, path, deprecated, deprecatedSince, replacement } of routes) {
    if (missing.includes(`${verb} ${path}`) || path.endsWith("/_export")) continue; // an export is a stream
    if (path.startsWith("/admin/")) continue; // one of them would end the server, and none is deprecated
    const concrete = path.replaceAll(/:\w+/g, "anything");
    const response = await fetch(`${url}${concrete}`, { method: verb });
    const text = await response.text();
    const { deprecations } = JSON.parse(text) as JSONObject & { readonly deprecations?: readonly JSONObject[] };
    if (!deprecated) {
      assert.equal(deprecations, undefined, `${verb} ${path}`);
      continue;
    }
    found.push(`${verb} ${path}`);
    assert.deepEqual(
      deprecations?.[0],
      { version: deprecatedSince, message: `Use this route instead: ${replacement}` },
      `${verb} ${path}`,
    );
  }
  assert.equal(found.length, routes.filter(({ deprecated }) => deprecated).length);
});
