import { Backend, type JSONObject, KuzzleRequest, PreconditionError } from "kuzzle";
import { ConfigManager, onAsk } from "kuzzle-plugin-commons";
import { FleetPlugin } from "./FleetPlugin";
import { mappings, profiles, roles, users } from "./permissions";
import { DriverController } from "./vehicles/DriverController";
import { type EventVehicleParked, VehicleController } from "./vehicles/VehicleController";
import { VehicleRegistry } from "./vehicles/VehicleRegistry";
import os = require("os");

export class FleetApplication extends Backend {
  public registry: VehicleRegistry;
  public configManager: ConfigManager;
  private fleet = new FleetPlugin();

  constructor() {
    super("fleet");
    this.registry = new VehicleRegistry(this);
    this.configManager = new ConfigManager(this, { collection: "settings" });
    this.configManager.register("garage", { properties: { name: { type: "keyword" }, places: { type: "integer" } } });
    this.config.set("plugins.kuzzle-plugin-auth-passport-local.resetPasswordExpiresIn", 3600);

    this.plugin.use(this.fleet);
    this.controller.use(new VehicleController(this, this.registry));
    this.controller.use(new DriverController(this));
    this.controller.register("clock", {
      actions: { zone: { handler: async () => ({ host: os.hostname().length > 0, zone: "UTC" }) } },
    });

    this.import.mappings(mappings);
    this.import.roles(roles);
    this.import.profiles(profiles);
    this.import.users(users, { onExistingUsers: "skip" });
    this.import.userMappings({ properties: { licence: { type: "keyword" } } });

    this.errors.register("fleet", "vehicles", "too_many", {
      class: "TooManyRequestsError",
      description: "A garage is full",
      message: "The garage %s has only %s places",
    });

    this.pipe.register<EventVehicleParked>("vehicle:parked", async (parked) => ({ ...parked, at: "garage" }));
    this.pipe.register("document:beforeCreate", async (request: KuzzleRequest) => {
      if (request.getCollection() === "vehicles" && !request.getBody().plate) {
        throw new PreconditionError("A vehicle needs a plate");
      }
      return request;
    });
    this.hook.register("security:afterCreateUser", async (request: KuzzleRequest) => {
      await this.sdk.document.createOrReplace("fleet-admin", "journal", `user-${request.getId()}`, { what: "user" });
    });
    this.install("first-garage", () => this.createFirstGarage(), "The garage that everybody starts with");

    this.openApi.definition.info.title = "Fleet";
    this.openApi.definition.components = { schemas: { Vehicle: { type: "object" } } };
  }

  async start() {
    await super.start();
    this.registry.start();
    onAsk("fleet:places", async ({ garage }: JSONObject) => {
      const { _source } = await this.sdk.document.get("fleet-admin", "settings", `garage--${garage}`);
      return _source.garage.places;
    });
  }

  get token(): string {
    return this.vault.secrets.tracker.token;
  }

  private async createFirstGarage() {
    await this.configManager.createCollection("fleet-admin");
    await this.sdk.query({
      action: "create",
      body: { garage: { name: "Main Yard", places: 2 }, type: "garage" },
      collection: "settings",
      controller: "document",
      index: "fleet-admin",
      triggerEvents: true,
    });
  }
}
