import { type JSONObject, type KuzzleRequest, kerror, readers } from "../../kernel/index.ts";
import { type JsonSchema, schema } from "./schema.ts";

/** Where the reader of an argument looks: prepared once per request. */
export interface ArgumentPlaces {
  readonly args: readers.Place;
  readonly body: readers.Place;
  readonly request: KuzzleRequest;
}

/**
 * One argument of an action: how it is read (contract/wire.md section 4), and its JSON Schema for the documentation, OpenAPI and the
 * admin console.
 */
export interface Argument<T> {
  /** `body`: a member of the body; `content`: the body as a whole. */
  readonly in: "args" | "body" | "content";
  readonly schema: JsonSchema;
  readonly required: boolean;
  readonly read: (places: ArgumentPlaces, name: string) => T;
}

export type ArgumentTable = Readonly<Record<string, Argument<unknown>>>;

/** The values of a table of arguments, as the action gets them. */
export type ArgumentValues<A extends ArgumentTable> = {
  readonly [Name in keyof A]: A[Name] extends Argument<infer T> ? T : never;
};

type Scalar = "string" | "integer" | "number" | "array" | "list" | "object";

interface ScalarTypes {
  string: string;
  integer: number;
  number: number;
  array: unknown[];
  list: unknown[];
  object: JSONObject;
}

const schemas: { readonly [S in Scalar]: () => JsonSchema } = {
  string: () => schema.string(),
  integer: () => schema.integer(),
  number: () => schema.number(),
  array: () => schema.array({}),
  list: () => schema.array({}),
  object: () => schema.object(),
};

const scalarReaders: {
  readonly [S in Scalar]: (place: readers.Place, name: string, fallback?: ScalarTypes[S]) => ScalarTypes[S];
} = {
  string: readers.readString,
  integer: readers.readInteger,
  number: readers.readNumber,
  array: readers.readArray,
  list: readers.readList,
  object: readers.readObject,
};

function required<S extends Scalar>(kind: S, from: "args" | "body"): Argument<ScalarTypes[S]> {
  const read = scalarReaders[kind];
  return { in: from, required: true, schema: schemas[kind](), read: (places, name) => read(places[from], name) };
}

function optional<S extends Scalar>(kind: S, from: "args" | "body"): Argument<ScalarTypes[S] | undefined> {
  const read = scalarReaders[kind];
  return {
    in: from,
    required: false,
    schema: schemas[kind](),
    read: (places, name) =>
      readers.valueAt(places[from].holder, name) === undefined ? undefined : read(places[from], name),
  };
}

function withDefault<S extends Scalar>(
  kind: S,
  from: "args" | "body",
  fallback: ScalarTypes[S],
): Argument<ScalarTypes[S]> {
  const read = scalarReaders[kind];
  return {
    in: from,
    required: false,
    schema: { ...schemas[kind](), default: fallback } as JsonSchema,
    read: (places, name) => read(places[from], name, fallback),
  };
}

/** An index or collection name: a falsy value is missing, anything else is taken as text. */
function resourceName(): Argument<string> {
  return {
    in: "args",
    required: true,
    schema: schema.string(),
    read: ({ request }, name) => (name === "index" ? request.getIndex() : request.getCollection()),
  };
}

const refreshSchema = (): JsonSchema => schema.oneOf(["wait_for", "false"], { default: "false" });

/** The arguments of actions, by kind. `arg.optional.string()` may be absent, `arg.default.integer(10)` has a value then. */
export const arg = {
  string: () => required("string", "args"),
  integer: () => required("integer", "args"),
  number: () => required("number", "args"),
  array: () => required("array", "args"),
  /** An array, or a text split on commas. */
  list: () => required("list", "args"),
  object: () => required("object", "args"),
  optional: {
    string: () => optional("string", "args"),
    integer: () => optional("integer", "args"),
    number: () => optional("number", "args"),
    array: () => optional("array", "args"),
    list: () => optional("list", "args"),
    object: () => optional("object", "args"),
  },
  default: {
    string: (fallback: string) => withDefault("string", "args", fallback),
    integer: (fallback: number) => withDefault("integer", "args", fallback),
    number: (fallback: number) => withDefault("number", "args", fallback),
  },
  /** False when absent; over HTTP true whenever it is present. */
  flag: (): Argument<boolean> => ({
    in: "args",
    required: false,
    schema: schema.boolean({ default: false }),
    read: (places, name) => readers.readBoolean(places.args, name),
  }),
  index: resourceName,
  collection: resourceName,
  /** A document's `_id`. */
  id: (): Argument<string> => ({
    in: "args",
    required: true,
    schema: schema.string(),
    read: ({ request }) => request.getId(),
  }),
  optionalId: (): Argument<string | null> => ({
    in: "args",
    required: false,
    schema: schema.string(),
    read: ({ request }) => request.getId({ ifMissing: "ignore" }),
  }),
  /** Text, "wait_for" or "false" only. */
  refresh: (fallback: "false" | "wait_for" = "false"): Argument<boolean> => ({
    in: "args",
    required: false,
    schema: refreshSchema(),
    read: ({ request }) => request.getRefresh(fallback) === "wait_for",
  }),
  /** Anything but absent, false, "false" and null means "wait_for". */
  looseRefresh: (fallback = false): Argument<boolean> => ({
    in: "args",
    required: false,
    schema: refreshSchema(),
    read: ({ args }) => {
      const value = readers.valueAt(args.holder, "refresh");
      return value === undefined ? fallback : value !== false && value !== "false" && value !== null;
    },
  }),
  lang: (): Argument<"elasticsearch" | "koncorde"> => ({
    in: "args",
    required: false,
    schema: schema.oneOf(["elasticsearch", "koncorde"], { default: "elasticsearch" }),
    read: ({ request }) => request.getLangParam(),
  }),
  scroll: (): Argument<string | undefined> => ({
    in: "args",
    required: false,
    schema: schema.string({ description: "How long the scroll lives after each use, as in 30s" }),
    read: ({ request }) => request.getScrollTTLParam(),
  }),
  /** The search body: the request's body, or the query string's `searchBody` over HTTP GET. */
  searchBody: (): Argument<JSONObject> => ({
    in: "content",
    required: false,
    schema: schema.object(),
    read: ({ request }) => request.getSearchBody(),
  }),
  /** The body as a whole, an object. */
  content: (): Argument<JSONObject> => ({
    in: "content",
    required: true,
    schema: schema.object(),
    read: ({ request }) => {
      const { body } = request.input;
      if (body === null) throw kerror("api.assert.body_required");
      if (Array.isArray(body)) throw kerror("api.assert.invalid_type", "body", "object");
      return body;
    },
  }),
  optionalContent: (): Argument<JSONObject | undefined> => ({
    in: "content",
    required: false,
    schema: schema.object(),
    read: ({ request }) => {
      const { body } = request.input;
      if (body === null) return undefined;
      if (Array.isArray(body)) throw kerror("api.assert.invalid_type", "body", "object");
      return body;
    },
  }),
  body: {
    string: () => required("string", "body"),
    integer: () => required("integer", "body"),
    number: () => required("number", "body"),
    array: () => required("array", "body"),
    object: () => required("object", "body"),
    optional: {
      string: () => optional("string", "body"),
      integer: () => optional("integer", "body"),
      number: () => optional("number", "body"),
      array: () => optional("array", "body"),
      object: () => optional("object", "body"),
    },
    flag: (): Argument<boolean> => ({
      in: "body",
      required: false,
      schema: schema.boolean({ default: false }),
      read: (places, name) => readers.readBoolean(places.body, name),
    }),
  },
} as const;
