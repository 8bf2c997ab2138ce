import { isPlainObject, kerror } from "../../kernel/index.ts";
import { Inflector } from "../../plugins/index.ts";
import type { ApplicationAction, ControllerContent } from "../application.ts";
import { ApplicationManager } from "./application-manager.ts";
import { checkControllerDefinition } from "./controller-definition.ts";

/** What `app.controller.use` takes: an instance of a class that extends `Controller`, or one of its shape. */
export interface UsableController {
  name?: string | undefined;
  readonly definition: ControllerContent;
}

/**
 * `app.controller`: actions of the application's own, under a name without prefix.
 * Errors: `plugin.runtime.already_started`, `plugin.assert.invalid_controller_definition` for a wrong definition and for a name that is taken.
 */
export class BackendController extends ApplicationManager {
  register(name: string, definition: ControllerContent): void {
    this.life.assertOpen("controller.register");
    this.#add(name, definition);
  }

  /** Handlers that are methods of the instance are called as such. */
  use(instance: UsableController): void {
    this.life.assertOpen("controller.use");
    if (typeof instance !== "object" || instance === null) {
      throw kerror("plugin.assert.invalid_controller_definition", "?", "it must be an instance of a controller.");
    }
    const name = instance.name || Inflector.kebabCase(instance.constructor.name).replace(/-controller$/, "");
    checkControllerDefinition(name, instance.definition);
    instance.name = name;
    this.#add(name, boundTo(instance));
  }

  #add(name: string, definition: ControllerContent): void {
    checkControllerDefinition(name, definition);
    if (Object.hasOwn(this.application.api, name)) {
      throw kerror("plugin.assert.invalid_controller_definition", name, "it is registered already");
    }
    this.application.api[name] = definition;
  }
}

function boundTo(instance: UsableController): ControllerContent {
  const actions: Record<string, ApplicationAction> = {};
  for (const [action, definition] of Object.entries(instance.definition.actions)) {
    const { handler } = definition;
    actions[action] = isMethod(instance, handler.name)
      ? { ...definition, handler: handler.bind(instance) }
      : definition;
  }
  return { ...instance.definition, actions };
}

function isMethod(instance: object, name: string): boolean {
  if (name === "" || name in Object.prototype || isPlainObject(instance)) return false;
  return typeof (instance as Readonly<Record<string, unknown>>)[name] === "function";
}
