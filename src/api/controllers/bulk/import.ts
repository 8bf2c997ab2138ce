import { type Documents, metadata as info, writeError } from "../../../data/index.ts";
import { isPlainObject, type JSONObject, kerror } from "../../../kernel/index.ts";
import type { CollectionRef, WriteOperation, WriteOutcome } from "../../../stores/documents/index.ts";

type Verb = "index" | "create" | "update" | "delete";

interface BulkItem {
  readonly verb: Verb;
  readonly operation: WriteOperation;
  /** What an error shows: the payload without metadata; absent for deletions. */
  readonly payload: JSONObject | undefined;
}

export interface ImportOptions {
  readonly created: JSONObject;
  readonly updated: JSONObject;
  readonly refresh: boolean;
}

export interface ImportResult {
  readonly successes: readonly JSONObject[];
  readonly errors: readonly JSONObject[];
}

const verbs: ReadonlySet<string> = new Set<Verb>(["index", "create", "update", "delete"]);

/**
 * Runs alternating action and payload lines (contract/search.md section 11). Operations happen in their order.
 * Error: `services.storage.unexpected_bad_request` (400) when the lines do not pair.
 */
export async function importDocuments(
  documents: Documents,
  target: CollectionRef,
  lines: readonly unknown[],
  options: ImportOptions,
): Promise<ImportResult> {
  const items = [...parseLines(lines, options)];
  const outcomes = await documents.mWrite(
    target,
    items.map(({ operation }) => operation),
    options.refresh,
  );
  const successes: JSONObject[] = [];
  const errors: JSONObject[] = [];
  outcomes.forEach((outcome, position) => {
    const item = items[position] as BulkItem;
    if (outcome.ok) successes.push({ [item.verb]: { _id: outcome.id, status: statusOf(item.verb, outcome.created) } });
    else errors.push({ [item.verb]: failureOf(item, outcome, target) });
  });
  return { successes, errors };
}

const statusOf = (verb: Verb, created: boolean): number => (created && verb !== "delete" ? 201 : 200);

function* parseLines(lines: readonly unknown[], options: ImportOptions): Generator<BulkItem> {
  for (let position = 0; position < lines.length; position++) {
    const line = lines[position];
    const verb = isPlainObject(line) ? Object.keys(line)[0] : undefined;
    if (!isPlainObject(line) || verb === undefined || !verbs.has(verb)) {
      throw badLine(position, "an action line was expected: index, create, update or delete");
    }
    const action = line[verb];
    if (!isPlainObject(action)) throw badLine(position, `an object was expected after "${verb}"`);
    const id = typeof action._id === "string" && action._id !== "" ? action._id : undefined;
    if (verb === "delete") {
      if (id === undefined) throw badLine(position, "delete needs an _id");
      yield { verb, operation: { kind: "delete", id }, payload: undefined };
      continue;
    }
    position++;
    const payload = lines[position];
    if (!isPlainObject(payload)) throw badLine(position, "a payload was expected");
    yield verb === "update"
      ? updateItem(position, id, action, payload, options)
      : wholeItem(verb as Verb, id, payload, options);
  }
}

function wholeItem(verb: Verb, id: string | undefined, payload: JSONObject, { created }: ImportOptions): BulkItem {
  const { _kuzzle_info: _, ...content } = payload;
  const source = JSON.stringify(info.withMetadata(content, created));
  const kind = verb === "create" ? "create" : "index";
  return { verb, operation: id === undefined ? { kind, source } : { kind, id, source }, payload: content };
}

function updateItem(
  position: number,
  id: string | undefined,
  action: JSONObject,
  payload: JSONObject,
  { updated }: ImportOptions,
): BulkItem {
  if (id === undefined) throw badLine(position, "update needs an _id");
  const { doc, upsert, doc_as_upsert: docAsUpsert } = payload;
  if (!isPlainObject(doc)) throw badLine(position, "update needs a member doc");
  const retries = Number(action.retry_on_conflict ?? 0);
  const initial = isPlainObject(upsert) ? upsert : docAsUpsert === true ? doc : undefined;
  const operation = {
    kind: "update",
    id,
    partial: JSON.stringify(info.withMetadata(doc, updated)),
    retryOnConflict: Number.isSafeInteger(retries) && retries > 0 ? retries : 0,
  } as const;
  return {
    verb: "update",
    operation:
      initial === undefined ? operation : { ...operation, upsert: JSON.stringify(info.withMetadata(initial, updated)) },
    payload: doc,
  };
}

const badLine = (position: number, what: string): Error =>
  kerror("services.storage.unexpected_bad_request", `Line ${position} of bulkData: ${what}.`);

function failureOf(item: BulkItem, outcome: Extract<WriteOutcome, { ok: false }>, target: CollectionRef): JSONObject {
  const { failure, id } = outcome;
  const error = writeError(failure, id, target);
  const status = failure.reason === "exists" || failure.reason === "conflict" ? 409 : error.status;
  if (item.verb === "delete") return { _id: id, status };
  const described = { type: errorTypes[failure.reason], reason: error.message };
  return { _id: id, status, _source: item.payload, error: described };
}

const errorTypes = {
  exists: "version_conflict_engine_exception",
  conflict: "version_conflict_engine_exception",
  missing: "document_missing_exception",
  rejected: "mapper_parsing_exception",
} as const;
