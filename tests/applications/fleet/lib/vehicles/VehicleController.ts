import { type Backend, Controller, type ControllerDefinition, type EventDefinition, type KuzzleRequest } from "kuzzle";
import { ask } from "kuzzle-plugin-commons";
import type { FleetApplication } from "../FleetApplication";
import { counted } from "./counted";
import type { VehicleRegistry } from "./VehicleRegistry";

export interface EventVehicleParked extends EventDefinition {
  name: "vehicle:parked";
  args: [{ plate: string; garage: string; at?: string }];
}

export class VehicleController extends Controller {
  public definition: ControllerDefinition;

  constructor(
    app: Backend,
    private readonly registry: VehicleRegistry,
  ) {
    super(app);
    this.definition = {
      actions: {
        fail: { handler: this.fail },
        park: {
          handler: this.park,
          http: [
            {
              openapi: { description: "Parks a vehicle", responses: { 200: { description: "Where it stands" } } },
              path: "vehicles/:plate/park",
              verb: "post",
            },
          ],
        },
        tracked: { handler: this.tracked, http: [{ path: "/vehicles/tracked", verb: "get" }] },
      },
    };
  }

  @counted
  async park(request: KuzzleRequest) {
    const app = this.app as FleetApplication;
    const garage = request.getString("garage", "main-yard");
    const places = (await ask("fleet:places", { garage })) as number;
    if (this.registry.parkedIn(garage) >= places) throw app.errors.get("fleet", "vehicles", "too_many", garage, places);
    const plate = request.getString("plate");
    this.registry.park(plate, garage);
    return app.trigger<EventVehicleParked>("vehicle:parked", { garage, plate });
  }

  async tracked() {
    return { calls: counted.calls.park, token: (this.app as FleetApplication).token };
  }

  async fail(): Promise<void> {
    throw new Error("the brakes do not answer");
  }
}
