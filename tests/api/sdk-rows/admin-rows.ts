import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { JSONObject } from "../../../src/kernel/index.ts";
import { until } from "../wire.ts";
import { ask, type Place, type Rows, storedIn } from "./place.ts";

const acknowledged = { acknowledge: true };

/** The official client has no methods for these: they go through its `query`. */
const admin = (place: Place, action: string, args: object = {}): Promise<unknown> =>
  ask(place, "admin", action, { ...args });

interface Listed extends JSONObject {
  readonly id: string;
}

/** An import of 20 000 documents that runs, as it is listed; `ended` is "done", or why it did not end well. */
async function importing(place: Place): Promise<{ ended: Promise<string>; operation: Listed }> {
  const { server, index, collection } = place;
  const lines = Array.from({ length: 20_000 }, (_, year) => [{ index: {} }, { year }]).flat();
  const ended = server.backend.sdk.bulk.import(index, collection, lines).then(
    () => "done",
    (error: Error) => error.message,
  );
  const operation = await until(async () => {
    const { operations } = (await admin(place, "operations")) as { operations: readonly Listed[] };
    return operations[0];
  }, "the import to be listed");
  return { ended, operation };
}

/** Rows of the controller `admin`; each has a server of its own. */
export const adminRows: Rows = {
  backup: async (place) => {
    const written = (await admin(place, "backup", { name: "one" })) as { name: string; documents: number };
    assert.deepEqual([written.name, written.documents >= 3], ["one", true]);
    assert.ok(existsSync(join(place.server.root, "backups", "one", "store.db")));
    await assert.rejects(admin(place, "backup", { name: "../two" }), { status: 400 });
  },

  cancelOperation: async (place) => {
    const { ended, operation } = await importing(place);
    assert.deepEqual(await admin(place, "cancelOperation", { _id: operation.id }), acknowledged);
    assert.match(await ended, /^bulk:import was cancelled after \d+ of 20000 documents/);
    await assert.rejects(admin(place, "cancelOperation", { _id: operation.id }), { status: 404 });
  },

  dump: async (place) => {
    assert.deepEqual(await admin(place, "dump", { suffix: place.protocol }), acknowledged);
    const folder = join(place.server.root, "dump");
    const [name = ""] = readdirSync(folder);
    assert.match(name, new RegExp(`-${place.protocol}$`));
    assert.ok(existsSync(join(folder, name, "kuzzle.json")));
  },

  loadFixtures: async (place) => {
    const { index, collection } = place;
    const lines = [{ index: { _id: "d" } }, { year: 1 }];
    assert.deepEqual(await admin(place, "loadFixtures", { body: { [index]: { [collection]: lines } } }), acknowledged);
    assert.deepEqual(await storedIn(place, "d"), { year: 1 });
  },

  loadMappings: async (place) => {
    const { sdk, index } = place;
    const properties = { year: { type: "integer" } };
    assert.deepEqual(
      await admin(place, "loadMappings", { body: { [index]: { films: { properties } } } }),
      acknowledged,
    );
    assert.deepEqual((await sdk.collection.getMapping(index, "films")).properties, properties);
  },

  loadSecurities: async (place) => {
    const roles = { reader: { controllers: { document: { actions: { get: true } } } } };
    const profiles = { readers: { policies: [{ roleId: "reader" }] } };
    const users = { ada: { content: { profileIds: ["readers"], name: "Ada" } } };
    assert.deepEqual(await admin(place, "loadSecurities", { body: { roles, profiles, users } }), acknowledged);
    const { _source } = await place.sdk.security.getUser("ada");
    assert.deepEqual([_source.name, _source.profileIds], ["Ada", ["readers"]]);
    const again = admin(place, "loadSecurities", { body: { users } });
    await assert.rejects(again, { id: "security.user.prevent_overwrite" });
  },

  operations: async (place) => {
    const { ended, operation } = await importing(place);
    const { action, index, collection, total, unit, state } = operation;
    assert.deepEqual([action, index, collection], ["bulk:import", place.index, place.collection]);
    assert.deepEqual([total, unit, state], [20_000, "documents", "running"]);
    assert.equal(await ended, "done");
    assert.deepEqual(await admin(place, "operations"), { operations: [] });
  },

  // Nobody else writes into the embedded engine: what is known stays known.
  refreshIndexCache: async (place) => {
    const { sdk, index, collection } = place;
    assert.equal((await admin(place, "refreshIndexCache")) ?? null, null);
    assert.deepEqual([await sdk.index.list(), await sdk.collection.exists(index, collection)], [[index], true]);
  },

  resetCache: async (place) => {
    await place.sdk.ms.set("colour", "red");
    assert.deepEqual(await admin(place, "resetCache", { database: "memoryStorage" }), acknowledged);
    assert.equal(await place.sdk.ms.get("colour"), null);
    await assert.rejects(admin(place, "resetCache", { database: "disk" }), { id: "services.cache.database_not_found" });
  },

  resetDatabase: async (place) => {
    assert.deepEqual(await admin(place, "resetDatabase"), acknowledged);
    assert.deepEqual(await place.sdk.index.list(), []);
  },

  resetSecurity: async (place) => {
    await place.sdk.security.createOrReplaceRole("reader", { controllers: { document: { actions: { get: true } } } });
    assert.deepEqual(await admin(place, "resetSecurity"), { deletedUsers: 0, deletedProfiles: 0, deletedRoles: 1 });
    await assert.rejects(place.sdk.security.getRole("reader"), { status: 404 });
  },

  shutdown: async (place) => {
    assert.deepEqual(await admin(place, "shutdown"), acknowledged);
    await place.server.backend.whenStopped;
  },
};
