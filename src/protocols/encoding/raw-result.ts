import { isPlainObject, JsonText, type KuzzleRequest } from "../../kernel/index.ts";

/** True when the result goes out alone; an error always goes in the envelope. */
export const isRaw = (request: KuzzleRequest): boolean =>
  request.hasResponse && request.response.raw && request.error === null;

/** A raw result over HTTP: text and bytes as they are, objects as JSON, null as nothing. */
export function rawBody(result: unknown): string | Uint8Array {
  if (typeof result === "string" || result instanceof Uint8Array) return result;
  if (result === null || result === undefined) return "";
  if (typeof result !== "object") return String(result);
  if (result instanceof JsonText) return result.text;
  const { type, data } = result as { type?: unknown; data?: unknown };
  return type === "Buffer" && Array.isArray(data) ? Buffer.from(data as number[]) : JSON.stringify(result);
}

/** A raw result over WebSocket: JSON, with `room` when it is an object so that clients find who asked. */
export function rawMessage(result: unknown, room: string): string {
  if (!result) return "";
  if (result instanceof JsonText) return withRoom(result.text, room);
  const text = JSON.stringify(result) ?? "";
  return isPlainObject(result) ? withRoom(text, room) : text;
}

/** Adds `room` as the last member to the text of a JSON object; other texts stay as they are. */
export function withRoom(json: string, room: string): string {
  return json.startsWith("{") ? json.slice(0, -1) + roomSuffix(json.length === 2, room) : json;
}

/** What follows the members of an object, its closing brace included, when `room` is added. */
export const roomSuffix = (isEmpty: boolean, room: string): string =>
  `${isEmpty ? "" : ","}"room":${JSON.stringify(room)}}`;
