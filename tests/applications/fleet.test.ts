/**
 * An application written for Kuzzle, in TypeScript with enums, parameter properties, decorators and namespaces, on the classes of the published
 * package kuzzle-plugin-commons: it starts by the command line as it is, and does its work.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { JSONObject } from "../../src/kernel/index.ts";
import { type SpawnedApplication, spawnApplication } from "../../testing/index.ts";

const file = join(import.meta.dirname, "fleet", "app.ts");
const env = { KUZZLE_VAULT_KEY: "follow-the-fleet" };

interface Answer {
  readonly status: number;
  readonly result: JSONObject;
  readonly error: { readonly id?: string; readonly message: string };
}

let application: SpawnedApplication;
let url: string;

before(async () => {
  application = await spawnApplication(file, { env });
  url = await application.ready();
});

after(() => application?.[Symbol.asyncDispose]());

async function ask(method: string, path: string, body?: object): Promise<Answer> {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return (await answer.json()) as Answer;
}

const get = async (path: string): Promise<JSONObject> => (await ask("GET", path)).result;

test("a controller with a parameter property parks vehicles, through ask and onAsk of the published package", async () => {
  const parked = await ask("POST", "/_/vehicles/AB-1/park");
  assert.deepEqual(parked.result, { garage: "main-yard", plate: "AB-1", at: "garage" });
  assert.equal((await ask("POST", "/_/vehicles/AB-2/park")).status, 200);
  const full = await ask("POST", "/_/vehicles/AB-3/park");
  assert.deepEqual(
    [full.status, full.error.id, full.error.message],
    [429, "fleet.vehicles.too_many", "The garage main-yard has only 2 places"],
  );
  // The decorator and the namespace have counted, and the vault was read.
  assert.deepEqual(await get("/vehicles/tracked"), { calls: 3, token: "t-4711" });
});

test("the garage was installed under the id that the published ConfigManager gives", async () => {
  const garage = await get("/fleet-admin/settings/garage--main-yard");
  assert.partialDeepStrictEqual(garage._source, { type: "garage", garage: { name: "Main Yard", places: 2 } });
});

test("an engine of the published AbstractEngine comes, is listed, and goes", async () => {
  assert.deepEqual((await ask("POST", "/_/fleet/engine/north?group=arctic")).result, {
    index: "north",
    collections: ["vehicles", "trips"],
  });
  assert.match(
    (await ask("POST", "/_/fleet/engine/north")).error.message,
    /Fleet engine on index "north" already exists/,
  );
  assert.deepEqual(await get("/_/fleet/engines"), {
    engines: [{ group: "arctic", index: "north", name: "fleet" }],
  });
  assert.deepEqual(await get("/_/fleet/engine/north/_exists"), { exists: true });
  const trip = await ask("POST", "/_/fleet/north/trips", { distance: 12 });
  assert.partialDeepStrictEqual(trip.result._source, { distance: 12 });
  const found = await ask("POST", "/_/fleet/north/trips/_search", { query: { range: { distance: { gt: 10 } } } });
  assert.equal(found.result.total, 1);
  assert.equal((await ask("DELETE", "/_/fleet/engine/north")).status, 200);
  assert.deepEqual(await get("/_/fleet/engine/north/_exists"), { exists: false });
});

test("the published CollectionSynchronizer copies what is written, changed and deleted", async () => {
  assert.equal((await ask("POST", "/roads/vehicles/v1/_create", {})).error.message, "A vehicle needs a plate");
  await ask("POST", "/roads/vehicles/v1/_create?refresh=wait_for", { plate: "V-1" });
  const label = async (): Promise<unknown> =>
    ((await get("/roads/markers/marker-v1"))?._source as JSONObject | undefined)?.label;
  assert.equal(await label(), "V-1");
  await ask("PUT", "/roads/vehicles/v1/_update?refresh=wait_for", { plate: "V-2" });
  assert.equal(await label(), "V-2");
  await ask("DELETE", "/roads/vehicles/v1");
  assert.equal(await label(), undefined);
});

test("roles, profiles and users are imported, and decide what the SDK may do in their name", async () => {
  const assign = (driver: string): Promise<Answer> =>
    ask("PUT", `/_/drivers/${driver}/vehicle?index=roads&collection=vehicles`, { plate: "D-1", seat: "3" });
  assert.equal((await assign("dora")).result.seat, 3);
  const refused = await assign("dirk");
  assert.deepEqual([refused.status, refused.error.id], [403, "security.rights.forbidden"]);
  const login = await ask("POST", "/_login/local", { username: "dora", password: "on the road again" });
  assert.equal(login.status, 200);
});

test("an answer in a format of its own goes out as it is", async () => {
  const answer = await fetch(`${url}/_/drivers/dora/badge`);
  assert.deepEqual(
    [answer.status, answer.headers.get("content-type"), await answer.text()],
    [201, "text/html", "<b>dora</b> B"],
  );
  assert.match(
    (await ask("GET", "/_/drivers/nobody/badge")).error.message,
    /No driver nobody: security.user.not_found/,
  );
});

test("an older plugin in plugins/enabled serves its routes in both places and refuses by its callback", async () => {
  await ask("POST", "/roads/vehicles/v2/_create", { plate: "V-2" });
  assert.equal((await ask("PUT", "/roads/vehicles/v2/_update", { distance: 10 })).status, 200);
  const back = await ask("PUT", "/roads/vehicles/v2/_update", { distance: 5 });
  assert.deepEqual([back.status, back.error.message], [400, "An odometer never runs back"]);
  for (const path of ["/_/readings/v2", "/_plugin/odometer/readings/v2"]) {
    assert.equal((await ask("GET", path)).result, "10 km", path);
  }
});

test("the description of the API has the application's words and its routes", async () => {
  const described = (await (await fetch(`${url}/_openapi?scope=app`)).json()) as JSONObject;
  assert.partialDeepStrictEqual(described, {
    info: { title: "Fleet", version: "3.1.0" },
    components: { schemas: { Vehicle: { type: "object" } } },
    paths: { "/_/vehicles/{plate}/park": { post: { description: "Parks a vehicle" } } },
  });
});

test("an error that nobody foresaw names the author's own file and line in the log, and not on the wire", async () => {
  const failed = await ask("GET", "/_/vehicle/fail");
  assert.deepEqual([failed.status, failed.error.id], [500, "plugin.runtime.unexpected_error"]);
  assert.doesNotMatch(JSON.stringify(failed), /VehicleController\.ts/);
  assert.match(application.said(), /fleet[/\\]lib[/\\]vehicles[/\\]VehicleController\.ts:\d+/);
});

test("what is installed and imported is so once in the life of a database", async (t) => {
  const data = await mkdtemp(join(tmpdir(), "tenon-fleet-"));
  t.after(() => rm(data, { recursive: true, force: true }));
  await using first = await spawnApplication(file, { env, data });
  await first.ready();
  assert.match(first.said(), /first-garage/);
  first.child.kill("SIGTERM");
  assert.equal(await first.ended, 0);
  await using second = await spawnApplication(file, { env, data });
  await second.ready();
  // Said by the application once it is ready, which is a moment later.
  for (const deadline = Date.now() + 5_000; !second.said().includes("Application started"); await setTimeout(20))
    assert.ok(Date.now() < deadline, second.said());
  assert.doesNotMatch(second.said(), /first-garage|imports_applied/);
});

test("without its key the vault stays shut, and the start says so", async () => {
  await using shut = await spawnApplication(file, { env: { KUZZLE_SECRETS_FILE: "config/secrets.enc.json" } });
  assert.equal(await shut.ended, 1);
  assert.match(shut.said(), /vault/i);
});
