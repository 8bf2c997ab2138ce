/** Fields beside the event name; no secrets, no document bodies. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Writes events with fields: `log.warn("request.refused", { queueLength: 12 })`. Never throws.
 * An `Error` under the key `err` is written with its stack and cause.
 */
export interface Logger {
  trace(event: string, fields?: LogFields): void;
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  fatal(event: string, fields?: LogFields): void;
  /** The same log with a name added, as in `log.child("plugins")`. */
  child(name: string): Logger;
}

export type LineLevel = Exclude<keyof Logger, "child">;

/** A log whose lines all go through `write`. */
export function createLogger(
  write: (level: LineLevel, event: string, fields?: LogFields) => void,
  child: (name: string) => Logger,
): Logger {
  const at =
    (level: LineLevel) =>
    (event: string, fields?: LogFields): void =>
      write(level, event, fields);
  return {
    trace: at("trace"),
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    fatal: at("fatal"),
    child,
  };
}

/** Says nothing: for tests, and for parts that run before the log is configured. */
export const silentLogger: Logger = createLogger(
  () => {},
  () => silentLogger,
);
