import type { ErrorClassName } from "./classes.ts";

/** One entry of a catalogue. `%s` in the message is filled by the parameters, in order; they become `props` on the wire. */
export interface ErrorDefinition {
  readonly code: number;
  readonly class: ErrorClassName;
  readonly message: string;
}
