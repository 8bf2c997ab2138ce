import { kerror, type RequestInput } from "../../../kernel/index.ts";
import { member, pushTexts, scalarText, startsWithInteger, truthyId } from "./texts.ts";

/** `<_id> [ALPHA] [ASC|DESC] [BY <by>] [LIMIT <offset> <count>] [GET <pattern>]... [STORE <store>]` */
export function extractSort(input: RequestInput): string[] {
  const texts = [truthyId(input)];
  const { body } = input;
  if (member(body, "alpha")) texts.push("ALPHA");
  pushDirection(member(body, "direction"), texts);
  pushNamed("by", member(body, "by"), texts);
  pushLimit(member(body, "limit"), texts);
  pushProjections(member(body, "get"), texts);
  pushNamed("store", member(body, "store"), texts);
  return texts;
}

function pushDirection(value: unknown, texts: string[]): void {
  if (value === undefined) return;
  const direction = typeof value === "string" ? value.toUpperCase() : "";
  if (direction !== "ASC" && direction !== "DESC") {
    throw kerror("api.assert.invalid_argument", "direction", '"ASC", "DESC"');
  }
  texts.push(direction);
}

function pushNamed(name: string, value: unknown, texts: string[]): void {
  if (value !== undefined) texts.push(name.toUpperCase(), value === null ? "" : scalarText(value, name));
}

function pushLimit(value: unknown, texts: string[]): void {
  if (value === undefined) return;
  if (!Array.isArray(value)) throw kerror("api.assert.invalid_type", "body.limit", "array");
  const [offset, count] = value as readonly unknown[];
  if (!startsWithInteger(offset)) throw kerror("api.assert.invalid_type", "limit.offset", "integer");
  if (!startsWithInteger(count)) throw kerror("api.assert.invalid_type", "limit.count", "integer");
  texts.push("LIMIT", scalarText(offset, "limit.offset"), scalarText(count, "limit.count"));
}

function pushProjections(value: unknown, texts: string[]): void {
  if (value === undefined) return;
  if (!Array.isArray(value)) throw kerror("api.assert.invalid_type", "body.get", "array");
  for (const pattern of value as readonly unknown[]) {
    texts.push("GET");
    pushTexts([pattern], "get", texts);
  }
}
