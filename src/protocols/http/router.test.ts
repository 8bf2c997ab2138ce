import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { ActionRoute } from "../../api/index.ts";
import type { HttpVerb } from "../../events/index.ts";
import { Router } from "./router.ts";

const route = (verb: HttpVerb, path: string, action = path): ActionRoute => ({ verb, path, controller: "c", action });

interface ContractRoute {
  readonly verb: HttpVerb;
  readonly path: string;
  readonly controller: string;
  readonly action: string;
}

const contract: ContractRoute[] = JSON.parse(
  readFileSync(new URL("../../../contract/routes.json", import.meta.url), "utf8"),
);

function found(router: Router, verb: string, path: string): { action: string; parameters: object } | undefined {
  const match = router.find(verb, path);
  if (match === undefined) return undefined;
  const { route, names, values } = match;
  return { action: route.action, parameters: Object.fromEntries(names.map((name, i) => [name, values[i]])) };
}

test("every route of the contract leads to its own action", () => {
  const router = new Router(contract);
  for (const { verb, path, controller, action } of contract) {
    const asked = path.replaceAll(":", "a value of ").replaceAll(" ", "%20");
    const match = router.find(verb, asked);
    assert.deepEqual([match?.route.controller, match?.route.action], [controller, action], `${verb} ${path}`);
  }
});

test("a parameter has the name that its own route gives it", () => {
  const router = new Router([route("GET", "/:index/:collection", "list"), route("GET", "/:first/x/:third", "other")]);
  assert.deepEqual(found(router, "GET", "/lib/books"), {
    action: "list",
    parameters: { index: "lib", collection: "books" },
  });
  assert.deepEqual(found(router, "GET", "/lib/x/y"), { action: "other", parameters: { first: "lib", third: "y" } });
});

test("an exact segment wins over a parameter, and there is no way back", () => {
  const router = new Router([
    route("GET", "/users/:id", "user"),
    route("GET", "/:index/:collection/_search", "search"),
  ]);
  assert.equal(found(router, "GET", "/lib/books/_search")?.action, "search");
  assert.equal(found(router, "GET", "/users/x")?.action, "user");
  assert.equal(found(router, "GET", "/users/x/_search"), undefined);
});

test("empty segments do not count, case does", () => {
  const router = new Router([route("GET", "/_now"), route("GET", "/:index/_list", "list")]);
  assert.equal(found(router, "GET", "//_now/")?.action, "/_now");
  assert.equal(found(router, "GET", "/lib//_list/")?.action, "list");
  assert.equal(found(router, "GET", "/_Now"), undefined);
  assert.equal(found(router, "GET", "/"), undefined);
});

test("segments are percent-decoded after the path is cut", () => {
  const router = new Router([route("GET", "/:index/_list", "list")]);
  assert.deepEqual(found(router, "GET", "/a%2Fb%20c/%5Flist"), { action: "list", parameters: { index: "a/b c" } });
  assert.throws(() => router.find("GET", "/%E0%A4%A/_list"), { id: "network.http.unexpected_error", status: 400 });
});

test("two routes of the same form are refused whatever their parameters are called", () => {
  assert.throws(() => new Router([route("GET", "/:a/x"), route("GET", "/:b//x/")]), {
    id: "network.http.duplicate_url",
  });
  assert.doesNotThrow(() => new Router([route("GET", "/:a/x"), route("POST", "/:a/x")]));
});

test("a route that is answered before routes are looked for is refused, with who wants it", () => {
  for (const [verb, path] of [
    ["POST", "/_query"],
    ["POST", "_query//"],
    ["GET", "/_healthcheck"],
    ["HEAD", "/_ready/"],
    ["HEAD", "/"],
  ] as const) {
    const message = `Two routes are the same: ${verb} ${path}, of c:mine and of the server itself.`;
    assert.throws(() => new Router([route(verb, path, "mine")]), { id: "network.http.duplicate_url", message });
  }
  const besides = [route("GET", "/_query"), route("POST", "/_ready"), route("GET", "/"), route("OPTIONS", "/_ready")];
  assert.doesNotThrow(() => new Router(besides));
});

test("a route that may be taken is told of when it is, in whichever order they come", () => {
  const single: ActionRoute = { ...route("GET", "/metrics", "own"), isSingle: true };
  const mine = route("GET", "/metrics", "mine");
  for (const routes of [
    [single, mine],
    [mine, single],
  ]) {
    const router = new Router(routes);
    assert.equal(found(router, "GET", "/metrics")?.action, "mine");
    assert.deepEqual(router.taken, [{ taken: single, by: mine }]);
  }
  assert.deepEqual(new Router([single, route("GET", "/metrics/:id")]).taken, []);
});
