import { kerror } from "../../kernel/index.ts";
import type { Granted, switches } from "./capabilities.ts";
import { allows } from "./patterns.ts";

/** What one plugin may do, asked at each call. All members throw `plugin.capability.missing` (403), naming the plugin and what it lacks. */
export class Gate {
  readonly plugin: string;
  readonly granted: Granted;
  readonly #actions: ReadonlySet<string>;
  readonly #events: readonly string[];

  constructor(plugin: string, granted: Granted) {
    this.plugin = plugin;
    this.granted = granted;
    this.#actions = new Set(granted.actions);
    this.#events = [...granted.events, `plugin-${plugin}:*`];
  }

  /** `what`: "write a document of its own". */
  require(name: (typeof switches)[number], what: string): void {
    if (!this.granted[name]) throw this.refusal(what, `"${name}": true`);
  }

  requireAction(controller: string | null, action: string | null): void {
    const name = `${controller}:${action}`;
    if (!this.allowsAction(name)) throw this.refusal(`call ${name}`, `"actions": ["${name}"]`);
  }

  allowsAction(name: string): boolean {
    const actions = this.#actions;
    return actions.has(name) || actions.has("*") || actions.has(`${name.slice(0, name.indexOf(":"))}:*`);
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
