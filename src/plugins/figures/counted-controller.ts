import {
  type Action,
  type ControllerDefinition,
  type Events,
  failureOf,
  isAccident,
  isThenable,
  type ListenerOwner,
} from "../../events/index.ts";
import { type KuzzleRequest, kerror } from "../../kernel/index.ts";

type Surroundings = Pick<Events, "marks" | "traces">;

/** The controller of a plugin, its calls counted. Its actions are refused with `plugin.failure.disabled` (503) while the plugin is. */
export function countedController(
  definition: ControllerDefinition,
  by: ListenerOwner,
  surroundings: Surroundings,
): ControllerDefinition {
  const actions = Object.entries(definition.actions).map(([name, action]) => {
    const counted = new CountedAction(action, `${definition.name}:${name}`, by, surroundings);
    return [name, { ...action, invoke: (request: KuzzleRequest) => counted.run(request) }] as const;
  });
  return { ...definition, actions: Object.fromEntries(actions) };
}

class CountedAction {
  readonly #action: Action;
  readonly #name: string;
  readonly #by: ListenerOwner;
  readonly #surroundings: Surroundings;
  readonly #mark: number;

  constructor(action: Action, name: string, by: ListenerOwner, surroundings: Surroundings) {
    this.#action = action;
    this.#name = name;
    this.#by = by;
    this.#surroundings = surroundings;
    this.#mark = surroundings.marks.markOf(by.name, `action ${name}`);
  }

  run(request: KuzzleRequest): unknown {
    const { disabled, name, actions } = this.#by;
    if (disabled !== undefined) throw kerror("plugin.failure.disabled", name, disabled.because, disabled.failures);
    const startedAt = performance.now();
    const { marks, traces } = this.#surroundings;
    const before = marks.enter(this.#mark);
    try {
      const answer = traces.active === undefined ? this.#action.invoke(request) : this.#traced(request);
      if (isThenable(answer)) return this.#ended(answer, startedAt);
      actions.add(performance.now() - startedAt, this.#by.rules.slowMs);
      return answer;
    } catch (error) {
      throw this.#failed(error, startedAt);
    } finally {
      marks.leave(before);
    }
  }

  #traced(request: KuzzleRequest): unknown {
    const attributes = { plugin: this.#by.name, event: this.#name };
    return this.#surroundings.traces.active?.around(`action ${this.#name}`, attributes, () =>
      this.#action.invoke(request),
    );
  }

  async #ended(answer: PromiseLike<unknown>, startedAt: number): Promise<unknown> {
    const { actions, rules } = this.#by;
    actions.running++;
    try {
      const result = await answer;
      actions.add(performance.now() - startedAt, rules.slowMs);
      return result;
    } catch (error) {
      throw this.#failed(error, startedAt);
    } finally {
      actions.running--;
    }
  }

  #failed(error: unknown, startedAt: number): unknown {
    const { actions, rules, name } = this.#by;
    actions.add(performance.now() - startedAt, rules.slowMs);
    if (!isAccident(error)) {
      actions.refused++;
      return error;
    }
    actions.errors++;
    return failureOf(error, { plugin: name });
  }
}
