import { kerror } from "../errors/kerror.ts";
import { isPlainObject, type JSONObject } from "../json.ts";

/**
 * The named readers of contract/wire.md section 4: how one argument is read out of the arguments or the body of a request.
 * `name` is what the error says; `fallback` undefined means that the argument is required.
 */
export interface Place {
  /** The arguments, or the body; null when the request has no body. */
  readonly holder: JSONObject | unknown[] | null;
  /** "" for arguments, "body." for members of the body. */
  readonly prefix: "" | "body.";
  /** Over HTTP a query string is all text: presence is true, and JSON texts stand for arrays and objects. */
  readonly isHttp: boolean;
}

function float(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" ? Number.parseFloat(value) : Number.NaN;
}

/** Reads `a.b.c` when no own member has that literal name. */
export function valueAt(holder: JSONObject | unknown[] | null, path: string): unknown {
  if (holder === null) return undefined;
  const members = holder as JSONObject;
  if (Object.hasOwn(members, path)) return members[path];
  if (!path.includes(".")) return undefined;
  let value: unknown = members;
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as JSONObject)[key];
  }
  return value;
}

function absent<T>(place: Place, name: string, fallback: T | undefined): T {
  if (fallback !== undefined) return fallback;
  if (place.prefix === "body." && place.holder === null) throw kerror("api.assert.body_required");
  throw kerror("api.assert.missing_argument", place.prefix + name);
}

const wrongType = (place: Place, name: string, expected: string): Error =>
  kerror("api.assert.invalid_type", place.prefix + name, expected);

export function readString(place: Place, name: string, fallback?: string): string {
  const value = valueAt(place.holder, name);
  if (value === undefined) return absent(place, name, fallback);
  if (typeof value !== "string") throw wrongType(place, name, "string");
  return value;
}

export function readNumber(place: Place, name: string, fallback?: number): number {
  const value = valueAt(place.holder, name);
  if (value === undefined) return absent(place, name, fallback);
  const number = float(value);
  if (Number.isNaN(number)) throw wrongType(place, name, "number");
  return number;
}

export function readInteger(place: Place, name: string, fallback?: number): number {
  const value = valueAt(place.holder, name);
  if (value === undefined) return absent(place, name, fallback);
  const number = float(value);
  if (!Number.isSafeInteger(number)) throw wrongType(place, name, "integer");
  return number;
}

export function readBoolean(place: Place, name: string): boolean {
  const value = valueAt(place.holder, name);
  if (place.isHttp && place.prefix === "") return value !== undefined;
  if (value === undefined || value === null) return false;
  if (typeof value !== "boolean") throw wrongType(place, name, "boolean");
  return value;
}

export function readArray(place: Place, name: string, fallback?: unknown[]): unknown[] {
  const value = fromJsonText(place, valueAt(place.holder, name));
  if (value === undefined) return absent(place, name, fallback);
  if (!Array.isArray(value)) throw wrongType(place, name, "array");
  return value;
}

/** An array, or a text split on commas. */
export function readList(place: Place, name: string, fallback?: unknown[]): unknown[] {
  const value = fromJsonText(place, valueAt(place.holder, name));
  if (value === undefined) return absent(place, name, fallback);
  if (Array.isArray(value)) return value;
  if (typeof value !== "string") throw wrongType(place, name, "array");
  return value.split(",");
}

export function readObject(place: Place, name: string, fallback?: JSONObject): JSONObject {
  const value = fromJsonText(place, valueAt(place.holder, name));
  if (value === undefined) return absent(place, name, fallback);
  if (!isPlainObject(value)) throw wrongType(place, name, "object");
  return value;
}

function fromJsonText(place: Place, value: unknown): unknown {
  if (!place.isHttp || place.prefix !== "" || typeof value !== "string") return value;
  const first = value.trimStart()[0];
  if (first !== "[" && first !== "{") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
