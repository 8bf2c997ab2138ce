import type { CallFigures } from "./call-figures.ts";
import type { ListenerOwner } from "./listener-owner.ts";
import type { HookListener, PipeListener } from "./listeners.ts";

interface EntryState {
  readonly by: ListenerOwner;
  readonly figures: CallFigures;
  /** What {@link RunningMarks} calls it. */
  readonly mark: number;
  /** Accidents since it last did well; written by the runner. */
  failures: number;
}

/** A registered pipe, with what is kept of its calls. */
export interface PipeEntry extends PipeListener, EntryState {}

/** A registered hook, with what is kept of its calls. */
export interface HookEntry extends HookListener, EntryState {}

// Every entry has the same members in the same order: the engine then reads them all alike.

export function pipeEntry(listener: PipeListener, by: ListenerOwner, mark: number): PipeEntry {
  const { owner, event, order, matches, warnMs, deadlineMs, run } = listener;
  const state = { by, figures: by.pipes, mark, failures: 0 };
  return matches === undefined
    ? { owner, event, order, warnMs, deadlineMs, run, ...state }
    : { owner, event, order, warnMs, deadlineMs, run, ...state, matches };
}

export function hookEntry(listener: HookListener, by: ListenerOwner, mark: number): HookEntry {
  const { owner, event, order, matches, run } = listener;
  const state = { by, figures: by.hooks, mark, failures: 0 };
  return matches === undefined
    ? { owner, event, order, run, ...state }
    : { owner, event, order, run, ...state, matches };
}
