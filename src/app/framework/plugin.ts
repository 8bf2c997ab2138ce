import { didYouMean, kerror } from "../../kernel/index.ts";
import { type UsedPlugin, type UseOptions, usePlugin } from "../../plugins/index.ts";
import { ApplicationManager } from "./application-manager.ts";

/** `app.plugin`: plugins that an application gives in code. */
export class BackendPlugin extends ApplicationManager {
  /** In the order in which they were given. */
  readonly used: UsedPlugin[] = [];

  /**
   * The name is the option, else the class name in kebab-case without `-plugin`.
   * Errors: `plugin.runtime.already_started`, `plugin.assert.no_name_provided`, `invalid_plugin_name`, `name_already_exists`, `init_not_found`.
   */
  use(plugin: object, options: UseOptions = {}): void {
    this.life.assertNotBegun("plugin.use");
    const used = usePlugin(plugin, options);
    if (this.used.some(({ name }) => name === used.name)) {
      throw kerror("plugin.assert.name_already_exists", used.name, "both given in code (app.plugin.use)");
    }
    this.used.push(used);
  }

  /** What the author wrote. Error: `plugin.assert.plugin_not_found` (404), with a suggestion. */
  get<T extends object = object>(name: string): T {
    const { host } = this.life;
    const names = this.list();
    if (!names.includes(name)) throw kerror("plugin.assert.plugin_not_found", name, didYouMean(name, names));
    const instance = host === undefined ? this.used.find((used) => used.name === name)?.instance : host.get(name);
    return instance as T; // whoever asks for a plugin by name knows what it is
  }

  /** In load order; before the start those that were given in code. */
  list(): string[] {
    return this.life.host?.names.slice() ?? this.used.map(({ name }) => name);
  }
}
