import { setImmediate as nextTurn } from "node:timers/promises";
import {
  assertNoScripts,
  type Documents,
  type GuardedOutcome,
  type HeldRule,
  metadata as info,
  type Operation,
  writeError,
} from "../../../data/index.ts";
import { isPlainObject, type JSONObject, kerror } from "../../../kernel/index.ts";
import type { CollectionRef, WriteOperation, WriteOutcome } from "../../../stores/documents/index.ts";

type Verb = "index" | "create" | "update" | "delete";

/** One operation as it was sent, checked; nothing of it is serialised yet. */
interface BulkLine {
  readonly verb: Verb;
  readonly id: string | undefined;
  readonly action: JSONObject;
  readonly payload: JSONObject;
}

export interface ImportOptions {
  readonly created: JSONObject;
  readonly updated: JSONObject;
  readonly refresh: boolean;
  /** Hears how far it is, and may be cancelled between two batches. */
  readonly running?: Operation | undefined;
  /** What the writer is held to. Absent: nothing. */
  readonly held?: HeldRule | undefined;
}

export interface ImportResult {
  readonly successes: readonly JSONObject[];
  readonly errors: readonly JSONObject[];
}

const verbs: ReadonlySet<string> = new Set<Verb>(["index", "create", "update", "delete"]);

/** Runs alternating action and payload lines (contract/search.md section 11) that were checked. Operations happen in their order. */
export async function importDocuments(
  documents: Documents,
  target: CollectionRef,
  lines: readonly unknown[],
  options: ImportOptions,
): Promise<ImportResult> {
  const successes: JSONObject[] = [];
  const errors = await writeLines(documents, target, lines, options, ({ verb }, { id, created }) => {
    successes.push({ [verb]: { _id: id, status: created && verb !== "delete" ? 201 : 200 } });
  });
  return { successes, errors };
}

/** The same for who wants to know the failures only. */
export function importQuietly(
  documents: Documents,
  target: CollectionRef,
  lines: readonly unknown[],
  options: ImportOptions,
): Promise<readonly JSONObject[]> {
  return writeLines(documents, target, lines, options, () => {});
}

/**
 * Before anything is written: answers how many operations they are.
 * Errors: `services.storage.invalid_query_keyword` (400) for scripts, `services.storage.unexpected_bad_request` (400) when the lines do not pair.
 */
export async function checkLines(lines: readonly unknown[]): Promise<number> {
  for (let i = 0; i < lines.length; i++) {
    assertNoScripts(lines[i], 1);
    if (i % checkedAtOnce === checkedAtOnce - 1) await nextTurn();
  }
  let count = 0;
  for (const _ of parseLines(lines)) if (++count % checkedAtOnce === 0) await nextTurn();
  return count;
}

type Success = Extract<WriteOutcome, { ok: true }>;

/** What is serialised at once: a whole file of documents is never there a second time as text. */
export const batchLimits = { operations: 1_000, characters: 4 * 1024 * 1024 } as const;

/** Lines that are checked before others have their turn, */
const checkedAtOnce = 2_000;
/** and operations that are serialised: less than a millisecond. */
const serialisedAtOnce = 250;

/** Answers what failed. */
async function writeLines(
  documents: Documents,
  target: CollectionRef,
  lines: readonly unknown[],
  options: ImportOptions,
  onSuccess: (line: BulkLine, outcome: Success) => void,
): Promise<readonly JSONObject[]> {
  const errors: JSONObject[] = [];
  for await (const { batch, operations } of batchesOf(lines, options)) {
    options.running?.signal.throwIfAborted();
    const outcomes = await documents.mWrite(target, operations, options.refresh, options.held);
    for (let i = 0; i < outcomes.length; i++) {
      const line = batch[i] as BulkLine;
      const outcome = outcomes[i] as GuardedOutcome;
      if (outcome.ok) onSuccess(line, outcome);
      else errors.push({ [line.verb]: failureOf(line, outcome, target) });
    }
    options.running?.advance(operations.length);
  }
  return errors;
}

async function* batchesOf(
  lines: readonly unknown[],
  options: ImportOptions,
): AsyncGenerator<{ readonly batch: readonly BulkLine[]; readonly operations: readonly WriteOperation[] }> {
  let batch: BulkLine[] = [];
  let operations: WriteOperation[] = [];
  let characters = 0;
  for (const line of parseLines(lines)) {
    const operation = operationOf(line, options);
    batch.push(line);
    operations.push(operation);
    characters += "source" in operation ? operation.source.length : 0;
    characters += "partial" in operation ? operation.partial.length : 0;
    if (operations.length % serialisedAtOnce === 0) await nextTurn();
    if (operations.length < batchLimits.operations && characters < batchLimits.characters) continue;
    yield { batch, operations };
    batch = [];
    operations = [];
    characters = 0;
  }
  if (operations.length > 0) yield { batch, operations };
}

