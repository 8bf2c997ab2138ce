import { toGeoShape } from "../shapes/geo-shape.ts";
import { readOrientation } from "../shapes/orientation.ts";
import { readShape } from "../shapes/read-shape.ts";
import { type FieldType, flag, isFlag } from "./field-type.ts";

export const geoShapeType: FieldType = {
  name: "geo_shape",
  parameters: {
    coerce: isFlag,
    ignore_malformed: isFlag,
    ignore_z_value: isFlag,
    orientation: (value) => readOrientation(value) !== undefined,
  },
  compile(definition) {
    const options = {
      isClockwise: readOrientation(definition.orientation) ?? false,
      coerce: flag(definition, "coerce", false),
      ignoreZ: flag(definition, "ignore_z_value", true),
      isQuery: false,
    };
    return {
      family: "geo_shape",
      docValues: false,
      parse: (value) => toGeoShape(readShape(value, options), options),
      takesObjects: true,
    };
  },
};
