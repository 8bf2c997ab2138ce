import type { DocumentPipe, EventDocument } from "../../../events/index.ts";
import { isPlainObject, type JSONObject, type KuzzleRequest } from "../../../kernel/index.ts";

type Kind = "Write" | "Update" | "Delete" | "Get";
type Pipes = { readonly before?: DocumentPipe; readonly after?: DocumentPipe };

/** How documents travel through `generic:document:*` (contract/api/document.yaml, generic_events). */

const body = (request: KuzzleRequest): JSONObject => (isPlainObject(request.input.body) ? request.input.body : {});

const idOf = (request: KuzzleRequest): string | null => {
  const { _id: id } = request.input.args;
  return typeof id === "string" ? id : null;
};

/** The id alone. */
const extractId = (request: KuzzleRequest): EventDocument[] => [{ _id: idOf(request) }];

function insertId(request: KuzzleRequest, [document]: EventDocument[]): void {
  if (typeof document?._id === "string") request.input.args._id = document._id;
}

const beforeId = (kind: Kind): DocumentPipe => ({
  event: `generic:document:before${kind}`,
  extract: extractId,
  insert: insertId,
});

/** The id and the whole body. */
const beforeBody = (kind: Kind): DocumentPipe => ({
  event: `generic:document:before${kind}`,
  extract: (request) => [{ _id: idOf(request), _source: body(request) }],
  insert: (request, documents) => {
    insertId(request, documents);
    const source = documents[0]?._source;
    if (source !== undefined) request.input.body = source;
  },
});

/** The id and one member of the body. */
const beforeMember = (kind: Kind, member: "changes" | "fields"): DocumentPipe => ({
  event: `generic:document:before${kind}`,
  extract: (request) => [{ _id: idOf(request), _source: body(request)[member] as JSONObject }],
  insert: (request, documents) => {
    insertId(request, documents);
    const source = documents[0]?._source;
    if (source !== undefined) request.input.body = { ...body(request), [member]: source };
  },
});

/** The ids of a multiple action, from the body or the arguments. */
const beforeIds = (kind: Kind): DocumentPipe => ({
  event: `generic:document:before${kind}`,
  extract: (request) => idsOf(request).map((id) => ({ _id: id as string })),
  insert: (request, documents) => {
    const ids = documents.map(({ _id: id }) => id);
    if (Object.keys(body(request)).length > 0) request.input.body = { ...body(request), ids };
    else request.input.args.ids = ids;
  },
});

function idsOf(request: KuzzleRequest): readonly unknown[] {
  const { ids } = body(request);
  if (Array.isArray(ids) && ids.length > 0) return ids;
  return request.getArrayLegacy("ids", []);
}

/** The documents of a multiple write, under the name that the action gives their content. */
const beforeItems = (kind: Kind, content: "body" | "changes"): DocumentPipe => ({
  event: `generic:document:before${kind}`,
  extract: (request) =>
    itemsOf(request).map((item) => ({ _id: item._id as string | null, _source: item[content] as JSONObject })),
  insert: (request, documents) => {
    const before = itemsOf(request);
    const items = documents.map(({ _id: id, _source: source }, position) =>
      content === "body" ? { _id: id, body: source } : { _id: id, changes: source, default: before[position]?.default },
    );
    request.input.body = { ...body(request), documents: items };
  },
});

function itemsOf(request: KuzzleRequest): readonly JSONObject[] {
  const { documents } = body(request);
  return Array.isArray(documents) ? documents.map((item) => (isPlainObject(item) ? item : {})) : [];
}

/** The result is the document. */
const afterResult = (kind: Kind): DocumentPipe => ({
  event: `generic:document:after${kind}`,
  extract: ({ result }) => (isPlainObject(result) ? [result as EventDocument] : []),
  insert: (request, [document]) => {
    if (isPlainObject(request.result) && document !== undefined) replaceResult(request, document);
  },
});

/** The documents are a member of the result. */
const afterMember = (kind: Kind, member: "successes" | "hits" | "documents"): DocumentPipe => ({
  event: `generic:document:after${kind}`,
  extract: ({ result }) => ((result as JSONObject | null)?.[member] ?? []) as EventDocument[],
  insert: (request, documents) => replaceResult(request, { ...(request.result as JSONObject), [member]: documents }),
});

/** The result holds ids only. */
const afterIds = (kind: Kind): DocumentPipe => ({
  event: `generic:document:after${kind}`,
  extract: ({ result }) => (((result as JSONObject | null)?.successes ?? []) as string[]).map((id) => ({ _id: id })),
  insert: (request, documents) =>
    replaceResult(request, { ...(request.result as JSONObject), successes: documents.map(({ _id: id }) => id) }),
});

function replaceResult(request: KuzzleRequest, result: unknown): void {
  request.setResult(result, { status: request.status });
}

export const genericEvents = {
  create: { before: beforeBody("Write"), after: afterResult("Write") },
  createOrReplace: { before: beforeBody("Write"), after: afterResult("Write") },
  replace: { before: beforeBody("Write"), after: afterResult("Write") },
  update: { before: beforeBody("Update"), after: afterResult("Update") },
  upsert: { before: beforeMember("Update", "changes"), after: afterResult("Update") },
  deleteFields: { before: beforeMember("Update", "fields"), after: afterResult("Update") },
  delete: { before: beforeId("Delete"), after: afterResult("Delete") },
  deleteByQuery: { after: afterMember("Delete", "documents") },
  updateByQuery: { after: afterMember("Update", "successes") },
  get: { before: beforeId("Get"), after: afterResult("Get") },
  exists: { before: beforeId("Get"), after: afterResult("Get") },
  mGet: { before: beforeIds("Get"), after: afterMember("Get", "successes") },
  mExists: { before: beforeIds("Get"), after: afterIds("Get") },
  search: { after: afterMember("Get", "hits") },
  mCreate: { before: beforeItems("Write", "body"), after: afterMember("Write", "successes") },
  mCreateOrReplace: { before: beforeItems("Write", "body"), after: afterMember("Write", "successes") },
  mReplace: { before: beforeItems("Write", "body"), after: afterMember("Write", "successes") },
  mUpdate: { before: beforeItems("Update", "body"), after: afterMember("Update", "successes") },
  mUpsert: { before: beforeItems("Update", "changes"), after: afterMember("Update", "successes") },
  mDelete: { before: beforeIds("Delete"), after: afterIds("Delete") },
} as const satisfies Readonly<Record<string, Pipes>>;
