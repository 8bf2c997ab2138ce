import { parseGeoPoint } from "../../../filters/index.ts";
import { isPlainObject, kerror } from "../../../kernel/index.ts";
import { type Bounds, isWithin, readBounds, readFlag, readTexts } from "./type-options.ts";
import type { ValidationType } from "./validation-type.ts";

const nothing = {};

function refuse(messages: string[], message: string): false {
  messages.push(message);
  return false;
}

const anything: ValidationType<object> = {
  typeName: "anything",
  validateFieldSpecification: () => nothing,
  validate: (_options, value, messages) => !Array.isArray(value) || refuse(messages, "must not be an array"),
};

const boolean: ValidationType<object> = {
  typeName: "boolean",
  validateFieldSpecification: () => nothing,
  validate: (_options, value, messages) => typeof value === "boolean" || refuse(messages, "must be a boolean"),
};

const enumeration: ValidationType<{ readonly values: ReadonlySet<unknown>; readonly message: string }> = {
  typeName: "enum",
  allowedTypeOptions: ["values"],
  validateFieldSpecification(options) {
    if (options.values === undefined) throw kerror("validation.types.missing_enum_values");
    const values = readTexts(options.values, "values");
    const shown = values.slice(0, 20).map((value) => JSON.stringify(value));
    const message = `must be one of ${shown.join(", ")}${values.length > shown.length ? ", ..." : ""}`;
    return { values: new Set(values), message };
  },
  validate: ({ values, message }, value, messages) => values.has(value) || refuse(messages, message),
};

const geoPoint: ValidationType<object> = {
  typeName: "geo_point",
  validateFieldSpecification: () => nothing,
  validate: (_options, value, messages) =>
    parseGeoPoint(value) !== undefined ||
    refuse(messages, 'must be a geopoint, such as {"lat": 48.85, "lon": 2.35} or "48.85, 2.35"'),
};

const integer: ValidationType<Bounds> = {
  typeName: "integer",
  allowedTypeOptions: ["range"],
  validateFieldSpecification: (options) => readBounds(options, "range"),
  validate: (bounds, value, messages) =>
    Number.isInteger(value)
      ? isWithin(bounds, value as number, "", messages) // isInteger is true for numbers only
      : refuse(messages, "must be an integer"),
};

const numeric: ValidationType<Bounds> = {
  typeName: "numeric",
  allowedTypeOptions: ["range"],
  validateFieldSpecification: (options) => readBounds(options, "range"),
  validate: (bounds, value, messages) =>
    typeof value === "number" ? isWithin(bounds, value, "", messages) : refuse(messages, "must be a number"),
};

const object: ValidationType<{ readonly isStrict: boolean | undefined }> = {
  typeName: "object",
  allowChildren: true,
  allowedTypeOptions: ["strict"],
  validateFieldSpecification: (options) => ({ isStrict: readFlag(options, "strict") }),
  validate: (_options, value, messages) => isPlainObject(value) || refuse(messages, "must be an object"),
  getStrictness: ({ isStrict }, isParentStrict) => isStrict ?? isParentStrict,
};

const string: ValidationType<Bounds> = {
  typeName: "string",
  allowedTypeOptions: ["length"],
  validateFieldSpecification: (options) => readBounds(options, "length"),
  validate: (bounds, value, messages) =>
    typeof value === "string"
      ? isWithin(bounds, value.length, "its length ", messages)
      : refuse(messages, "must be a string"),
};

/** The types that need no more than a line or two. */
export const scalarTypes: readonly ValidationType[] = [
  anything,
  boolean,
  enumeration,
  geoPoint,
  integer,
  numeric,
  object,
  string,
];
