import { isDeepStrictEqual } from "node:util";
import { isPlainObject, type JSONObject, kerror } from "../kernel/index.ts";
import { type CheckContext, checkSection } from "./check.ts";
import type { Config, ConfigWarning, LoadedConfig, RecordedKey } from "./config.ts";
import { convertLayer } from "./convert.ts";
import { deriveConfig } from "./derive.ts";
import { cannotParse } from "./errors.ts";
import { assignAt, parsePath, valueAt } from "./key-path.ts";
import { freezeTree, mergeInto } from "./merge.ts";
import { nearestKey } from "./nearest-key.ts";
import { type Layer, Origins } from "./origin.ts";
import { checkRelations } from "./relations.ts";
import { defaultsOf, optionsOf } from "./schema/defaults.ts";
import { configSchema, type Settings } from "./schema/schema.ts";
import { readArguments } from "./sources/arguments.ts";
import { readFiles } from "./sources/files.ts";
import type { Sources } from "./sources/sources.ts";
import { readVariables } from "./sources/variables.ts";

/** Kuzzle's version whose contract Tenon keeps. */
const contractVersion = "2.56.0";

/**
 * The configuration while it may still change: read from all sources, not checked yet.
 * An application may change it in code; `freeze` checks it and ends that phase.
 *
 * Errors of the constructor: `core.configuration.cannot_parse` for a source that cannot be read, and for an unknown key in
 * one of Tenon's own sources; `core.configuration.invalid_type` for a section that is given a single value.
 */
export class Configuration {
  readonly #content: Settings & JSONObject;
  readonly #defaults = defaultsOf(configSchema);
  readonly #origins = new Origins();
  readonly #warnings: ConfigWarning[] = [];
  readonly #version: string;
  readonly #sources: Sources;
  readonly #pluginsAsRead: Readonly<JSONObject>;
  #loaded: LoadedConfig | undefined;

  constructor(sources: Sources) {
    this.#version = sources.version ?? contractVersion;
    const content = defaultsOf(configSchema);
    for (const layer of readLayers(sources)) this.#addLayer(content, layer);
    // Sources may have put anything anywhere; `freeze` makes the type true.
    this.#content = content as Settings & JSONObject;
    this.#sources = sources;
    this.#pluginsAsRead = structuredClone(this.#content.plugins);
  }

  /** The section `plugins` as the sources had it, before application code changed anything. */
  get pluginsAsRead(): Readonly<JSONObject> {
    return this.#pluginsAsRead;
  }

