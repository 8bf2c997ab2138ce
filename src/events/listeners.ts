import type { MaybePromise } from "./maybe-promise.ts";

/** One pipe, normalised by the dialect of its plugin: gets the payload and the further arguments, answers the next payload. */
export interface PipeListener {
  /** Name of the plugin, for errors, warnings and figures. */
  readonly owner: string;
  /** Event name, or a wildcard: `<scope>:*`, `<scope>:before*`, `<scope>:after*`, `<scope>:error*`. */
  readonly event: string;
  /** Position of the owner in the load order; lower runs first. */
  readonly order: number;
  /** Which events it listens to, when their names follow rules of its own; `event` then only names the listener. */
  readonly matches?: (event: string) => boolean;
  /** Milliseconds after which a warning names the plugin; 0: never. */
  readonly warnMs: number;
  /** Milliseconds after which the chain fails with `plugin.runtime.pipe_timeout`; 0: never. */
  readonly deadlineMs: number;
  readonly run: (args: readonly unknown[]) => MaybePromise<unknown>;
}

/** One hook: observes, answers nothing that counts. */
export interface HookListener {
  readonly owner: string;
  readonly event: string;
  readonly order: number;
  /** As that of a pipe. */
  readonly matches?: (event: string) => boolean;
  readonly run: (args: readonly unknown[], event: string) => MaybePromise<unknown>;
}

/**
 * The names under which an event may be listened to, most specific first: `document:beforeCreate` is also `document:before*` and
 * `document:*`. The scope ends at the last colon.
 */
export function namesOf(event: string): readonly string[] {
  const colon = event.lastIndexOf(":");
  if (colon < 0) return [event];
  const scope = event.slice(0, colon);
  const name = event.slice(colon + 1);
  const phase = phases.find((candidate) => name.startsWith(candidate));
  return phase === undefined ? [event, `${scope}:*`] : [event, `${scope}:${phase}*`, `${scope}:*`];
}

const phases = ["before", "after", "error"] as const;
