import { Readable } from "node:stream";
import {
  type Collections,
  cutDocument,
  type HeldRule,
  type OperationStart,
  type QueryLanguage,
  shapeQuery,
} from "../../../data/index.ts";
import { type Action, action, arg } from "../../../events/index.ts";
import {
  HttpStream,
  isPlainObject,
  type JSONObject,
  type KuzzleRequest,
  kerror,
  readers,
} from "../../../kernel/index.ts";
import { fieldReader, type StoredDocument } from "../../../stores/documents/index.ts";
import { type CollectionRef, type DocumentControllerDeps, operationOf, underRule } from "./deps.ts";

/** Several batches wait for a slow reader. */
const batchSize = 500;

interface ExportOptions {
  readonly query: JSONObject;
  readonly language: QueryLanguage;
  readonly separator: string;
  readonly fields: readonly string[];
  readonly fieldsName: JSONObject;
  /** Not empty: one page of the first of each group, instead of everything. */
  readonly collapse: JSONObject;
  readonly size: number;
  /** Listed, and cancelled, as one operation. */
  readonly operation: OperationStart;
  readonly held: HeldRule | undefined;
}

/** Streaming a collection out, as lines of JSON or of separated values (contract/search.md section 10). */
export function exportActions(deps: DocumentControllerDeps): Readonly<Record<string, Action>> {
  const { collections } = deps;
  return {
    export: action({
      summary: "Streams the documents that match a query as JSONL or CSV",
      http: [
        { verb: "GET", path: "/:index/:collection/_export" },
        { verb: "POST", path: "/:index/:collection/_export" },
      ],
      args: {
        index: arg.index(),
        collection: arg.collection(),
        lang: arg.lang(),
        format: arg.default.string("jsonl"),
        separator: arg.default.string(","),
        size: arg.default.integer(10),
        from: arg.default.integer(0),
        scroll: arg.scroll(),
      },
      errors: [
        "api.assert.unsupported_protocol",
        "api.assert.koncorde_restricted_keyword",
        "services.koncorde.elastic_translation_error",
      ],
      run: underRule(deps, async ({ index, collection, lang, format, separator, size }, request, held) => {
        const target = { index, collection };
        const asked = exportOptions(request);
        const options = {
          ...asked,
          query: await deps.withLookups(request, asked.query),
          language: lang,
          separator,
          size,
          operation: operationOf(deps, request, "document:export", target),
          held,
        };
        shapeQuery(options.query, lang); // refused while there is still a status to refuse with
        if (!request.isHttp) {
          throw kerror("api.assert.unsupported_protocol", request.context.connection.protocol, "HTTP");
        }
        const isCsv = format.toLowerCase() === "csv";
        const lines = isCsv ? csvLines(target, options, collections, deps) : jsonLines(target, options, deps);
        request.response.configure({
          headers: {
            "Content-Disposition": `attachment; filename="${fileName(`${index}-${collection}.${format}`)}"`,
            "Content-Type": isCsv ? "text/csv" : "html/text",
          },
        });
        if (held !== undefined) await deps.searches.assertHeld(target, held);
        return new HttpStream(Readable.from(guarded(lines)));
      }),
    }),
  };
}

/** Names are the client's, and a header takes neither quotes nor line breaks nor what is no Latin letter. */
const fileName = (name: string): string => name.replaceAll(/[^\w .@-]/g, "_");

function exportOptions(request: KuzzleRequest): {
  query: JSONObject;
  fields: readonly string[];
  fieldsName: JSONObject;
  collapse: JSONObject;
} {
  const isGet = request.context.connection.misc.verb === "GET";
  const place = isGet ? request.argumentsPlace : { ...request.bodyPlace, holder: request.input.body ?? {} };
  const fields = readers.readArray(place, "fields", []);
  if (!fields.every((field) => typeof field === "string"))
    throw kerror("api.assert.invalid_type", `${place.prefix}fields`, "array of strings");
  return {
    query: readers.readObject(place, "query", {}),
    fields,
    fieldsName: readers.readObject(place, "fieldsName", {}),
    collapse: readers.readObject(place, "collapse", {}),
  };
}

