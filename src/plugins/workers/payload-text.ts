import { isPlainObject, type JSONObject, KuzzleRequest } from "../../kernel/index.ts";

/**
 * Writes payloads down for processes: requests as `serialize()` has them, errors with their message, all else as JSON has it.
 * One event that several plugins hear of is written once.
 */
export class PayloadText {
  #firing: readonly unknown[] | undefined;
  #payload: unknown;
  #text: string | null = null;

  /** `firing`: the arguments of the event, the same array for all of its listeners. Throws what JSON cannot hold: cycles, big integers. */
  of(firing: readonly unknown[], payload: unknown): string | null {
    if (this.#firing === firing && this.#payload === payload) return this.#text;
    this.#text = JSON.stringify(portable(payload)) ?? null;
    this.#firing = firing;
    this.#payload = payload;
    return this.#text;
  }
}

/** Copies of the arguments of an event, as a process gets them. */
export const clonedArguments = (args: readonly unknown[]): unknown[] =>
  JSON.parse(JSON.stringify(portable(args))) as unknown[];

/** Requests and errors are looked for in the payload and one level below, where events have them. */
const portable = (payload: unknown): unknown =>
  Array.isArray(payload) ? payload.map(portableMember) : portableMember(payload);

function portableMember(value: unknown): unknown {
  if (value instanceof KuzzleRequest) return value.serialize();
  if (value instanceof Error) return portableError(value);
  return isPlainObject(value) ? withPortableMembers(value) : value;
}

function withPortableMembers(object: JSONObject): JSONObject {
  let copy: JSONObject | undefined;
  for (const key in object) {
    const member = object[key];
    if (!isOurs(member)) continue;
    copy ??= { ...object };
    copy[key] = member instanceof KuzzleRequest ? member.serialize() : portableError(member as Error);
  }
  return copy ?? object;
}

const isOurs = (value: unknown): boolean => value instanceof KuzzleRequest || value instanceof Error;

/** Those of the API write themselves; others would be an empty object. */
function portableError(error: Error): unknown {
  if ("toJSON" in error) return error;
  const { name, message, stack } = error;
  return { name, message, stack };
}
