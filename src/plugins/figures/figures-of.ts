import type { CallFigures, ListenerOwner, OnFailure } from "../../events/index.ts";
import type { Generation, PluginDefinition, WorkerFigures } from "../definition.ts";

/** Calls of one kind: `{ calls: 120, errors: 1, refused: 0, slow: 2, running: 0, meanMs: 0.4, p99Ms: 2.048 }`. */
export interface CallSummary {
  readonly calls: number;
  readonly errors: number;
  readonly refused: number;
  readonly slow: number;
  readonly running: number;
  readonly meanMs: number;
  /** An upper bound, within a factor of 2. */
  readonly p99Ms: number;
}

/** One plugin as `server:info` shows it under `tenon`, beside how it is. */
export interface FiguresOfPlugin {
  readonly generation: Generation;
  readonly state: "running" | "disabled";
  /** Why it is disabled. */
  readonly because?: string;
  readonly onFailure: OnFailure;
  readonly pipes: CallSummary & { readonly skipped: number };
  readonly hooks: CallSummary;
  readonly actions: CallSummary;
  readonly workers?: WorkerFigures;
}

export function figuresOf({ generation, workerFigures }: PluginDefinition, by: ListenerOwner): FiguresOfPlugin {
  const { pipes, hooks, actions, skipped, rules, disabled } = by;
  return {
    generation,
    state: disabled === undefined ? "running" : "disabled",
    ...(disabled === undefined ? {} : { because: `${disabled.because} failed ${disabled.failures} times in a row` }),
    onFailure: rules.onFailure,
    pipes: { ...summary(pipes), skipped },
    hooks: summary(hooks),
    actions: summary(actions),
    ...(workerFigures === undefined ? {} : { workers: workerFigures() }),
  };
}

function summary(figures: CallFigures): CallSummary {
  const { calls, errors, refused, slow, running, meanMs } = figures;
  return {
    calls,
    errors,
    refused,
    slow,
    running,
    meanMs: Math.round(meanMs * 1_000) / 1_000,
    p99Ms: figures.percentileMs(0.99),
  };
}