/** The status is sent already: what fails now is written into the stream as text. */
async function* guarded(lines: AsyncIterable<string>): AsyncGenerator<string> {
  try {
    yield* lines;
  } catch (error) {
    yield error instanceof Error ? error.message : String(error);
  }
}

async function* jsonLines(
  target: CollectionRef,
  options: ExportOptions,
  deps: DocumentControllerDeps,
): AsyncGenerator<string> {
  yield `${JSON.stringify({ collection: target.collection, index: target.index, type: "collection" })}\n`;
  for await (const batch of exported(target, options, deps)) {
    yield seen(batch, options)
      .map(({ id, source }) => `{"_id":${JSON.stringify(id)},"body":${source}}\n`)
      .join("");
  }
}

/** Documents without what may not be seen of them. */
const seen = (batch: readonly StoredDocument[], { held }: ExportOptions): readonly StoredDocument[] =>
  held === undefined ? batch : batch.map((document) => cutDocument(document, held));

async function* csvLines(
  target: CollectionRef,
  options: ExportOptions,
  collections: Collections,
  deps: DocumentControllerDeps,
): AsyncGenerator<string> {
  const mappings = await collections.mappings(target);
  const readable = options.held?.rule.readable;
  const mapped = leafPaths((mappings.properties ?? {}) as JSONObject);
  const wanted = options.fields.length > 0 ? options.fields : mapped.filter((path) => readable?.covers(path) ?? true);
  const columns = wanted.filter((path) => path !== "_id");
  const header = ["_id", ...columns].map((path) => labelOf(path, options.fieldsName));
  yield `${header.join(options.separator)}\n`;
  const readings = columns.map(fieldReader);
  for await (const batch of exported(target, options, deps)) {
    yield seen(batch, options)
      .map((document) => `${csvLine(document, readings).join(options.separator)}\n`)
      .join("");
  }
}

/** Ends with the client that reads it, and when somebody cancels it. */
async function* exported(
  target: CollectionRef,
  { query, language, held, collapse, size, operation: start }: ExportOptions,
  { searches, operations }: DocumentControllerDeps,
): AsyncGenerator<readonly StoredDocument[]> {
  const operation = operations.start(start);
  let isDone = false;
  try {
    if (Object.keys(collapse).length === 0) {
      yield* searches.walkFor(operation, target, query, language, held, batchSize);
    } else {
      const parameters = { body: { query, collapse }, language, from: 0, size, scroll: undefined };
      const { signal } = operation;
      const { hits } = await searches.search([target], parameters, { signal }, held && [held]);
      yield hits.map(({ id, version = 0, source = "{}" }) => ({ id, version, source }));
    }
    isDone = true;
  } finally {
    operations.end(operation, isDone);
  }
}

type FieldReading = ReturnType<typeof fieldReader>;

const labelOf = (path: string, labels: JSONObject): string =>
  String((Object.hasOwn(labels, path) ? labels[path] : undefined) ?? path);

function csvLine({ id, source }: StoredDocument, readings: readonly FieldReading[]): readonly string[] {
  const content = JSON.parse(source) as JSONObject;
  return [id, ...readings.map((read) => cell(read(content)))];
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? "[OBJECT]" : String(value);
}

/** Every mapped leaf; objects are descended, nested ones are leaves, the metadata are left out. */
function leafPaths(properties: JSONObject, prefix = ""): readonly string[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    if (path === "_kuzzle_info") return [];
    const isObject = isPlainObject(field) && isPlainObject(field.properties) && field.type !== "nested";
    return isObject ? leafPaths(field.properties as JSONObject, `${path}.`) : [path];
  });
}
