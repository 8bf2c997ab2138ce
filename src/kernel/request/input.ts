import { BadRequestError, InternalError } from "../errors/classes.ts";
import { isPlainObject, type JSONObject } from "../json.ts";

/** The arguments of a request: everything in its payload that is no member of the envelope. */
export type RequestArguments = JSONObject;

/** `index`, `collection` and `_id` of the arguments, under the names that older plugins use. */
export class RequestResource {
  readonly #args: RequestArguments;

  constructor(args: RequestArguments) {
    this.#args = args;
  }

  get index(): unknown {
    return this.#args.index;
  }

  set index(value: unknown) {
    this.#args.index = value;
  }

  get collection(): unknown {
    return this.#args.collection;
  }

  set collection(value: unknown) {
    this.#args.collection = value;
  }

  get _id(): unknown {
    return this.#args._id;
  }

  set _id(value: unknown) {
    this.#args._id = value;
  }
}

/**
 * What a client sent, split into the envelope and the arguments (contract/wire.md section 1).
 *
 * Errors: `BadRequestError` without id when a member of the envelope has the wrong type.
 */
export class RequestInput {
  args: RequestArguments;
  triggerEvents: boolean;
  headers: JSONObject | null = null;
  #jwt: string | null = null;
  #controller: string | null = null;
  #action: string | null = null;
  #body: JSONObject | unknown[] | null = null;
  #volatile: JSONObject | null = null;
  #resource: RequestResource | undefined;

  constructor(data: unknown) {
    if (typeof data !== "object" || data === null || Array.isArray(data)) {
      throw new BadRequestError("A request must be a JSON object.");
    }
    const args: RequestArguments = {};
    const source = data as JSONObject;
    let triggerEvents = false;
    for (const key in source) {
      const value = source[key];
      switch (key) {
        case "jwt":
          this.jwt = value as string;
          break;
        case "volatile":
          this.volatile = value as JSONObject;
          break;
        case "body":
          this.body = value as JSONObject;
          break;
        case "controller":
          this.controller = value as string;
          break;
        case "action":
          this.action = value as string;
          break;
        case "triggerEvents":
          triggerEvents = value === true;
          break;
        case "__proto__":
          break; // would replace the prototype of the arguments
        default:
          args[key] = value;
      }
    }
    this.args = args;
    this.triggerEvents = triggerEvents;
  }

  get jwt(): string | null {
    return this.#jwt;
  }

  set jwt(token: string | null) {
    this.#jwt = textOrNull("jwt", token);
  }

  /** Can be set once. */
  get controller(): string | null {
    return this.#controller;
  }

  set controller(name: string | null) {
    this.#controller = once("controller", this.#controller, name);
  }

  /** Can be set once. */
  get action(): string | null {
    return this.#action;
  }

  set action(name: string | null) {
    this.#action = once("action", this.#action, name);
  }

  get body(): JSONObject | unknown[] | null {
    return this.#body;
  }

  set body(body: JSONObject | unknown[] | null) {
    if (body !== null && body !== undefined && typeof body !== "object") {
      throw new BadRequestError('The member "body" must be an object or an array.');
    }
    this.#body = body ?? null;
  }

  get volatile(): JSONObject | null {
    return this.#volatile;
  }

  set volatile(value: JSONObject | null) {
    if (value !== null && value !== undefined && !isPlainObject(value)) {
      throw new BadRequestError('The member "volatile" must be an object.');
    }
    this.#volatile = value ?? null;
  }

  /** The name of `volatile` in plugins of the first releases. */
  get metadata(): JSONObject | null {
    return this.#volatile;
  }

  set metadata(value: JSONObject | null) {
    this.volatile = value;
  }

  get resource(): RequestResource {
    this.#resource ??= new RequestResource(this.args);
    return this.#resource;
  }
}

function textOrNull(name: string, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== "string") throw new BadRequestError(`The member "${name}" must be a string.`);
  return value;
}

function once(name: string, current: string | null, next: string | null): string | null {
  const text = textOrNull(name, next);
  if (current !== null && text !== current) throw new InternalError(`The ${name} of a request cannot change.`);
  return text;
}