  /** What the same sources say now. Errors: as the constructor. */
  readAgain(): Configuration {
    return new Configuration(this.#sources);
  }

  /** The whole tree, which application code may change until `freeze`; afterwards changes have no effect. */
  get content(): Settings & JSONObject {
    return this.#content;
  }

  /** True once the configuration can no longer be changed. */
  get frozen(): boolean {
    return this.#loaded !== undefined;
  }

  /**
   * Sets one key: `set("server.port", 7513)`.
   * Errors: `plugin.runtime.already_started` after `freeze`; `core.configuration.cannot_parse` for a bad path.
   */
  set(path: string | readonly string[], value: unknown): void {
    this.#mustBeOpen("config.set");
    const names = parsePath(path);
    assignAt(this.#content, names, value);
    this.#origins.record(names, "config.set", value);
  }

  /** Merges an object into the tree: `merge({ server: { port: 7513 } })`. Errors: as `set`. */
  merge(changes: unknown): void {
    this.#mustBeOpen("config.merge");
    if (!isPlainObject(changes)) throw cannotParse("config.merge takes an object");
    mergeInto(this.#content, changes, "config.merge", this.#origins);
  }

  /**
   * Checks everything, and returns the frozen configuration; the same one when called again.
   * Errors: `core.configuration.invalid_type`, `core.configuration.out_of_range`, `network.entrypoint.invalid_port`,
   * `core.configuration.cannot_parse`. After an error the configuration may be corrected and frozen again.
   */
  freeze(): LoadedConfig {
    this.#loaded ??= this.#check();
    return this.#loaded;
  }

  #mustBeOpen(call: string): void {
    if (this.#loaded !== undefined) throw kerror("plugin.runtime.already_started", call);
  }

  #addLayer(content: JSONObject, { origin, tree }: Layer): void {
    const converted = convertLayer({ origin, tree });
    for (const key of converted.unknown) {
      if (origin.strict || key.startsWith("tenon.")) throw unknownKey(key, origin.label);
      this.#warnings.push(unknownKeyWarning(key, origin.label));
    }
    mergeInto(content, converted.tree, origin.label, this.#origins);
  }

  #check(): LoadedConfig {
    const warnings = [...this.#warnings];
    const isWarned = (key: string): boolean =>
      this.#warnings.some((warning) => warning.key === key || warning.key.startsWith(`${key}.`));
    const originOf: CheckContext["originOf"] = (path, value) => this.#origins.of(path, value, this.#defaults);
    const content = withRemovedProtocols(this.#content, (warning) => warnings.push(warning), originOf);
    const checked = checkSection(content, configSchema, "", {
      originOf,
      onUnknown: (key) => {
        if (!isWarned(key)) warnings.push(unknownKeyWarning(key, originOf(key, valueAt(content, key.split(".")))));
      },
      onObsolete: (key, advice) => {
        const from = originOf(key, valueAt(content, key.split(".")));
        warnings.push({ code: "obsolete_key", key, from, message: `"${key}" (from ${from}) is obsolete. ${advice}` });
      },
    }) as Settings; // checkSection has made it so
    checkRelations(checked, originOf);
    const recorded = this.#recorded(checked, originOf);
    const isSet = (path: string): boolean => {
      const names = path.split(".");
      return this.#origins.has(path) || !isDeepStrictEqual(valueAt(checked, names), valueAt(this.#defaults, names));
    };
    const config: Config = deriveConfig(checked, {
      version: this.#version,
      isSet,
      originOf,
      warn: (warning) => warnings.push(warning),
    });
    return freezeTree({ config: freezeTree(config), warnings, recorded });
  }

  /** What sources set, and what application code assigned to known keys without telling. */
  #recorded(checked: Settings, originOf: CheckContext["originOf"]): RecordedKey[] {
    const recorded: RecordedKey[] = [];
    const record = (key: string): void => {
      const names = key.split(".");
      const value = valueAt(checked, names);
      if (!isDeepStrictEqual(value, valueAt(this.#defaults, names))) recorded.push({ key, from: originOf(key, value) });
    };
    for (const [key] of this.#origins) {
      const value = valueAt(checked, key.split("."));
      // A section is said by the keys inside it.
      if (!isPlainObject(value) || Object.keys(value).length === 0) record(key);
    }
    for (const [key] of optionsOf(configSchema)) {
      if (!recorded.some((known) => known.key === key || known.key.startsWith(`${key}.`))) record(key);
    }
    return recorded;
  }
}

/**
 * Reads, checks and freezes the configuration in one step, for servers without an application that changes it.
 *
 * Shape: `{ config, warnings: [{ code: "unknown_key", key: "server.prot", … }], recorded: [{ key: "server.port", from: "argument --port" }] }`.
 * Errors: as the constructor and `freeze` of {@link Configuration}.
 * Source: contract/config.md, sections 1 to 3.
 */
export function loadConfig(sources: Sources): LoadedConfig {
  return new Configuration(sources).freeze();
}

/** Weakest first: files, variables, arguments; Tenon's after Kuzzle's of the same kind. */
function readLayers(sources: Sources): Layer[] {
  const fromArguments = readArguments(sources.argv);
  const fromVariables = readVariables(sources.env);
  const named = [...fromVariables.configs];
  if (fromArguments.config !== undefined) named.push({ path: fromArguments.config, strict: false });
  const fromFiles = sources.files === "none" ? [] : readFiles(sources, named);
  return [...fromFiles, ...fromVariables.layers, ...fromArguments.layers];
}

function unknownKey(key: string, from: string) {
  const suggestion = nearestKey(key);
  const hint = suggestion === undefined ? "" : `. Did you mean "${suggestion}"?`;
  return cannotParse(`${from} sets "${key.slice(0, 120)}", which is no key of the configuration${hint}`);
}

function unknownKeyWarning(key: string, from: string): ConfigWarning {
  const suggestion = nearestKey(key);
  const message = `"${key.slice(0, 120)}" (from ${from}) is no key of the configuration`;
  if (suggestion === undefined) return { code: "unknown_key", key, from, message: `${message}.` };
  return { code: "unknown_key", key, from, message: `${message}. Did you mean "${suggestion}"?`, suggestion };
}

/** `server.protocols.http` or `.websocket` taken away (or null, or false) disables that protocol. */
function withRemovedProtocols(
  content: JSONObject,
  warn: (warning: ConfigWarning) => void,
  originOf: CheckContext["originOf"],
): JSONObject {
  const protocols = valueAt(content, ["server", "protocols"]);
  if (!isPlainObject(content.server) || !isPlainObject(protocols)) return content;
  const kept = { ...protocols };
  for (const name of ["http", "websocket"]) {
    const options = kept[name];
    if (options !== undefined && options !== null && options !== false) continue;
    kept[name] = { enabled: false };
    const key = `server.protocols.${name}`;
    const from = originOf(key, options);
    warn({
      code: "protocol_disabled",
      key,
      from,
      message: `"${key}" was removed (by ${from}): that protocol is disabled.`,
    });
  }
  return { ...content, server: { ...content.server, protocols: kept } };
}
