import type { ActionEventName, EventArguments, EventName } from "../../events/index.ts";
import type { KuzzleRequest } from "../../kernel/index.ts";
import type { WildcardEventName } from "../../plugins/index.ts";
import type { EventHandler } from "../application.ts";

/** An event of one's own, for `register<MyEvent>(…)`: `{ name: "my-app:sold"; args: [sale: Sale] }`. */
export interface EventDefinition {
  readonly name: string;
  readonly args: readonly unknown[];
}

/**
 * What a pipe answers goes on in the place of the first argument; events without arguments take anything. A promise: an answer at once is not
 * seen, since older handlers answer by a callback.
 */
type Answer<Args> = Args extends readonly [infer First, ...unknown[]]
  ? Promise<First extends KuzzleRequest ? KuzzleRequest : First>
  : Promise<unknown>;

/** The handler of a pipe, by the name of its event. Names that are not known at compile time take any function. */
export type PipeEventHandler<E> = E extends EventName
  ? (...args: EventArguments<E>) => Answer<EventArguments<E>>
  : E extends WildcardEventName
    ? EventHandler
    : E extends ActionEventName
      ? (request: KuzzleRequest) => Promise<KuzzleRequest>
      : EventHandler;

/** The handler of a hook: gets the name of the event, as registered, behind the arguments. */
export type HookEventHandler<E> = E extends EventName
  ? (...args: [...EventArguments<E>, event: string]) => unknown
  : E extends WildcardEventName
    ? EventHandler
    : E extends ActionEventName
      ? (request: KuzzleRequest, event: string) => unknown
      : EventHandler;

/** Only for an event that was named as a type argument: else every function would do for every event. */
export type DefinedPipeHandler<T extends EventDefinition> = EventDefinition extends T
  ? never
  : (...args: [...T["args"]]) => Answer<T["args"]>;

export type DefinedHookHandler<T extends EventDefinition> = EventDefinition extends T
  ? never
  : (...args: [...T["args"], event: string]) => unknown;
