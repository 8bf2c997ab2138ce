import { type JSONObject, kerror, type RequestInput } from "../../../kernel/index.ts";

/** The text of a scalar. Arrays and objects, which could smuggle further arguments into the command, are refused. */
export function scalarText(value: unknown, name: string): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "boolean":
      return String(value);
    default:
      throw kerror("api.assert.invalid_type", name, "string, number or boolean");
  }
}

/** Appends each item of a list; null stands for an empty text. */
export function pushTexts(items: readonly unknown[], name: string, texts: string[]): void {
  for (const item of items) texts.push(item === null || item === undefined ? "" : scalarText(item, name));
}

/** A member the client sent: arrays have methods called `keys`, `values` and `entries`. */
export const member = (holder: object | null, name: string): unknown =>
  holder !== null && Object.hasOwn(holder, name) ? (holder as JSONObject)[name] : undefined;

export const isMissing = (value: unknown): value is undefined | null => value === undefined || value === null;

/** As `parseInt` and `parseFloat` judge it: leading digits are enough, the engine judges the rest. */
export const startsWithInteger = (value: unknown): boolean =>
  !Array.isArray(value) && !Number.isNaN(Number.parseInt(String(value), 10));

export const startsWithNumber = (value: unknown): boolean =>
  !Array.isArray(value) && !Number.isNaN(Number.parseFloat(String(value)));

/** `_id` of the actions that take no falsy one. */
export function truthyId({ args }: RequestInput): string {
  if (!args._id) throw kerror("api.assert.missing_argument", "_id");
  return scalarText(args._id, "_id");
}

export function requiredBody({ body }: RequestInput): object {
  if (body === null) throw kerror("api.assert.body_required");
  return body;
}

export function requiredArray(body: object, name: string): readonly unknown[] {
  const value = member(body, name);
  if (isMissing(value)) throw kerror("api.assert.missing_argument", `body.${name}`);
  if (!Array.isArray(value)) throw kerror("api.assert.invalid_type", `body.${name}`, "array");
  return value;
}

export function refuseBoth(body: object, first: string, second: string): void {
  if (member(body, first) && member(body, second)) throw kerror("api.assert.mutually_exclusive", first, second);
}
