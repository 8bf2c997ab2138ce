import type { JSONObject, KuzzleError } from "../../kernel/index.ts";
import {
  type CollectionRef,
  type DocumentStore,
  type StoredDocument,
  type WriteFailure,
  type WriteOperation,
  type WriteOutcome,
  writtenContent,
} from "../../stores/documents/index.ts";
import type { HeldRule } from "./held-rule.ts";

/** Why a write did not happen; `refused`: a rule does not let it. */
export type GuardedFailure = WriteFailure | { readonly reason: "refused"; readonly error: KuzzleError };
export type GuardedOutcome =
  | Extract<WriteOutcome, { readonly ok: true }>
  | { readonly ok: false; readonly id: string | undefined; readonly failure: GuardedFailure };

/** How often a write is tried again when others write the same document at the same time. */
const maxTries = 20;

/**
 * Writes what a rule lets through. A document that is hidden before the write is not there for what needs one, and in the way of what would make
 * one; a document that would be hidden after it, and a change of a field that may not be written, are refused. What was looked at is what is
 * changed: each write is bound to the version that was checked.
 */
export async function guardedWrite(
  store: DocumentStore,
  target: CollectionRef,
  operations: readonly WriteOperation[],
  held: HeldRule,
  refresh: boolean,
): Promise<readonly GuardedOutcome[]> {
  const outcomes: GuardedOutcome[] = new Array(operations.length);
  const tries = new Uint8Array(operations.length);
  let pending = operations.map((_, i) => i);
  while (pending.length > 0) {
    const { now, later } = firstOfEachId(operations, pending);
    const present = await findPresent(store, target, operations, now);
    const places: number[] = [];
    const allowed: WriteOperation[] = [];
    for (const [i, place] of now.entries()) {
      const checked = check(operations[place] as WriteOperation, present[i], held);
      if ("reason" in checked) outcomes[place] = { ok: false, id: operations[place]?.id, failure: checked };
      else {
        places.push(place);
        allowed.push(checked);
      }
    }
    const written = allowed.length === 0 ? [] : await store.write(target, allowed, { refresh });
    const again: number[] = [];
    for (const [i, outcome] of written.entries()) {
      const place = places[i] as number; // one outcome for each
      const isRace = !outcome.ok && outcome.failure.reason === "conflict";
      if (isRace && ++(tries[place] as number) < maxTries) again.push(place);
      else outcomes[place] = outcome;
    }
    pending = [...again, ...later].sort((a, b) => a - b);
  }
  return outcomes;
}

/** Operations on one document happen one after another: each is checked against what those before it left. */
function firstOfEachId(
  operations: readonly WriteOperation[],
  pending: readonly number[],
): { readonly now: readonly number[]; readonly later: readonly number[] } {
  const ids = new Set<string>();
  const now: number[] = [];
  const later: number[] = [];
  for (const place of pending) {
    const id = operations[place]?.id;
    if (id !== undefined && ids.has(id)) later.push(place);
    else now.push(place);
    if (id !== undefined) ids.add(id);
  }
  return { now, later };
}

async function findPresent(
  store: DocumentStore,
  target: CollectionRef,
  operations: readonly WriteOperation[],
  places: readonly number[],
): Promise<readonly (StoredDocument | undefined)[]> {
  const ids = places.map((place) => operations[place]?.id);
  const known = ids.filter((id) => id !== undefined);
  const found = known.length === 0 ? [] : await store.mFind(target, known);
  let next = 0;
  return ids.map((id) => (id === undefined ? undefined : found[next++]));
}

/** The operation as it may happen to the document that was found, or why it may not. */
function check(
  operation: WriteOperation,
  present: StoredDocument | undefined,
  { rule, ownsMetadata, refusal }: HeldRule,
): WriteOperation | GuardedFailure {
  const before = present === undefined ? undefined : (JSON.parse(present.source) as JSONObject);
  const isHidden = before !== undefined && !rule.matches(before, operation.id);
  const makesDocuments = operation.kind === "create" || operation.kind === "index" || hasUpsert(operation);
  if (isHidden || present === undefined) {
    if (!makesDocuments) return { reason: "missing" };
    if (isHidden) return { reason: "exists" };
  }
  if (operation.kind === "create") {
    if (present !== undefined) return { reason: "exists" };
  } else if ("ifVersion" in operation && operation.ifVersion !== undefined) {
    if (operation.ifVersion !== (present?.version ?? 0)) return { reason: "conflict" };
  }
  const after = writtenContent(operation, present?.source);
  if (after !== undefined) {
    if (!rule.matches(after, operation.id)) {
      const hint = "the document would be one that the policies of this user do not let it write";
      return { reason: "refused", error: refusal(hint) };
    }
    const foreign = rule.writable?.foreignChange(before ?? {}, after, ownsMetadata ? "_kuzzle_info" : undefined);
    if (foreign !== undefined) {
      const hint = `the policies of this user do not let it write the field "${foreign}"`;
      return { reason: "refused", error: refusal(hint) };
    }
  }
  return bound(operation, present);
}

const hasUpsert = (operation: WriteOperation): boolean => operation.kind === "update" && operation.upsert !== undefined;

function bound(operation: WriteOperation, present: StoredDocument | undefined): WriteOperation {
  if (operation.kind === "create" || operation.id === undefined) return operation;
  const ifVersion = present?.version ?? 0;
  return operation.kind === "update" ? { ...operation, ifVersion, retryOnConflict: 0 } : { ...operation, ifVersion };
}
