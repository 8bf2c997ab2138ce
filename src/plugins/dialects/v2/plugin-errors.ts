import {
  didYouMean,
  type ErrorClassName,
  type ErrorDefinition,
  errorClasses,
  errorFrom,
  InternalError,
  isPlainObject,
  type JSONObject,
  type KuzzleError,
  kerror,
} from "../../../kernel/index.ts";

/** `context.kerror`: errors that the plugin's manifest declares, by name. `%s` in their messages are filled in order. */
export interface PluginErrors {
  get(name: string, ...placeholders: unknown[]): KuzzleError;
  /** As `get`, keeping what caused it for the log. */
  getFrom(source: unknown, name: string, ...placeholders: unknown[]): KuzzleError;
  reject(name: string, ...placeholders: unknown[]): Promise<never>;
}

const pluginDomain = 0x04;

/**
 * Reads `errors` of a manifest: `{ <name>: { code, message, class } }`, or the same one level deeper.
 * Error: `plugin.manifest.invalid_errors`.
 * Source: contract/plugins/v2.md section 9.
 */
export function pluginErrors(plugin: string, written: unknown, pluginCode: unknown): PluginErrors {
  const definitions = new Map<string, ErrorDefinition>();
  const subdomain = typeof pluginCode === "number" && Number.isInteger(pluginCode) ? pluginCode & 0xff : 0;
  if (written !== undefined && written !== null) {
    if (!isPlainObject(written)) throw kerror("plugin.manifest.invalid_errors", plugin, "they must be an object.");
    readLevel(plugin, written, "", (pluginDomain << 24) | (subdomain << 16), definitions);
  }
  const make = (cause: unknown, name: string, placeholders: readonly unknown[]): KuzzleError => {
    const definition = definitions.get(name);
    if (definition === undefined) {
      const hint = didYouMean(name, [...definitions.keys()]);
      return new InternalError(`[${plugin}] The manifest declares no error "${name}".${hint}`);
    }
    return errorFrom(`plugin.${plugin}.${name}`, definition, placeholders, cause);
  };
  return {
    get: (name, ...placeholders) => make(undefined, name, placeholders),
    getFrom: (source, name, ...placeholders) => make(source, name, placeholders),
    reject: (name, ...placeholders) => Promise.reject(make(undefined, name, placeholders)),
  };
}

function readLevel(
  plugin: string,
  level: JSONObject,
  prefix: string,
  base: number,
  definitions: Map<string, ErrorDefinition>,
): void {
  const codes = new Set<number>();
  for (const [name, written] of Object.entries(level)) {
    const invalid = (why: string): Error =>
      kerror("plugin.manifest.invalid_errors", plugin, `"${prefix}${name}" ${why}`);
    if (!isPlainObject(written)) throw invalid("must be an object.");
    if (!("code" in written) && prefix === "") {
      readLevel(plugin, written, `${name}.`, base, definitions);
      continue;
    }
    const { code, message, class: className } = written;
    if (typeof code !== "number" || !Number.isInteger(code) || code < 1 || code > 0xffff) {
      throw invalid('needs a "code" between 1 and 65535.');
    }
    if (codes.has(code)) throw invalid(`has the code ${code} of another error.`);
    codes.add(code);
    if (typeof message !== "string") throw invalid('needs a "message".');
    if (typeof className !== "string" || !isErrorClass(className)) {
      throw invalid(`needs a "class" out of ${Object.keys(errorClasses).join(", ")}.`);
    }
    definitions.set(prefix + name, { code: base | code, class: className, message });
  }
}

const isErrorClass = (name: string): name is ErrorClassName => Object.hasOwn(errorClasses, name);
