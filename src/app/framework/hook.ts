import { kerror } from "../../kernel/index.ts";
import type { EventHandler } from "../application.ts";
import { ApplicationManager } from "./application-manager.ts";
import type { DefinedHookHandler, EventDefinition, HookEventHandler } from "./listener-types.ts";

/** `app.hook`: handlers that observe; they can neither slow nor fail what they observe. */
export class BackendHook extends ApplicationManager {
  /** Errors: `plugin.runtime.already_started`, `plugin.assert.invalid_hook` for what is no function. */
  register<E extends string>(event: E, handler: HookEventHandler<E>): void;
  register<T extends EventDefinition>(event: T["name"], handler: DefinedHookHandler<T>): void;
  register(event: string, handler: unknown): void {
    this.life.assertOpen("hook.register");
    if (typeof event !== "string" || event === "" || typeof handler !== "function") {
      throw kerror("plugin.assert.invalid_hook", this.application.name, event, " It must be a function.");
    }
    this.application.addHook(event, handler as EventHandler);
  }
}
