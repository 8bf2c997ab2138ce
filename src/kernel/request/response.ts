import { InternalError, type KuzzleError } from "../errors/classes.ts";
import type { JSONObject } from "../json.ts";
import { Headers, type HeaderValue } from "./headers.ts";
import type { KuzzleRequest } from "./request.ts";
import type { Deprecation } from "./request-options.ts";

export interface ResponseOptions {
  readonly headers?: Readonly<Record<string, unknown>> | null;
  /** HTTP semantics; 200 when nothing says otherwise. */
  readonly status?: number;
  /** `raw`: the result alone is sent, without the envelope. */
  readonly format?: "raw" | "standard";
}

/** The envelope of contract/wire.md section 2. */
export interface ResponseContent {
  requestId: string;
  status: number;
  error: KuzzleError | null;
  controller: string | null;
  action: string | null;
  collection?: unknown;
  index?: unknown;
  volatile: JSONObject | null;
  result: unknown;
  node: string;
  headers: Record<string, HeaderValue>;
  deprecations?: readonly Deprecation[];
  room?: string;
}

export interface SerializedResponse {
  raw: boolean;
  status: number;
  requestId: string;
  headers: Record<string, HeaderValue>;
  content: unknown;
}

/** The answer of one request: a view on it, plus headers and format. Actions and pipes write; protocols read. */
export class RequestResponse {
  readonly #request: KuzzleRequest;
  readonly #headers = new Headers();
  /** Those of {@link configure}, which the JSON envelope repeats. */
  readonly #configured = new Headers();
  raw = false;

  constructor(request: KuzzleRequest) {
    this.#request = request;
    this.#headers.set("X-Kuzzle-Node", request.node);
    Object.seal(this);
  }

  get requestId(): string {
    return this.#request.id;
  }

  get controller(): string | null {
    return this.#request.input.controller;
  }

  get action(): string | null {
    return this.#request.input.action;
  }

  get index(): unknown {
    return this.#request.input.args.index;
  }

  get collection(): unknown {
    return this.#request.input.args.collection;
  }

  get volatile(): JSONObject | null {
    return this.#request.input.volatile;
  }

  get node(): string {
    return this.#request.node;
  }

  get deprecations(): readonly Deprecation[] | undefined {
    return this.#request.deprecations;
  }

  get status(): number {
    return this.#request.status;
  }

  set status(status: number) {
    this.#request.status = status;
  }

  get error(): KuzzleError | null {
    return this.#request.error;
  }

  set error(error: Error | null) {
    if (error === null) this.#request.clearError();
    else this.#request.setError(error);
  }

  get result(): unknown {
    return this.#request.result;
  }

  set result(result: unknown) {
    this.#request.setResult(result, { status: this.#request.status });
  }

  get headers(): Record<string, HeaderValue> {
    return new Proxy(this.#headers.toJSON(), {
      get: (_, name) => (typeof name === "string" ? this.getHeader(name) : undefined),
      set: (_, name, value) => {
        if (typeof name === "string") this.setHeader(name, value);
        return true;
      },
      deleteProperty: (_, name) => {
        if (typeof name === "string") this.removeHeader(name);
        return true;
      },
    });
  }

  /** Status 200 unless one is given or was set before. */
  configure({ headers, status, format = "standard" }: ResponseOptions = {}): void {
    if (headers !== undefined && headers !== null) {
      for (const [name, value] of Object.entries(headers)) this.#configured.set(name, value);
      this.setHeaders(headers);
    }
    if (status !== undefined) this.#request.status = status;
    else if (this.#request.status === 102) this.#request.status = 200;
    if (format !== "raw" && format !== "standard")
      throw new InternalError(`Unknown response format "${String(format)}".`);
    this.raw = format === "raw";
  }

  getHeader(name: string): HeaderValue | undefined {
    return this.#headers.get(name);
  }

  setHeader(name: string, value: unknown): void {
    if (value !== undefined && value !== null) this.#headers.set(name, value);
  }

  setHeaders(headers: Readonly<Record<string, unknown>>, ifNotPresent = false): void {
    for (const [name, value] of Object.entries(headers)) {
      if (!ifNotPresent || this.#headers.get(name) === undefined) this.setHeader(name, value);
    }
  }

  removeHeader(name: string): void {
    this.#headers.remove(name);
  }

  /** The headers to send, by lower-case name. */
  get headerValues(): ReadonlyMap<string, HeaderValue> {
    return this.#headers.values;
  }

  /** The envelope; `room` is added by protocols that dispatch on it. */
  content(): ResponseContent {
    const request = this.#request;
    const { input } = request;
    const headers = this.#configured.toJSON();
    delete headers["set-cookie"];
    const content: ResponseContent = {
      requestId: request.id,
      status: request.status,
      error: request.error,
      controller: input.controller,
      action: input.action,
      collection: input.args.collection,
      index: input.args.index,
      volatile: input.volatile,
      result: request.result,
      node: request.node,
      headers,
    };
    if (request.deprecations !== undefined) content.deprecations = request.deprecations;
    return content;
  }

  toJSON(): SerializedResponse {
    return {
      raw: this.raw,
      status: this.#request.status,
      requestId: this.#request.id,
      headers: this.#headers.toJSON(),
      content: this.raw ? this.#request.result : this.content(),
    };
  }
}
