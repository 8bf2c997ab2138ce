import { isDeepStrictEqual } from "node:util";
import type { Config, Configuration } from "../config/index.ts";
import { isPlainObject, type JSONObject } from "../kernel/index.ts";

/**
 * The sections `plugins.<name>` of the configuration: those of the start, and after {@link reread} what files, variables and arguments say
 * now, where that is something else than they said then. What an application sets in code stays for all others.
 */
export class PluginSections {
  readonly #configuration: Configuration;
  readonly #atStart: JSONObject;
  #sections: JSONObject;

  constructor(configuration: Configuration, config: Config) {
    this.#configuration = configuration;
    this.#atStart = config.plugins;
    this.#sections = this.#atStart;
  }

  find(plugin: string): JSONObject | undefined {
    const section = Object.hasOwn(this.#sections, plugin) ? this.#sections[plugin] : undefined;
    return isPlainObject(section) ? section : undefined;
  }

  /** Errors: those of reading and checking a configuration; the sections then stay as they were. */
  reread(): void {
    const { pluginsAsRead: before } = this.#configuration;
    const again = this.#configuration.readAgain();
    const { pluginsAsRead: now } = again;
    const changed = Object.keys({ ...before, ...now }).filter((name) => !isDeepStrictEqual(before[name], now[name]));
    const sections: JSONObject = { ...this.#atStart };
    if (changed.length > 0) {
      const { plugins } = again.freeze().config;
      for (const name of changed) sections[name] = (plugins as JSONObject)[name];
    }
    this.#sections = sections;
  }
}
