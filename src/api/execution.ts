import type { Events, MaybePromise } from "../events/index.ts";
import type { ClientConnection, KuzzleRequest, Recorder } from "../kernel/index.ts";
import type { ActionEntry, ActionTable } from "./action-table.ts";
import type { RequestQueue } from "./request-queue.ts";

/** Who may do what, as the pipeline asks it; the security room answers. */
export interface AccessControl {
  /** Writes `context.token` and `context.user` of the request. Error: `security.token.invalid` (401) and its like. */
  identify(request: KuzzleRequest): MaybePromise<void>;
  /** Errors: `security.rights.unauthorized` (401), `security.rights.forbidden` (403). */
  authorize(request: KuzzleRequest): MaybePromise<void>;
  /** Errors: `api.process.too_many_requests`, `api.process.too_many_logins_requests` (429). */
  limit(request: KuzzleRequest): MaybePromise<void>;
  /** A call from inside whose rights nobody checks: what the policies of its user say of documents does not hold for it, until the answer is called. */
  privilege?(request: KuzzleRequest): () => void;
  /** What became of a request, for the audit log. `origin`: `client`, or who asked from inside. Must not throw. */
  audit?(request: KuzzleRequest, origin: string): MaybePromise<void>;
}

/** What all steps share. */
export interface PipelineDeps {
  readonly actions: ActionTable;
  readonly events: Events;
  readonly access: AccessControl;
  readonly queue: RequestQueue;
  readonly options: PipelineOptions;
  /** Who makes a call from inside: `plugin:<name>`; `server` unless given. */
  readonly originOfCall?: () => string;
  /** Sees what was answered, for the ledger of the contract. */
  readonly recorder?: Recorder | undefined;
}

export interface PipelineOptions {
  readonly isOriginAccepted: (origin: string) => boolean;
  readonly strictSdkVersion: boolean;
  /** Connections that come first, however busy the server is: those that debug it. Nobody unless given. */
  readonly isUrgent?: (connectionId: string) => boolean;
}

/**
 * One request on its way through the steps. `request` is replaced when a pipe answers another one; `entry` is written by the
 * step `findAction` and is there from then on.
 */
export interface Execution {
  request: KuzzleRequest;
  readonly connection: ClientConnection | undefined;
  entry: ActionEntry | undefined;
}

export type Step = (execution: Execution, deps: PipelineDeps) => MaybePromise<void>;
