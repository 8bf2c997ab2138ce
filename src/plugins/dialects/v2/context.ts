import type { JSONObject } from "../../../kernel/index.ts";
import type { PluginScope, PluginSource } from "../dialect.ts";
import { type Accessors, createAccessors } from "./accessors.ts";
import { type Constructors, createConstructors } from "./constructors.ts";
import { errorsByName } from "./errors-by-name.ts";
import { type PluginErrors, pluginErrors } from "./plugin-errors.ts";
import { asTextLog, asTextLogger, type TextLog, type TextLogger } from "./plugin-log.ts";

/**
 * What a plugin of the second generation gets in `init`. Left extensible: some plugins write on it.
 * Source: contract/plugins/v2.md section 7.
 */
export class PluginContext {
  /** The whole configuration of the server, frozen. */
  readonly config: Readonly<JSONObject>;
  /** The decrypted vault, frozen. */
  readonly secrets: Readonly<JSONObject>;
  readonly constructors: Constructors;
  readonly accessors: Accessors;
  /** Deprecated: `require("kuzzle")` has the same classes. */
  readonly errors = errorsByName;
  readonly kerror: PluginErrors;
  /** The older name of `kerror`. */
  readonly errorsManager: PluginErrors;
  readonly logger: TextLogger;
  readonly log: TextLog;

  constructor(source: PluginSource, scope: PluginScope) {
    const { log, storage } = scope;
    this.config = scope.hostConfig;
    this.secrets = scope.secrets;
    this.constructors = createConstructors(scope, storage);
    this.accessors = createAccessors(source, scope, storage);
    this.kerror = pluginErrors(source.name, source.manifest.errors, source.config._pluginCode);
    this.errorsManager = this.kerror;
    this.logger = asTextLogger(log);
    this.log = asTextLog(log, `[${source.name}] `);
  }
}
