import type { Backend, KuzzleDocument, KuzzleRequest } from "kuzzle";
import { CollectionSynchronizer } from "kuzzle-plugin-commons";

/** Copies vehicles into the collection that the map reads. */
export class VehicleRegistry extends CollectionSynchronizer<any, any> {
  private readonly places = new Map<string, string>();

  constructor(app: Backend) {
    super(app as never, "vehicles", "markers");
  }

  park(plate: string, garage: string) {
    this.places.set(plate, garage);
  }

  parkedIn(garage: string): number {
    return [...this.places.values()].filter((place) => place === garage).length;
  }

  convertId(vehicle: KuzzleDocument, _request: KuzzleRequest) {
    return `marker-${vehicle._id}`;
  }

  async convertBody(vehicle: KuzzleDocument) {
    return { label: vehicle._source.plate };
  }
}
