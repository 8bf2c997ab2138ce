import { AbstractEngine } from "kuzzle-plugin-commons";

export enum FleetCollection {
  Vehicles = "vehicles",
  Trips = "trips",
}

const mappings: Record<FleetCollection, object> = {
  [FleetCollection.Vehicles]: { dynamic: "strict", properties: { plate: { type: "keyword" } } },
  [FleetCollection.Trips]: { properties: { distance: { type: "integer" } } },
};

export class FleetEngine extends AbstractEngine<any> {
  protected async onCreate(index: string) {
    const collections = Object.values(FleetCollection);
    for (const collection of collections) {
      await this.sdk.collection.create(index, collection, { mappings: mappings[collection] });
    }
    return { collections };
  }

  protected async onUpdate() {
    return { collections: Object.values(FleetCollection) };
  }

  protected async onDelete(index: string) {
    for (const collection of Object.values(FleetCollection)) await this.sdk.collection.delete(index, collection);
    return { collections: Object.values(FleetCollection) };
  }
}
