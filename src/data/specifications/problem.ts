import type { ErrorId, ErrorParameters, KuzzleError } from "../../kernel/index.ts";
import { kerror } from "../../kernel/index.ts";

/** Enough to see what is wrong; a hostile specification could have as many as it has fields. */
const maxProblems = 100;

/** One thing that is wrong with a specification. The message stands alone. */
export interface Problem {
  readonly message: string;
  readonly error: unknown;
}

/** Gathers what is wrong with a specification. */
export class Problems {
  readonly list: Problem[] = [];

  get isFull(): boolean {
    return this.list.length >= maxProblems;
  }

  add<Id extends ErrorId>(id: Id, ...parameters: ErrorParameters<Id>): void {
    const error: KuzzleError = kerror(id, ...parameters);
    this.list.push({ message: error.message, error });
  }

  /** What a type says of a field's options: it does not know the field. */
  addOfField(path: string, error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.list.push({ message: `Field "${path}": ${text}`, error });
  }
}
