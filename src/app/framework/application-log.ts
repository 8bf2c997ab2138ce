import { kerror, type LogFields, type Logger } from "../../kernel/index.ts";
import { asTextLogger, type TextLogger } from "../../plugins/index.ts";
import { isLogLevel, type LogLevel } from "../log-level.ts";

type Written = Exclude<LogLevel, "silent">;

export interface ApplicationLogDeps {
  /** The log as it is now: that of the running server is made at its start. */
  readonly log: () => Logger;
  readonly setLevel: (level: LogLevel) => void;
}

/**
 * `app.log`, usable before the start as well: takes texts, errors, and anything that can be written as JSON; fields may follow.
 */
export class ApplicationLog implements Logger {
  readonly #deps: ApplicationLogDeps;
  /** Rebuilt when the log below is another. */
  #texts: { readonly of: Logger; readonly log: TextLogger } | undefined;

  constructor(deps: ApplicationLogDeps) {
    this.#deps = deps;
  }

  trace(message: unknown, fields?: LogFields): void {
    this.#write("trace", message, fields);
  }

  debug(message: unknown, fields?: LogFields): void {
    this.#write("debug", message, fields);
  }

  info(message: unknown, fields?: LogFields): void {
    this.#write("info", message, fields);
  }

  warn(message: unknown, fields?: LogFields): void {
    this.#write("warn", message, fields);
  }

  error(message: unknown, fields?: LogFields): void {
    this.#write("error", message, fields);
  }

  fatal(message: unknown, fields?: LogFields): void {
    this.#write("fatal", message, fields);
  }

  /** Deprecated: `trace`. */
  verbose(message: unknown): void {
    this.#write("trace", message, undefined);
  }

  /** From which level on lines are written, for the whole server. Error: `validation.assert.invalid_type`. */
  level(level: string): void {
    if (!isLogLevel(level)) {
      throw kerror("validation.assert.invalid_type", "level", "trace, debug, info, warn, error, fatal or silent");
    }
    this.#deps.setLevel(level);
  }

  /** The same log with a name added. */
  child(namespace: string): ApplicationLog {
    const { log, setLevel } = this.#deps;
    let known: { readonly of: Logger; readonly child: Logger } | undefined;
    return new ApplicationLog({
      setLevel,
      log: () => {
        const parent = log();
        if (known?.of !== parent) known = { of: parent, child: parent.child(namespace) };
        return known.child;
      },
    });
  }

  #write(level: Written, message: unknown, fields: LogFields | undefined): void {
    const log = this.#deps.log();
    if (fields !== undefined) log[level](String(message), fields);
    else this.#textsOf(log)[level](message);
  }

  #textsOf(log: Logger): TextLogger {
    if (this.#texts?.of !== log) this.#texts = { of: log, log: asTextLogger(log) };
    return this.#texts.log;
  }
}
