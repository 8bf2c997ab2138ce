import type { GeoPoint } from "../../../mapping/types/field-type.ts";
import { encodeLat, encodeLon, GeoField } from "./geo-field.ts";
import { grow32, growInt32 } from "./growing.ts";

/** The points of documents as they come. */
export class GrowingGeoField extends GeoField {
  #manyUsed = 1;
  #last = -1;

  add(doc: number, point: GeoPoint): void {
    const lat = encodeLat(point.lat);
    const lon = encodeLon(point.lon);
    if (doc !== this.#last) {
      this.#last = doc;
      this.lats = growInt32(this.lats, doc + 1);
      this.lons = growInt32(this.lons, doc + 1);
      this.lats[doc] = lat;
      this.lons[doc] = lon;
      this.exists.add(doc);
      return;
    }
    this.#addAnother(doc, lat, lon);
  }

  #addAnother(doc: number, lat: number, lon: number): void {
    this.manyStarts = grow32(this.manyStarts, doc + 1);
    let start = this.manyStarts[doc] as number;
    this.many = growInt32(this.many, this.#manyUsed + 5);
    if (start === 0) {
      start = this.#manyUsed;
      this.manyStarts[doc] = start;
      this.many[start] = 1;
      this.many[start + 1] = this.lats[doc] as number;
      this.many[start + 2] = this.lons[doc] as number;
      this.#manyUsed = start + 3;
    }
    this.many[this.#manyUsed++] = lat;
    this.many[this.#manyUsed++] = lon;
    this.many[start] = (this.many[start] as number) + 1;
  }
}
