import type { RequestContextOptions } from "./context.ts";
import type { KuzzleRequest } from "./request.ts";

export interface Deprecation {
  readonly version: string;
  readonly message: string;
}

export interface RequestOptions extends RequestContextOptions {
  readonly result?: unknown;
  readonly error?: unknown;
  readonly status?: number;
  /** Id of the server's node, for the answer. */
  readonly node?: string;
  /** In place of that of the payload. */
  readonly requestId?: string;
  /** The request in whose name this one is made. */
  readonly previous?: KuzzleRequest;
}

export interface ResultOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, unknown>> | null;
  readonly raw?: boolean;
}
