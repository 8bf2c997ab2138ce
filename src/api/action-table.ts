import type { Action, ControllerDefinition } from "../events/index.ts";
import { type JSONObject, kerror } from "../kernel/index.ts";
import type { ActionRoute, RoutesFollower } from "./entry-point.ts";

/** One action with what the pipeline needs to know of it, worked out once. */
export interface ActionEntry {
  readonly controller: string;
  readonly name: string;
  readonly action: Action;
  /** Name of the plugin that brings it; undefined for the server's own. */
  readonly plugin: string | undefined;
  readonly events: { readonly before: string; readonly after: string; readonly error: string };
}

/** An action of an older release that plugins still ask for. */
export type FormerActionEntry = Omit<ActionEntry, "plugin">;

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
  /** In order of registration. */
  #definitions: readonly ControllerDefinition[] = [];
  #controllers = new Map<string, ControllerEntry>();
  #routes: readonly ActionRoute[] | undefined;
  readonly #followers = new Set<RoutesFollower>();
  /** By `<controller>:<action>`: found by their names and subject to rights, but no part of the described API. */
  readonly #former = new Map<string, ActionEntry>();

  /** A plugin's controller of a taken name adds its actions, the later wins; the server's own names are refused. */
  register(definition: ControllerDefinition): void {
    this.replace([], [definition]);
  }

  /** Takes a controller away again; actions that another plugin has under its name stay. */
  unregister(definition: ControllerDefinition): void {
    this.replace([definition], []);
  }

  /**
   * Puts controllers in the place of others, all at once: no request sees the one without the other. What throws leaves everything as it was.
   * Errors: those of {@link register}, and of those who follow the routes.
   */
  replace(before: readonly ControllerDefinition[], after: readonly ControllerDefinition[]): void {
    if (before.length === 0 && after.length === 0) return;
    const definitions = exchanged(this.#definitions, before, after);
    const controllers = before.length === 0 ? new Map(this.#controllers) : new Map<string, ControllerEntry>();
    for (const definition of before.length === 0 ? after : definitions) add(controllers, definition);
    if (this.#followers.size > 0) this.#tell(routesOf(controllers));
    this.#definitions = definitions;
    this.#controllers = controllers;
    this.#routes = undefined;
  }

  /** Tells of all routes after every change; who throws refuses it. The answer ends that. */
  followRoutes(follower: RoutesFollower): () => void {
    this.#followers.add(follower);
    return () => void this.#followers.delete(follower);
  }

  #tell(routes: readonly ActionRoute[]): void {
    const told: RoutesFollower[] = [];
    try {
      for (const follower of this.#followers) {
        follower(routes);
        told.push(follower);
      }
    } catch (error) {
      for (const follower of told) follower(this.routes());
      throw error;
    }
  }

  /** An action of today goes before a former one of its name. */
  registerFormer(entry: FormerActionEntry): void {
    this.#former.set(`${entry.controller}:${entry.name}`, { ...entry, plugin: undefined });
  }

  /** Errors: `api.process.controller_not_found`, `api.process.action_not_found` (404). */
  get(controller: string, action: string): ActionEntry {
    const found = this.#controllers.get(controller);
    if (found === undefined) throw kerror("api.process.controller_not_found", controller);
    const entry = found.actions.get(action) ?? this.#former.get(`${controller}:${action}`);
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

  /** Names of controllers, the server's own first; actions of older releases come last. */
  controllers(): readonly {
    readonly name: string;
    readonly plugin: string | undefined;
    readonly actions: readonly string[];
  }[] {
    return [...this.#controllers].map(([name, { definition, actions }]) => ({
      name,
      plugin: definition.plugin,
      actions: [...actions.keys(), ...this.#formerOf(name)],
    }));
  }

  #formerOf(controller: string): string[] {
    return [...this.#former.values()].filter((entry) => entry.controller === controller).map(({ name }) => name);
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
    this.#routes ??= routesOf(this.#controllers);
    return this.#routes;
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

function exchanged(
  present: readonly ControllerDefinition[],
  before: readonly ControllerDefinition[],
  after: readonly ControllerDefinition[],
): readonly ControllerDefinition[] {
  const gone = new Set(before);
  const first = present.findIndex((definition) => gone.has(definition));
  const at = first < 0 ? present.length : first;
  const rest = present.slice(at).filter((definition) => !gone.has(definition));
  return [...present.slice(0, at), ...after, ...rest];
}

function add(controllers: Map<string, ControllerEntry>, definition: ControllerDefinition): void {
  for (const name of [definition.name, ...(definition.aliases ?? [])]) {
    const present = controllers.get(name);
    if (present !== undefined && (present.definition.plugin === undefined || definition.plugin === undefined)) {
      const by = definition.plugin === undefined ? "" : ` The plugin that wants it is "${definition.plugin}".`;
      throw kerror("plugin.assert.invalid_controller_definition", name, `the name is taken by the server.${by}`);
    }
    const actions = new Map(present?.actions);
    for (const [actionName, action] of Object.entries(definition.actions)) {
      actions.set(actionName, entryOf(definition, name, actionName, action));
    }
    controllers.set(name, { definition, actions });
  }
}

function routesOf(controllers: ReadonlyMap<string, ControllerEntry>): readonly ActionRoute[] {
  const routes: ActionRoute[] = [];
  for (const [name, { definition, actions }] of controllers) {
    if (name !== definition.name) continue;
    for (const entry of actions.values()) {
      for (const route of entry.action.http) routes.push({ ...route, controller: name, action: entry.name });
    }
  }
  return routes;
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
