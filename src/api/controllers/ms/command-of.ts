import { kerror, type RequestInput } from "../../../kernel/index.ts";
import type { MemoryCommand } from "../../../stores/memory/index.ts";
import type { MsAction, MsArgument } from "./action.ts";
import { isMissing, member, pushTexts, scalarText, startsWithInteger, startsWithNumber } from "./texts.ts";

/** The part of a request that a command is made of. */
export interface MsRequest {
  readonly input: RequestInput;
}

/**
 * The command that an action stands for, e.g. `{ name: "hget", args: ["k", "f"] }`.
 *
 * Errors: `api.assert.missing_argument` and its like, in the order of the arguments. Numbers are not judged here, but by the engine.
 * Source: contract/memory-storage.md section 2; arrays and objects in the place of a scalar are refused with `api.assert.invalid_type`.
 */
export function commandOf(row: MsAction, { input }: MsRequest): MemoryCommand {
  return { name: row.command, args: row.extract === undefined ? readArguments(row, input) : row.extract(input) };
}

function readArguments(row: MsAction, input: RequestInput): string[] {
  const texts: string[] = [];
  for (const argument of row.arguments) {
    const value = read(argument, input);
    if (isMissing(value)) {
      if (argument.required) throw kerror("api.assert.missing_argument", argument.props);
      continue;
    }
    if (argument.needs !== undefined && isMissing(member(input.args, argument.needs))) {
      throw kerror("api.assert.missing_argument", argument.needs);
    }
    convert(argument, value, texts);
  }
  return texts;
}

const read = ({ from, name }: MsArgument, input: RequestInput): unknown =>
  member(from === "body" ? input.body : input.args, name);

function convert({ kind, name, props }: MsArgument, value: unknown, texts: string[]): void {
  switch (kind) {
    case "scalar":
      texts.push(scalarText(value, props));
      return;
    case "commaList":
      pushTexts(commaList(value), props, texts);
      return;
    case "bodyList":
      pushTexts(Array.isArray(value) ? value : [value], props, texts);
      return;
    case "options":
      pushOptions(value, texts);
      return;
    case "limit":
      pushLimit(value, texts);
      return;
    case "match":
      if (typeof value !== "string") throw kerror("api.assert.invalid_type", name, "<string>");
      texts.push("MATCH", value);
      return;
    case "count":
      if (!startsWithInteger(value)) throw kerror("api.assert.invalid_type", name, "integer");
      texts.push("COUNT", scalarText(value, name));
      return;
    case "entries":
      pushEntries(value, "key", texts);
      return;
    case "fields":
      pushEntries(value, "field", texts);
      return;
    case "points":
      pushPoints(value, texts);
  }
}

function commaList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === "string" ? value.split(",") : [value];
}

function pushOptions(value: unknown, texts: string[]): void {
  if (!Array.isArray(value) && typeof value !== "string") throw kerror("api.assert.invalid_type", "options", "array");
  const start = texts.length;
  pushTexts(commaList(value), "options", texts);
  for (let i = start; i < texts.length; i++) texts[i] = (texts[i] ?? "").toUpperCase();
}

function pushLimit(value: unknown, texts: string[]): void {
  const items = commaList(value);
  if (items.length !== 2) throw kerror("api.assert.invalid_argument", "limit", "<offset, count>");
  texts.push("LIMIT");
  pushTexts(items, "limit", texts);
}

function arrayOf(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw kerror("api.assert.invalid_type", `body.${name}`, "array");
  return value;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

function pushEntries(value: unknown, keyName: "key" | "field", texts: string[]): void {
  for (const entry of arrayOf(value, "entries")) {
    const key = isObject(entry) ? member(entry, keyName) : undefined;
    const content = isObject(entry) ? member(entry, "value") : undefined;
    if (!key || (!content && content !== 0)) {
      throw kerror("api.assert.invalid_argument", "entries", "<array of objects>");
    }
    const isList = keyName === "key" && Array.isArray(content);
    texts.push(scalarText(key, keyName), isList ? joined(content) : scalarText(content, "value"));
  }
}

function pushPoints(value: unknown, texts: string[]): void {
  const points = arrayOf(value, "points");
  if (points.length === 0) throw kerror("api.assert.empty_argument", "points");
  for (const point of points) {
    const [lon, lat, name] = isObject(point) ? ["lon", "lat", "name"].map((part) => member(point, part)) : [];
    // Zero is a coordinate, though not a truthy one.
    if ((!lon && lon !== 0) || (!lat && lat !== 0) || !name) {
      throw kerror("api.assert.invalid_argument", "points", "<array of geopoints>");
    }
    if (!startsWithNumber(lon)) throw kerror("api.assert.invalid_type", "lon", "number");
    if (!startsWithNumber(lat)) throw kerror("api.assert.invalid_type", "lat", "number");
    texts.push(scalarText(lon, "lon"), scalarText(lat, "lat"), scalarText(name, "name"));
  }
}

/** mset and msetnx take a list as the text of its items. */
function joined(items: readonly unknown[]): string {
  const texts: string[] = [];
  pushTexts(items, "value", texts);
  return texts.join(",");
}
