/** The published kuzzle-device-manager (on kuzzle-plugin-commons), unmodified: from a payload that a device sends to the measure of an asset. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { runCode } from "../../testing/plugins/run-code.ts";
import { http, Line } from "../api/wire.ts";

/** What an author writes around the package. */
const code = `
const { DeviceManagerPlugin, Decoder } = require("kuzzle-device-manager");

class ThermoDecoder extends Decoder {
  constructor () {
    super();
    this.measures = [{ name: "temperature", type: "temperature" }];
    this.payloadsMappings = { deviceEUI: { type: "keyword" } };
  }
  async validate (payload) {
    this.ensureProperties(payload, ["deviceEUI"]);
    return payload.temp !== "skip";
  }
  async decode (decoded, payload) {
    decoded.addMeasurement(payload.deviceEUI, "temperature", {
      measuredAt: Date.now(), type: "temperature", values: { temperature: payload.temp },
    });
    return decoded;
  }
}

exports.make = () => {
  const plugin = new DeviceManagerPlugin();
  plugin.models.registerDevice("Thermo", { decoder: new ThermoDecoder(), metadataMappings: { serial: { type: "keyword" } } });
  plugin.models.registerAsset("commons", "Room", {
    measures: [{ name: "temperature", type: "temperature" }],
    metadataMappings: { floor: { type: "integer" } },
    defaultMetadata: { floor: 1 },
  });
  return plugin;
};`;

let server: TestServer;

before(async () => {
  const { make } = runCode<{ make(): object }>(code);
  server = await startServer({ data: ":memory:", prepare: (backend) => backend.plugin.use(make()) });
});

after(() => server?.close());

const manager = "/_/device-manager";

async function result(verb: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<JSONObject> {
  const { error, result } = await http(server, verb, manager + path, body);
  assert.equal(error, null, `${verb} ${path}: ${JSON.stringify(error)}`);
  return result;
}

test("its models are stored, its decoders listed, and its roles imported", async () => {
  const { models } = (await result("GET", "/models/assets?engineGroup=commons")) as { models: { _id: string }[] };
  assert.deepEqual(
    models.map(({ _id }) => _id),
    ["model-asset-Room"],
  );
  assert.partialDeepStrictEqual(await result("GET", "/decoders"), {
    decoders: [{ deviceModel: "Thermo", measures: [{ name: "temperature", type: "temperature" }] }],
  });
  const role = await http(server, "GET", "/roles/payload_gateway");
  assert.partialDeepStrictEqual(role.result._source, {
    controllers: { "device-manager/payloads": { actions: { "*": true } } },
  });
  const user = await http(server, "GET", "/users/payload_gateway");
  assert.partialDeepStrictEqual(user.result._source, { profileIds: ["payload_gateway"] });
});

test("a device that sends a payload is provisioned, joins a tenant, and its measures become those of an asset", async () => {
  assert.deepEqual((await result("POST", "/engine/tenant-a?group=commons")).index, "tenant-a");
  assert.deepEqual(await result("POST", "/payload/thermo", { deviceEUI: "x1", temp: 19 }), { valid: true });
  await result("PUT", "/tenant-a/devices/Thermo-x1/_attach");
  const room = await result("POST", "/tenant-a/assets", { model: "Room", reference: "r1", metadata: { floor: 3 } });
  assert.equal(room._id, "Room-r1");
  await result("PUT", "/tenant-a/devices/Thermo-x1/_link/Room-r1?implicitMeasuresLinking", {});

  await using line = await Line.open(server);
  const assets = { index: "tenant-a", collection: "assets" };
  await line.result({ controller: "realtime", action: "subscribe", ...assets, body: {} });
  await result("POST", "/payload/thermo?refresh=wait_for", { deviceEUI: "x1", temp: 23 });
  const [told] = await line.take(1);
  assert.equal(told?.result._id, "Room-r1");

  assert.partialDeepStrictEqual(await result("GET", "/tenant-a/assets/Room-r1/lastMeasures"), {
    temperature: { type: "temperature", values: { temperature: 23 } },
  });
  await http(server, "POST", "/tenant-a/measures/_refresh");
  const kept = (await result("GET", "/tenant-a/assets/Room-r1/measures")) as { total: number };
  assert.equal(kept.total, 1);
});

test("its refusals reach the client as it means them", async () => {
  const incomplete = await http(server, "POST", `${manager}/payload/thermo`, { temp: 1 });
  assert.deepEqual([incomplete.status, incomplete.error?.message], [412, 'Missing property "deviceEUI" in payload']);
  const skipped = await result("POST", "/payload/thermo", { deviceEUI: "x1", temp: "skip" });
  assert.deepEqual(skipped, { valid: false });
  const linked = await http(server, "PUT", `${manager}/tenant-a/devices/Thermo-x1/_link/Room-r1`, {});
  assert.match(String(linked.error?.message), /at least one measure name/);
  const elsewhere = await http(server, "GET", `${manager}/nowhere/devices/Thermo-x1`);
  assert.deepEqual([elsewhere.status, elsewhere.error?.id], [412, "services.storage.unknown_index"]);
});

test("it exports as a stream", async () => {
  const { link } = (await result("POST", "/tenant-a/assets/_export", {})) as { link: string };
  const answer = await fetch(server.url + link);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-disposition") ?? "", /attachment/);
  const [head = "", row = ""] = (await answer.text()).split("\n");
  assert.match(head, /Model,Reference,.*temperature/);
  assert.match(row, /^Room,r1,23/);
});
