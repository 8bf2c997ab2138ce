import { kerror } from "../../../kernel/index.ts";

/** Actions of which only one may run at a time. */
export class SingleRuns {
  readonly #running = new Set<string>();

  /** Throws at once, `api.process.action_locked` (412), when the action runs already. Free again when the work has ended, well or not. */
  run<T>(action: string, work: () => Promise<T>): Promise<T> {
    if (this.#running.has(action)) throw kerror("api.process.action_locked", action);
    this.#running.add(action);
    return Promise.try(work).finally(() => this.#running.delete(action));
  }
}
