/** What an error looks like on the wire, and what `toJSON` answers. */
export interface SerializedError {
  code?: number;
  id?: string;
  message: string;
  props?: readonly unknown[];
  stack?: string;
  status: number;
  errors?: readonly unknown[];
  count?: number;
  [extra: string]: unknown;
}

/**
 * Every error the API answers is one of these.
 *
 * Shape: `{ message, status: 404, id: "services.storage.not_found", code: 16973832, props: ["42"] }`. `id` and `code` are absent for
 * errors that are thrown with a bare class. `status` follows HTTP. `instanceof` also accepts the same class out of another copy of
 * the package (plugins bring theirs), recognised by its name.
 * Source: contract/wire.md section 3.
 */
export class KuzzleError extends Error {
  status: number;
  id: string | undefined;
  code: number | undefined;
  props: readonly unknown[];
  /** The plugin out of which it came by accident, for the log; never on the wire. Written by whoever called the plugin. */
  declare source?: { readonly plugin: string; readonly event?: string };

  /** What the audit log is told beyond what clients are: why, and about whom; never on the wire. Written by whoever refuses. */
  declare audit?: { readonly reason?: string | undefined; readonly kuid?: string | undefined };

  /** `message`: plugins of the first generations may give the error that it is about. */
  constructor(message: string | Error, status: number, id?: string, code?: number, options?: ErrorOptions) {
    super(textOf(message), options ?? (message instanceof Error ? { cause: message } : undefined));
    this.status = status;
    this.id = id;
    this.code = code;
    this.props = [];
  }

  override get name(): string {
    return this.constructor.name;
  }

  toJSON(): SerializedError {
    const json: SerializedError = { message: this.message, status: this.status, props: this.props };
    if (this.id !== undefined) json.id = this.id;
    if (this.code !== undefined) json.code = this.code;
    if (this.stack !== undefined) json.stack = this.stack;
    return json;
  }

  static override [Symbol.hasInstance](candidate: unknown): boolean {
    if (typeof candidate !== "object" || candidate === null || !(candidate instanceof Error)) return false;
    if (Function.prototype[Symbol.hasInstance].call(this, candidate)) return true;
    // Another copy of the class: the chain of constructors holds one of this name, and KuzzleError above it.
    const chain = constructorNames(candidate);
    return chain.has("KuzzleError") && chain.has(this.name);
  }
}

const textOf = (message: string | Error): string => (message instanceof Error ? message.message : message);

function constructorNames(error: Error): Set<string> {
  const names = new Set<string>();
  let prototype: object | null = Object.getPrototypeOf(error);
  while (prototype !== null) {
    const { constructor: type } = prototype;
    if (typeof type === "function") names.add(type.name);
    prototype = Object.getPrototypeOf(prototype);
  }
  return names;
}

export class BadRequestError extends KuzzleError {
  constructor(message: string, id?: string, code?: number, options?: ErrorOptions) {
    super(message, 400, id, code, options);
  }
}

export class UnauthorizedError extends KuzzleError {
  /** What of a login was refused, as plugins of the first generation say it. */
  static readonly subCodes = { TokenExpired: 1, JsonWebTokenError: 2, AuthenticationError: 3 } as const;

  constructor(message: string, id?: string, code?: number, options?: ErrorOptions) {
    super(message, 401, id, code, options);
  }
}

export class ForbiddenError extends KuzzleError {
  constructor(message: string, id?: string, code?: number, options?: ErrorOptions) {
    super(message, 403, id, code, options);
  }
}

export class NotFoundError extends KuzzleError {
  constructor(message: string, id?: string, code?: number, options?: ErrorOptions) {
    super(message, 404, id, code, options);
  }
}

export class PreconditionError extends KuzzleError {
  constructor(message: string, id?: string, code?: number, options?: ErrorOptions) {
    super(message, 412, id, code, options);
  }
}

export class SizeLimitError extends KuzzleError {
  constructor(message: string, id?: string, code?: number, options?: ErrorOptions) {
    super(message, 413, id, code, options);
  }
}

export class TooManyRequestsError extends KuzzleError {
  constructor(message: string, id?: string, code?: number, options?: ErrorOptions) {
    super(message, 429, id, code, options);
  }
}

export class InternalError extends KuzzleError {
  constructor(message: string, id?: string, code?: number, options?: ErrorOptions) {
    super(message, 500, id, code, options);
  }
}

export class ExternalServiceError extends KuzzleError {
  constructor(message: string, id?: string, code?: number, options?: ErrorOptions) {
    super(message, 500, id, code, options);
  }
}

/** A plugin is at fault; the message says so on a second line. */
export class PluginImplementationError extends KuzzleError {
  constructor(message: string | Error, id?: string, code?: number, options?: ErrorOptions) {
    super(
      `${textOf(message)}\nThis is probably not a server error, but a problem with a plugin implementation.`,
      500,
      id,
      code,
      options,
    );
  }
}

export class ServiceUnavailableError extends KuzzleError {
  constructor(message: string, id?: string, code?: number, options?: ErrorOptions) {
    super(message, 503, id, code, options);
  }
}

export class GatewayTimeoutError extends KuzzleError {
  constructor(message: string, id?: string, code?: number, options?: ErrorOptions) {
    super(message, 504, id, code, options);
  }
}

/** Part of the work failed: `errors` lists what, `count` how many. Status 206. */
export class PartialError extends KuzzleError {
  errors: readonly unknown[];
  count: number;

  constructor(message: string, errors: readonly unknown[] = [], id?: string, code?: number, options?: ErrorOptions) {
    super(message, 206, id, code, options);
    this.errors = errors;
    this.count = errors.length;
  }

  override toJSON(): SerializedError {
    return { ...super.toJSON(), errors: this.errors, count: this.count };
  }
}

/** Several errors at once: `errors` lists them, `count` how many. Status 400. */
export class MultipleErrorsError extends KuzzleError {
  errors: readonly unknown[];
  count: number;

  constructor(message: string, errors: readonly unknown[] = [], id?: string, code?: number, options?: ErrorOptions) {
    super(message, 400, id, code, options);
    this.errors = errors;
    this.count = errors.length;
  }

  override toJSON(): SerializedError {
    return { ...super.toJSON(), errors: this.errors, count: this.count };
  }
}

/** The classes by name, as the catalogue names them. */
export const errorClasses = {
  BadRequestError,
  ExternalServiceError,
  ForbiddenError,
  GatewayTimeoutError,
  InternalError,
  MultipleErrorsError,
  NotFoundError,
  PartialError,
  PluginImplementationError,
  PreconditionError,
  ServiceUnavailableError,
  SizeLimitError,
  TooManyRequestsError,
  UnauthorizedError,
} as const;

export type ErrorClassName = keyof typeof errorClasses;