function* parseLines(lines: readonly unknown[]): Generator<BulkLine> {
  for (let position = 0; position < lines.length; position++) {
    const line = lines[position];
    const verb = isPlainObject(line) ? Object.keys(line)[0] : undefined;
    if (!isPlainObject(line) || verb === undefined || !verbs.has(verb)) {
      throw badLine(position, "an action line was expected: index, create, update or delete");
    }
    const action = line[verb];
    if (!isPlainObject(action)) throw badLine(position, `an object was expected after "${verb}"`);
    const id = idOf(action._id, position);
    if (id === undefined && (verb === "delete" || verb === "update")) throw badLine(position, `${verb} needs an _id`);
    if (verb === "delete") {
      yield { verb, id, action, payload: {} };
      continue;
    }
    position++;
    const payload = lines[position];
    if (!isPlainObject(payload)) throw badLine(position, "a payload was expected");
    if (verb === "update") checkUpdate(payload, position);
    yield { verb: verb as Verb, id, action, payload };
  }
}

/** One that says wrongly what is stored when there is no such document would seem to have none of it. */
function checkUpdate({ doc, upsert, doc_as_upsert: docAsUpsert }: JSONObject, position: number): void {
  if (!isPlainObject(doc)) throw badLine(position, "update needs a member doc");
  if (upsert !== undefined && !isPlainObject(upsert)) throw badLine(position, "upsert must be an object");
  if (docAsUpsert !== undefined && typeof docAsUpsert !== "boolean")
    throw badLine(position, "doc_as_upsert must be true or false");
}

function operationOf({ verb, id, action, payload }: BulkLine, options: ImportOptions): WriteOperation {
  if (verb === "delete") return { kind: "delete", id: id as string }; // the line was checked
  if (verb === "update") return updateOf(id as string, action, payload, options);
  const source = JSON.stringify(info.withMetadata(contentOf(payload), options.created));
  return id === undefined ? { kind: verb, source } : { kind: verb, id, source };
}

function updateOf(
  id: string,
  action: JSONObject,
  { doc, upsert, doc_as_upsert: docAsUpsert }: JSONObject,
  { updated }: ImportOptions,
): WriteOperation {
  const changes = doc as JSONObject; // the line was checked
  const retries = Number(action.retry_on_conflict ?? 0);
  const initial = isPlainObject(upsert) ? upsert : docAsUpsert === true ? changes : undefined;
  const operation = {
    kind: "update",
    id,
    partial: JSON.stringify(info.withMetadata(changes, updated)),
    retryOnConflict: Number.isSafeInteger(retries) && retries > 0 ? retries : 0,
  } as const;
  if (initial === undefined) return operation;
  return { ...operation, upsert: JSON.stringify(info.withMetadata(initial, updated)) };
}

/** What an error shows of the operation: the content without metadata. */
function shown({ verb, payload }: BulkLine): unknown {
  return verb === "update" ? payload.doc : contentOf(payload);
}

/** Not a copy where nothing is to be left out, as of most. */
function contentOf(payload: JSONObject): JSONObject {
  if (!Object.hasOwn(payload, "_kuzzle_info")) return payload;
  const { _kuzzle_info: _, ...content } = payload;
  return content;
}

/** Numbers are ids too, as for the bulk requests of Elasticsearch: lines made from a table have them. Nothing, or "", asks for a new id. */
function idOf(id: unknown, position: number): string | undefined {
  if (id === undefined || id === null || id === "") return undefined;
  if (typeof id === "object") throw badLine(position, "_id must be a string or a number");
  return String(id);
}

const badLine = (position: number, what: string): Error =>
  kerror("services.storage.unexpected_bad_request", `Line ${position} of bulkData: ${what}.`);

function failureOf(line: BulkLine, outcome: Extract<GuardedOutcome, { ok: false }>, target: CollectionRef): JSONObject {
  const { failure, id } = outcome;
  const error = writeError(failure, id, target);
  const status = failure.reason === "exists" || failure.reason === "conflict" ? 409 : error.status;
  if (line.verb === "delete") return { _id: id, status };
  const described = { type: errorTypes[failure.reason], reason: error.message };
  return { _id: id, status, _source: shown(line), error: described };
}

const errorTypes = {
  exists: "version_conflict_engine_exception",
  conflict: "version_conflict_engine_exception",
  missing: "document_missing_exception",
  refused: "security_exception",
  rejected: "mapper_parsing_exception",
} as const;
