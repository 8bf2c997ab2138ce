import { isPlainObject, type JSONObject } from "../../../kernel/index.ts";
import type { DocumentStore, WriteOperation } from "../../../stores/documents/index.ts";
import { asResponseError, badRequest, ResponseError } from "./response-error.ts";
import { nameOf, readTarget, type Target } from "./targets.ts";
import { answerOf, isWriteKind, operationOf, type WriteKind } from "./writes.ts";

interface BulkWrite {
  readonly kind: WriteKind;
  readonly operation: WriteOperation;
  readonly position: number;
}

/**
 * Runs a list of `{ <kind>: { _index, _id } }`, each followed by its content, or the same as lines of JSON. Writes to one collection keep their
 * order. Answers `{ errors, items }`: a write that fails stops no other.
 */
export async function runBulk(store: DocumentStore, parameters: JSONObject): Promise<JSONObject> {
  const startedAt = performance.now();
  const lines = linesOf(parameters.operations ?? parameters.body);
  const byTarget = new Map<string, { target: Target; writes: BulkWrite[] }>();
  let count = 0;
  for (let i = 0; i < lines.length; i++) {
    const { kind, about } = headOf(lines[i]);
    const target = readTarget(about._index ?? parameters.index);
    const name = nameOf(target);
    const group = byTarget.get(name) ?? { target, writes: [] };
    byTarget.set(name, group);
    const content = kind === "delete" ? {} : lines[++i];
    if (!isPlainObject(content)) throw badRequest(`The content of operation ${count} must be an object.`);
    group.writes.push({ kind, operation: operationOf(kind, about, content), position: count++ });
  }
  const items: JSONObject[] = new Array(count);
  const refresh = parameters.refresh !== undefined && parameters.refresh !== false && parameters.refresh !== "false";
  let errors = false;
  for (const [name, { target, writes }] of byTarget) {
    const operations = writes.map(({ operation }) => operation);
    const outcomes = await store
      .write(target, operations, { refresh })
      .catch((error: unknown) => asResponseError(error));
    for (const [i, { kind, operation, position }] of writes.entries()) {
      const item = itemOf(name, kind, operation, Array.isArray(outcomes) ? outcomes[i] : outcomes);
      errors ||= "error" in item;
      items[position] = { [kind]: item };
    }
  }
  return { took: Math.round(performance.now() - startedAt), errors, items };
}

function itemOf(name: string, kind: WriteKind, operation: WriteOperation, outcome: unknown): JSONObject {
  try {
    if (outcome instanceof Error) throw outcome;
    const { status, answer } = answerOf(name, kind, outcome as Parameters<typeof answerOf>[2]);
    return { ...answer, status };
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    return { _index: name, _id: operation.id, status: error.statusCode, error: error.body.error };
  }
}

function headOf(line: unknown): { kind: WriteKind; about: JSONObject } {
  const [kind, about] = isPlainObject(line) ? (Object.entries(line)[0] ?? []) : [];
  if (kind === undefined || !isWriteKind(kind) || !isPlainObject(about)) {
    throw badRequest(
      'Every operation starts with { "index": {…} }, { "create": {…} }, { "update": {…} } or { "delete": {…} }.',
    );
  }
  return { kind, about };
}

function linesOf(written: unknown): unknown[] {
  const lines = typeof written === "string" ? written.split("\n").filter((line) => line.trim() !== "") : written;
  if (!Array.isArray(lines)) throw badRequest('"operations" must be an array.');
  return lines.map((line: unknown) => {
    if (typeof line !== "string") return line;
    try {
      return JSON.parse(line) as unknown;
    } catch {
      throw badRequest(`This line is no JSON: ${line.slice(0, 100)}`);
    }
  });
}
