/** Pipes and hooks with their runners, and the types by which built-ins and plugins alike register what they bring. */
export { failureOf, isAccident } from "./accident.ts";
export { CallFigures } from "./call-figures.ts";
export type { DocumentResults } from "./document-events.ts";
export { Events, type EventsDeps, type HookFailure } from "./event-bus.ts";
export { eventNames } from "./event-names.ts";
export type {
  ActionEventName,
  EventArguments,
  EventDocument,
  EventName,
  EventTable,
  PipeAnswer,
} from "./event-types.ts";
export type { Disabled, ListenerOwner, OnFailure, OwnerRules } from "./listener-owner.ts";
export { type HookListener, namesOf, type PipeListener } from "./listeners.ts";
export { isThenable, type MaybePromise } from "./maybe-promise.ts";
export { type PipeLimits, PipeSlots } from "./pipe-slots.ts";
export * from "./registration/index.ts";
