import { type JSONObject, Plugin, type PluginContext } from "kuzzle";
import { ConfigManager, CRUDController, EngineController } from "kuzzle-plugin-commons";
import { FleetEngine } from "./engine/FleetEngine";

/** Declares the fields of its base again: they must not be emptied by that. */
export class FleetPlugin extends Plugin {
  public config: JSONObject;
  public context: PluginContext;
  public api: JSONObject;
  public pipes: JSONObject;
  private engine: FleetEngine;

  constructor() {
    super({ kuzzleVersion: ">=2.20.0 <3" });
    this.api = {};
    this.pipes = { "generic:document:beforeWrite": [] };
  }

  async init(config: JSONObject, context: PluginContext) {
    this.config = { adminIndex: "admin", ...config };
    this.context = context;
    const { sdk } = context.accessors;
    const admin = new ConfigManager(this as never);
    const engines = new ConfigManager(this as never, { collection: "engine-config" });
    admin.register("engine-fleet", { properties: { name: { type: "keyword" } } });
    admin.register("engine", {
      properties: { group: { type: "keyword" }, index: { type: "keyword" }, name: { type: "keyword" } },
    });
    this.engine = new FleetEngine("fleet", this as never, this.config.adminIndex, admin, engines);
    new EngineController("fleet", this as never, this.engine as never);

    const trips = new CRUDController(this as never, "trips");
    this.api["fleet/trips"] = {
      actions: {
        create: {
          handler: trips.create.bind(trips),
          http: [{ path: "fleet/:index/trips", verb: "post" }],
        },
        search: {
          handler: trips.search.bind(trips),
          http: [{ path: "fleet/:index/trips/_search", verb: "post" }],
        },
      },
    };
    if (!(await sdk.index.exists(this.config.adminIndex))) await sdk.index.create(this.config.adminIndex);
    await admin.createCollection(this.config.adminIndex);
    await sdk.collection.create(this.config.adminIndex, "journal", {});
  }
}
