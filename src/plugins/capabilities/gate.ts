import { kerror } from "../../kernel/index.ts";
import type { Granted, switches } from "./capabilities.ts";
import { allows } from "./patterns.ts";

/** What one plugin may do, asked at each call. All members throw `plugin.capability.missing` (403), naming the plugin and what it lacks. */
export class Gate {
  readonly plugin: string;
  readonly granted: Granted;
  readonly #mayCallAll: boolean;
  /** Those of which every action is granted. */
  readonly #controllers: ReadonlySet<string>;
  readonly #actions: ReadonlySet<string>;
  readonly #events: readonly string[];

  constructor(plugin: string, granted: Granted) {
    this.plugin = plugin;
    this.granted = granted;
    this.#mayCallAll = granted.actions.includes("*");
    this.#controllers = new Set(
      granted.actions.filter((name) => name.endsWith(":*")).map((name) => name.slice(0, -":*".length)),
    );
    this.#actions = new Set(granted.actions);
    this.#events = [...granted.events, `plugin-${plugin}:*`];
  }

  /** `what`: "write a document of its own". */
  require(name: (typeof switches)[number], what: string): void {
    if (!this.granted[name]) throw this.refusal(what, `"${name}": true`);
  }

  requireAction(controller: string | null, action: string | null): void {
    if (this.allowsAction(controller, action)) return;
    throw this.refusal(`call ${controller}:${action}`, `"actions": ["${controller}:${action}"]`);
  }

  allowsAction(controller: string | null, action: string | null): boolean {
    if (this.#mayCallAll || this.#controllers.has(String(controller))) return true;
    return this.#actions.has(`${controller}:${action}`);
  }

  requireEvent(event: string): void {
    if (!this.allowsEvent(event)) throw this.refusal(`use the event "${event}"`, `"events": ["${event}"]`);
  }

  allowsEvent(event: string): boolean {
    return allows(this.#events, event);
  }

  refusal(what: string, needed: string): Error {
    return kerror("plugin.capability.missing", this.plugin, what, needed);
  }
}
