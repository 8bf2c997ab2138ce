import type { Action, ControllerDefinition } from "../events/index.ts";
import { type JSONObject, kerror } from "../kernel/index.ts";
import type { ActionRoute } from "./entry-point.ts";

/** One action with what the pipeline needs to know of it, worked out once. */
export interface ActionEntry {
  readonly controller: string;
  readonly name: string;
  readonly action: Action;
  /** Name of the plugin that brings it; undefined for the server's own. */
  readonly plugin: string | undefined;
  readonly events: { readonly before: string; readonly after: string; readonly error: string };
}

/** A controller under its own name, for documentation. */
export interface DescribedController {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly plugin: string | undefined;
  readonly actions: readonly ActionEntry[];
}

interface ControllerEntry {
  readonly definition: ControllerDefinition;
  readonly actions: ReadonlyMap<string, ActionEntry>;
}

/**
 * Every action of the server and its plugins, from one declaration each: the pipeline looks actions up here, protocols take their
 * routes, `server:publicApi` its answer.
 */
export class ActionTable {
  readonly #controllers = new Map<string, ControllerEntry>();

  /** A plugin's controller of a taken name adds its actions, the later wins; the server's own names are refused. */
  register(definition: ControllerDefinition): void {
    for (const name of [definition.name, ...(definition.aliases ?? [])]) {
      const present = this.#controllers.get(name);
      if (present !== undefined && (present.definition.plugin === undefined || definition.plugin === undefined)) {
        throw kerror("plugin.assert.invalid_controller_definition", name, "the name is taken");
      }
      const actions = new Map(present?.actions);
      for (const [actionName, action] of Object.entries(definition.actions)) {
        actions.set(actionName, entryOf(definition, name, actionName, action));
      }
      this.#controllers.set(name, { definition, actions });
    }
  }

  /** Errors: `api.process.controller_not_found`, `api.process.action_not_found` (404). */
  get(controller: string, action: string): ActionEntry {
    const found = this.#controllers.get(controller);
    if (found === undefined) throw kerror("api.process.controller_not_found", controller);
    const entry = found.actions.get(action);
    if (entry === undefined) throw kerror("api.process.action_not_found", controller, action);
    return entry;
  }

  has(controller: string, action?: string): boolean {
    const found = this.#controllers.get(controller);
    return found !== undefined && (action === undefined || found.actions.has(action));
  }

  /** All names of the controller that has this one, its own first. */
  synonymsOf(name: string): readonly string[] {
    const definition = this.#controllers.get(name)?.definition;
    return definition === undefined ? [name] : [definition.name, ...(definition.aliases ?? [])];
  }

  /** Names of controllers, the server's own first. */
  controllers(): readonly {
    readonly name: string;
    readonly plugin: string | undefined;
    readonly actions: readonly string[];
  }[] {
    return [...this.#controllers].map(([name, { definition, actions }]) => ({
      name,
      plugin: definition.plugin,
      actions: [...actions.keys()],
    }));
  }

  /** Every controller with its actions, once. */
  described(): readonly DescribedController[] {
    return [...this.#controllers].flatMap(([name, { definition, actions }]) => {
      if (name !== definition.name) return [];
      const { aliases = [], plugin } = definition;
      return [{ name, aliases, plugin, actions: [...actions.values()] }];
    });
  }

  /** Every HTTP route; an alias has the routes of its controller once. */
  routes(): readonly ActionRoute[] {
    const routes: ActionRoute[] = [];
    for (const [name, { definition, actions }] of this.#controllers) {
      if (name !== definition.name) continue;
      for (const entry of actions.values()) {
        for (const route of entry.action.http) routes.push({ ...route, controller: name, action: entry.name });
      }
    }
    return routes;
  }

  /**
   * `{ document: { get: { controller, action, http: [{ verb, path, url }] } } }`. Those in the older form of plugins have a `name` as well, as the first releases gave it.
   */
  publicApi(): JSONObject {
    const api: JSONObject = {};
    for (const [controller, { definition, actions }] of this.#controllers) {
      const described: JSONObject = {};
      for (const { name, action } of actions.values()) {
        const http = action.http.map(({ verb, path }) => ({ verb, path, url: path }));
        const called = { controller, action: name, ...(isOfOlderForm(definition) ? { name } : {}) };
        described[name] = http.length === 0 ? called : { ...called, http };
      }
      api[controller] = described;
    }
    return api;
  }
}

/** Plugins of the first generations have controllers below their own name. */
const isOfOlderForm = ({ name, plugin }: ControllerDefinition): boolean =>
  plugin !== undefined && name.startsWith(`${plugin}/`);

function entryOf(definition: ControllerDefinition, controller: string, name: string, action: Action): ActionEntry {
  const capitalised = name.charAt(0).toUpperCase() + name.slice(1);
  const scope = definition.name; // an alias fires the events of the controller's own name
  return {
    controller,
    name,
    action,
    plugin: definition.plugin,
    events: {
      before: `${scope}:before${capitalised}`,
      after: `${scope}:after${capitalised}`,
      error: `${scope}:error${capitalised}`,
    },
  };
}
