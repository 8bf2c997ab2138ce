import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type SpawnedServer, spawnServer } from "../../testing/index.ts";
import { runApiLane } from "./churn/api-lanes.ts";
import { emptyState, type ModelState } from "./churn/churn-model.ts";
import { churnMappings, collectionOf, laneCount, sharedLanes } from "./churn/churn-requests.ts";
import { check, statesAfter } from "./churn/crash-runs.ts";

const json = { "Content-Type": "application/json" };
const rounds = 3;

async function ask(
  server: SpawnedServer,
  method: string,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const response = await fetch(
    server.url + path,
    body === undefined ? { method } : { method, headers: json, body: JSON.stringify(body) },
  );
  const { result, error } = (await response.json()) as { result: Record<string, unknown>; error: unknown };
  assert.equal(error, null);
  return result;
}

const noted = async (file: string): Promise<string[]> => {
  if (!existsSync(file)) return [];
  return (await readFile(file, "utf8")).split("\n").filter((id) => id !== "");
};

test("a server killed under load has every document that it acknowledged, read and found, and no half one", async (t) => {
  const root = await mkdtemp(join(tmpdir(), "tenon-kill-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  const file = join(root, "acknowledged");
  let server = await spawnServer(root);
  t.after(() => server.kill("SIGKILL"));
  await ask(server, "PUT", "/kill/docs", {
    mappings: { properties: { turn: { type: "integer" }, text: { type: "text" } } },
  });

  for (let round = 1; round <= rounds; round++) {
    const before = (await noted(file)).length;
    const writer = fork(join(import.meta.dirname, "writer.ts"), [server.url, file]);
    const ended = once(writer, "exit");
    const deadline = Date.now() + 10_000;
    while ((await noted(file)).length < before + 2_000 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await server.kill("SIGKILL");
    const [code] = (await ended) as [number];
    assert.equal(code, 0, "the writer saw nothing but acknowledgements and the end");

    server = await spawnServer(root);
    const ids = await noted(file);
    assert.ok(ids.length >= before + 2_000, `${ids.length} acknowledged`);
    await checkAll(server, ids);
    // The next round's writer starts its turns again: give it an empty collection of ids.
    await ask(server, "DELETE", "/kill/docs/_truncate");
    await rm(file);
  }
  assert.equal(await server.kill("SIGTERM"), 0, "an orderly stop after all that");
});

async function checkAll(server: SpawnedServer, ids: readonly string[]): Promise<void> {
  // The first search after the start waits for the whole index: it never answers from a part.
  const { total } = await ask(server, "POST", "/kill/docs/_search", { query: { match: { text: "acknowledged" } } });
  assert.ok((total as number) >= ids.length, `${total} found of ${ids.length} acknowledged`);
  const { count } = await ask(server, "POST", "/kill/docs/_count", {});
  assert.equal(count, total, "every stored document is a whole one, which the search finds");
  for (let from = 0; from < ids.length; from += 1_000) {
    const some = ids.slice(from, from + 1_000);
    const { successes, errors } = await ask(server, "POST", "/kill/docs/_mGet", { ids: some });
    assert.deepEqual(errors, [], "an acknowledged document is missing");
    for (const { _source } of successes as { _source: { filler: string } }[]) assert.equal(_source.filler.length, 200);
    const found = await ask(server, "POST", "/kill/docs/_count", { query: { ids: { values: some } } });
    assert.equal(found.count, some.length);
  }
}

test("a server killed amid all kinds of requests has what it acknowledged, with the right versions", async (t) => {
  const root = await mkdtemp(join(tmpdir(), "tenon-kill-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  let server = await spawnServer(root);
  t.after(() => server.kill("SIGKILL"));
  const { index, collection } = collectionOf(0);
  await ask(server, "PUT", `/${index}/${collection}`, { mappings: churnMappings });
  const seed = Date.now() % 1_000_000;
  let acknowledged = 0;
  let lanes: readonly ModelState[] = Array.from({ length: laneCount }, (_, lane) => ({
    ...emptyState,
    exists: lane < sharedLanes,
  }));
  for (let round = 0; round < 2; round++) {
    const running = lanes.map((state, lane) => runApiLane(server.url, lane, state, seed + round * 10 + lane));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await server.kill("SIGKILL");
    const where = `seed ${seed}, round ${round}`;
    const possible = (await Promise.all(running)).map((lines, lane) =>
      statesAfter(lanes[lane] ?? emptyState, lines, `${where}, lane ${lane}`),
    );
    for (const one of possible) acknowledged += one.acknowledged;
    ({ lanes } = await check(join(root, "data"), possible, where, false));
    server = await spawnServer(root);
  }
  assert.ok(acknowledged > 100, `only ${acknowledged} requests were acknowledged`);
});
