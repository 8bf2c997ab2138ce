/** A JSON Schema, as the documentation, OpenAPI and the admin console read it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

interface Options {
  readonly description?: string;
  readonly default?: unknown;
}

type ObjectSchema = JsonSchema & { readonly properties: Readonly<Record<string, JsonSchema>> };

/**
 * JSON Schemas in short. Plain objects, made without a library: loading one costs a third of the time that a start may take
 * (decision 0004).
 */
export const schema = {
  string: (options: Options = {}): JsonSchema => ({ type: "string", ...options }),
  integer: (options: Options = {}): JsonSchema => ({ type: "integer", ...options }),
  number: (options: Options = {}): JsonSchema => ({ type: "number", ...options }),
  boolean: (options: Options = {}): JsonSchema => ({ type: "boolean", ...options }),
  /** One of these values. */
  oneOf: (values: readonly unknown[], options: Options = {}): JsonSchema => ({ enum: values, ...options }),
  array: (items: JsonSchema = {}, options: Options = {}): JsonSchema => ({ type: "array", items, ...options }),
  /** Further members are allowed, as everywhere in answers. */
  object: (properties: Readonly<Record<string, JsonSchema>> = {}, options: Options = {}): ObjectSchema => ({
    type: "object",
    properties,
    ...options,
  }),
  anything: (options: Options = {}): JsonSchema => ({ ...options }),
} as const;
