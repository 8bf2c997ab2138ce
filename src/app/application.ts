import type { JSONObject, KuzzleRequest } from "../kernel/index.ts";
import type { PluginContext, PluginImports } from "../plugins/index.ts";
import type { Installation } from "./installations.ts";

/** The action of a controller, as an application writes it. */
export interface ApplicationAction {
  readonly handler: (request: KuzzleRequest) => unknown;
  readonly http?: readonly { readonly verb: string; readonly path: string; readonly openapi?: unknown }[];
}

export interface ControllerContent {
  readonly actions: Readonly<Record<string, ApplicationAction>>;
}

export type EventHandler = (...args: never[]) => unknown;

/**
 * What an application brings: to the plugin host it is one more plugin, the last in order, in the documented form
 * (contract/plugins/v2.md section 3).
 */
export class Application {
  readonly name: string;
  readonly pipes: Record<string, EventHandler[]> = {};
  readonly hooks: Record<string, EventHandler[]> = {};
  readonly api: Record<string, ControllerContent> = {};
  /** Read with those of the plugins. */
  imports: PluginImports = {};
  support: JSONObject = {};
  readonly installations: Installation[] = [];
  openApi: JSONObject = {};
  /** Of its package and its repository, for `server:info`. */
  version: string | undefined;
  commit: string | null = null;
  /** What a plugin may ask of the server, once this one runs. */
  accessors: PluginContext["accessors"] | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** The plugin host calls it as it calls every plugin's. */
  init(_config: JSONObject, { accessors }: PluginContext): void {
    this.accessors = accessors;
  }

  addPipe(event: string, handler: EventHandler): void {
    add(this.pipes, event, handler);
  }

  addHook(event: string, handler: EventHandler): void {
    add(this.hooks, event, handler);
  }
}

function add(table: Record<string, EventHandler[]>, event: string, handler: EventHandler): void {
  const handlers = Object.hasOwn(table, event) ? table[event] : undefined;
  table[event] = [...(handlers ?? []), handler];
}
