import { catalogue, type ErrorId, errorFrom } from "../kernel/index.ts";

/** The status with which an error is answered; 500 for an id that is not in the catalogue. */
export function statusOf(id: ErrorId): number {
  return Object.hasOwn(catalogue, id) ? errorFrom(id, catalogue[id], []).status : 500;
}
