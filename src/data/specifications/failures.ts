import { type JSONObject, kerror } from "../../kernel/index.ts";
import type { ValidationReport } from "../content-validator.ts";
import type { Field } from "./compiled-specification.ts";

/** Hears where a content does not have its specification. */
export interface Failures {
  document(message: string): void;
  /** The messages say what the field must be. */
  field(field: Pick<Field, "names" | "path">, messages: readonly string[]): void;
}

/** Throws the first: `validation.check.failed_document`, `failed_field` (400). */
export const firstFailure: Failures = {
  document(message) {
    throw kerror("validation.check.failed_document", message);
  },
  field({ path }, messages) {
    throw kerror("validation.check.failed_field", path, messages.join("; "));
  },
};

interface ReportedField {
  messages?: readonly string[];
  /** By name. A map, since names are the client's: `__proto__` is one like any other. */
  readonly children: Map<string, ReportedField>;
}

/**
 * Gathers all, in the shape of `document:validate`:
 * `{ documentScope: ["…"], fieldScope: { children: { address: { children: { city: { messages: ["must be a string"] } } } } } }`.
 */
export class FailureReport implements Failures {
  readonly #document: string[] = [];
  readonly #root: ReportedField = { children: new Map() };

  document(message: string): void {
    this.#document.push(message);
  }

  field({ names }: Pick<Field, "names">, messages: readonly string[]): void {
    let place = this.#root;
    for (const name of names) {
      const next = place.children.get(name) ?? { children: new Map() };
      place.children.set(name, next);
      place = next;
    }
    place.messages ??= messages;
  }

  result(): ValidationReport {
    const errorMessages: JSONObject = {};
    if (this.#document.length > 0) errorMessages.documentScope = this.#document;
    if (this.#root.children.size > 0) errorMessages.fieldScope = reported(this.#root);
    return { valid: Object.keys(errorMessages).length === 0, errorMessages };
  }
}

function reported({ messages, children }: ReportedField): JSONObject {
  const answer: JSONObject = {};
  if (messages !== undefined) answer.messages = messages;
  if (children.size > 0) {
    answer.children = Object.fromEntries([...children].map(([name, child]) => [name, reported(child)]));
  }
  return answer;
}
