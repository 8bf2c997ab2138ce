import { CallFigures } from "./call-figures.ts";
import { RareWarning } from "./rare-warning.ts";

/**
 * What becomes of the request when a pipe fails by accident. `fail`: it fails. `skip`: the payload passes on unchanged. `disableAfter`: it fails, and
 * after that many failures of one pipe or hook in a row nothing of the plugin is called any more.
 */
export type OnFailure = "fail" | "skip" | { readonly disableAfter: number };

export interface OwnerRules {
  readonly onFailure: OnFailure;
  /** Milliseconds after which a hook or an action counts as slow; pipes say their own. 0: never. */
  readonly slowMs: number;
}

/** Why nothing of an owner is called any more. */
export interface Disabled {
  /** `pipe on "document:beforeCreate"` */
  readonly because: string;
  readonly failures: number;
}

/** One plugin as the events know it: its rules, and the figures of what it was called for. Written by {@link Events} and by whoever runs its actions. */
export class ListenerOwner {
  readonly name: string;
  readonly pipes = new CallFigures();
  readonly hooks = new CallFigures();
  readonly actions = new CallFigures();
  /** Failures of pipes that were passed over. */
  skipped = 0;
  rules: OwnerRules = { onFailure: "fail", slowMs: 0 };
  /** Nothing of it is called while this is there. */
  disabled: Disabled | undefined;
  /** Of slow pipes, by event. */
  readonly #warnings = new Map<string, RareWarning>();

  constructor(name: string) {
    this.name = name;
  }

  warningOf(event: string): RareWarning {
    let warning = this.#warnings.get(event);
    if (warning === undefined) {
      warning = new RareWarning();
      this.#warnings.set(event, warning);
    }
    return warning;
  }
}
