import { catalogue, errorFrom, type JSONObject } from "../../../kernel/index.ts";
import type { WriteOperation, WriteOutcome } from "../../../stores/documents/index.ts";
import { badRequest, ResponseError } from "./response-error.ts";

export type WriteKind = "index" | "create" | "update" | "delete";

export const isWriteKind = (kind: string): kind is WriteKind =>
  kind === "index" || kind === "create" || kind === "update" || kind === "delete";

/** One write of a client: its `id` and conditions in `parameters`, what it writes in `content`. Error: 400. */
export function operationOf(kind: WriteKind, parameters: JSONObject, content: JSONObject): WriteOperation {
  const id = parameters._id ?? parameters.id;
  if (id !== undefined && (typeof id !== "string" || id === "")) throw badRequest('"id" must be a text.');
  const sequence = parameters.if_seq_no;
  const condition = typeof sequence === "number" ? { ifVersion: sequence + 1 } : {};
  const named = id === undefined ? {} : { id };
  switch (kind) {
    case "create":
      return { kind, ...named, source: JSON.stringify(content) };
    case "index":
      return { kind, ...named, source: JSON.stringify(content), ...condition };
    case "update":
      return { kind, id: requiredId(id), ...updateOf(content), ...condition, ...retries(parameters) };
    case "delete":
      return { kind, id: requiredId(id), ...condition };
  }
}

function updateOf({ doc, upsert, doc_as_upsert: docAsUpsert, script, _source }: JSONObject): {
  partial: string;
  upsert?: string;
  returnSource: boolean;
} {
  if (script !== undefined) throw badRequest("Scripts are not supported: read the document, change it, and write it.");
  if (typeof doc !== "object" || doc === null) throw badRequest('An update needs an object "doc".');
  const instead = docAsUpsert === true ? doc : upsert;
  return {
    partial: JSON.stringify(doc),
    returnSource: _source === true,
    ...(instead === undefined ? {} : { upsert: JSON.stringify(instead) }),
  };
}

function retries({ retry_on_conflict: retryOnConflict }: JSONObject): { retryOnConflict?: number } {
  return typeof retryOnConflict === "number" ? { retryOnConflict } : {};
}

function requiredId(id: string | undefined): string {
  if (id === undefined) throw badRequest('"id" is missing.');
  return id;
}

/** What became of a write: its answer and status, or the error. */
export function answerOf(name: string, kind: WriteKind, outcome: WriteOutcome): { status: number; answer: JSONObject } {
  if (!outcome.ok) {
    if (kind === "delete" && outcome.failure.reason === "missing") {
      return { status: 404, answer: { _index: name, _id: outcome.id, _version: 1, result: "not_found" } };
    }
    throw failureOf(outcome);
  }
  const { id, version, created, source } = outcome;
  const result = kind === "delete" ? "deleted" : created ? "created" : "updated";
  const answer: JSONObject = { _index: name, _id: id, _version: version, result, ...sequenceOf(version) };
  if (kind === "update" && source !== undefined) answer.get = { found: true, _source: JSON.parse(source) };
  return { status: created ? 201 : 200, answer };
}

/** The embedded engine counts versions only: they stand in for sequence numbers, which `if_seq_no` compares. */
export const sequenceOf = (version: number): JSONObject => ({ _seq_no: version - 1, _primary_term: 1 });

function failureOf({ id, failure }: Extract<WriteOutcome, { ok: false }>): ResponseError {
  switch (failure.reason) {
    case "exists":
      return conflict(`[${id}]: the document exists already`);
    case "conflict":
      return conflict(`[${id}]: the document has changed meanwhile`);
    case "missing":
      return new ResponseError(404, { type: "document_missing_exception", reason: `[${id}]: the document is missing` });
    case "rejected": {
      const { message } = errorFrom(failure.errorId, catalogue[failure.errorId], failure.parameters);
      return new ResponseError(400, { type: "mapper_parsing_exception", reason: message });
    }
  }
}

const conflict = (reason: string): ResponseError =>
  new ResponseError(409, { type: "version_conflict_engine_exception", reason });
