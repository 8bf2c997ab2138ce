import type { ErrorId, KuzzleRequest } from "../../kernel/index.ts";
import type { EventDocument } from "../event-types.ts";
import type { ArgumentPlaces, ArgumentTable, ArgumentValues } from "./arguments.ts";
import type { JsonSchema } from "./schema.ts";

export type HttpVerb = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";

/** One HTTP route of an action: `{ verb: "GET", path: "/:index/:collection/:_id" }`. */
export interface Route {
  readonly verb: HttpVerb;
  /** Segments that start with `:` become arguments of that name. */
  readonly path: string;
  /** A deprecated route works, and says so in development. */
  readonly deprecated?: { readonly since: string; readonly message: string };
  readonly openapi?: unknown;
  /** Found by this very path only: a longer one that begins like it is looked up as if this were not there. A later route takes its place. */
  readonly isSingle?: true;
}

/** How the documents of a request (or of its result) travel through a generic pipe such as `generic:document:beforeWrite`. */
export interface DocumentPipe {
  readonly event: string;
  readonly extract: (request: KuzzleRequest) => EventDocument[];
  /** Writes what the pipes answered back into the request or its result. */
  readonly insert: (request: KuzzleRequest, documents: EventDocument[]) => void;
}

/**
 * One action, declared once: routing, argument reading, `server:publicApi`, OpenAPI and the reference page come from it. The right
 * that it requires is its name, `<controller>:<action>`.
 */
export interface ActionDefinition<A extends ArgumentTable> {
  readonly summary: string;
  readonly http?: readonly Route[];
  /** Read in this order, so the first that is wrong is the one answered. */
  readonly args?: A;
  /** JSON Schema of the result, for the documentation. */
  readonly result?: JsonSchema;
  /** Errors beyond those of the arguments and of rights. */
  readonly errors?: readonly ErrorId[];
  /** Generic pipes over the documents that the action takes and answers. */
  readonly documents?: { readonly before?: DocumentPipe; readonly after?: DocumentPipe };
  readonly run: (args: ArgumentValues<A>, request: KuzzleRequest) => unknown;
}

/** An action as the pipeline runs it. */
export interface Action {
  readonly summary: string;
  readonly http: readonly Route[];
  readonly args: ArgumentTable;
  readonly result: JsonSchema | undefined;
  readonly errors: readonly ErrorId[];
  readonly documents: { readonly before?: DocumentPipe; readonly after?: DocumentPipe };
  /** Reads the arguments and runs; answers the result or a promise of it. */
  readonly invoke: (request: KuzzleRequest) => unknown;
}

/** Declares an action; the types of `run`'s arguments follow from `args`. */
export function action<const A extends ArgumentTable = Record<never, never>>(definition: ActionDefinition<A>): Action {
  const args = definition.args ?? ({} as A);
  const names = Object.keys(args);
  const { run } = definition;
  return {
    summary: definition.summary,
    http: definition.http ?? [],
    args,
    result: definition.result,
    errors: definition.errors ?? [],
    documents: definition.documents ?? {},
    invoke:
      names.length === 0
        ? (request) => run({} as ArgumentValues<A>, request)
        : (request) => run(readAll(args, names, request), request),
  };
}

function readAll<A extends ArgumentTable>(
  args: A,
  names: readonly string[],
  request: KuzzleRequest,
): ArgumentValues<A> {
  const places: ArgumentPlaces = { args: request.argumentsPlace, body: request.bodyPlace, request };
  const values: Record<string, unknown> = {};
  for (const name of names) values[name] = args[name]?.read(places, name);
  return values as ArgumentValues<A>;
}

/** A group of actions under one name, `document` or `my-plugin/ctrl`. */
export interface ControllerDefinition {
  readonly name: string;
  /** Other names that mean the same controller, in requests and in rights: `memoryStorage` for `ms`. */
  readonly aliases?: readonly string[];
  /** Name of the plugin that brings it; absent for the server's own. */
  readonly plugin?: string;
  readonly actions: Readonly<Record<string, Action>>;
}
