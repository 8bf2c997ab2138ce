import type { JSONObject } from "../../../src/kernel/index.ts";
import type { WriteOperation, WriteOutcome } from "../../../src/stores/documents/index.ts";

/** What one lane asks of the store, one request after the other. */
export type ChurnRequest =
  | { readonly kind: "write"; readonly operations: readonly WriteOperation[] }
  | { readonly kind: "truncate" | "drop" | "make" }
  /** Maps one more field, which documents have from then on. */
  | { readonly kind: "map"; readonly field: string };

export interface ModelDocument {
  readonly version: number;
  readonly source: JSONObject;
}

/** What should be stored of one lane: documents by id, and whether its collection is there. Never changed: each request makes a new one. */
export interface ModelState {
  readonly exists: boolean;
  readonly documents: ReadonlyMap<string, ModelDocument>;
  readonly fields: readonly string[];
}

export const emptyState: ModelState = { exists: true, documents: new Map(), fields: [] };

/** What is stored after a request, and what the outcomes of its writes should say: `[ok, version]` or `[false, reason]`. */
export function applyRequest(
  state: ModelState,
  request: ChurnRequest,
): { readonly state: ModelState; readonly outcomes: readonly (readonly [boolean, unknown])[] } {
  switch (request.kind) {
    case "make":
      return { state: { ...emptyState, exists: true }, outcomes: [] };
    case "drop":
      return { state: { ...emptyState, exists: false }, outcomes: [] };
    case "truncate":
      return { state: { ...state, documents: new Map() }, outcomes: [] };
    case "map":
      return { state: { ...state, fields: [...state.fields, request.field] }, outcomes: [] };
    case "write": {
      const documents = new Map(state.documents);
      const outcomes = request.operations.map((operation) => applyWrite(documents, operation));
      return { state: { ...state, documents }, outcomes };
    }
  }
}

function applyWrite(documents: Map<string, ModelDocument>, operation: WriteOperation): readonly [boolean, unknown] {
  const id = operation.id ?? "";
  const present = documents.get(id);
  const store = (source: JSONObject): readonly [boolean, unknown] => {
    const version = (present?.version ?? 0) + 1;
    documents.set(id, { version, source });
    return [true, version];
  };
  switch (operation.kind) {
    case "create":
      return present === undefined ? store(JSON.parse(operation.source)) : [false, "exists"];
    case "index":
      return store(JSON.parse(operation.source));
    case "replace":
      return present === undefined ? [false, "missing"] : store(JSON.parse(operation.source));
    case "update":
      return present === undefined
        ? [false, "missing"]
        : store({ ...present.source, ...(JSON.parse(operation.partial) as JSONObject) });
    case "deleteFields": {
      if (present === undefined) return [false, "missing"];
      const left = Object.entries(present.source).filter(([name]) => !operation.fields.includes(name));
      return store({ ...Object.fromEntries(left), ...(JSON.parse(operation.partial) as JSONObject) });
    }
    case "delete": {
      if (present === undefined) return [false, "missing"];
      documents.delete(id);
      return [true, present.version + 1];
    }
  }
}

/** Outcomes of the store in the form of the model's. */
export const outcomesOf = (outcomes: readonly WriteOutcome[]): readonly (readonly [boolean, unknown])[] =>
  outcomes.map((outcome) => (outcome.ok ? [true, outcome.version] : [false, outcome.failure.reason]));
