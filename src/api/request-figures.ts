import { CallFigures } from "../events/index.ts";
import type { ActionTable } from "./action-table.ts";

/** What stands in the place of a name that no action has: clients can make up any number of them. */
const unknown = "unknown";

/** Requests by action and status, since the server started. */
export class RequestFigures {
  /** Of all requests together. */
  readonly durations = new CallFigures();
  readonly #actions: Pick<ActionTable, "has">;
  readonly #counts = new Map<string, Map<string, Map<number, number>>>();

  constructor(actions: Pick<ActionTable, "has">) {
    this.#actions = actions;
  }

  count(controller: string | null, action: string | null, status: number, durationMs: number): void {
    this.durations.add(durationMs, 0);
    const statuses =
      this.#counts.get(controller ?? unknown)?.get(action ?? unknown) ?? this.#statusesOf(controller, action);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }

  #statusesOf(controller: string | null, action: string | null): Map<number, number> {
    const isKnown = controller !== null && action !== null && this.#actions.has(controller, action);
    const byAction = ensure(this.#counts, isKnown ? controller : unknown, () => new Map<string, Map<number, number>>());
    return ensure(byAction, isKnown ? action : unknown, () => new Map<number, number>());
  }

  /** Each count there is. */
  *entries(): Generator<{ controller: string; action: string; status: number; count: number }> {
    for (const [controller, actions] of this.#counts) {
      for (const [action, statuses] of actions) {
        for (const [status, count] of statuses) yield { controller, action, status, count };
      }
    }
  }
}

function ensure<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
