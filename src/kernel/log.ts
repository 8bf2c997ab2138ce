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

const silence = (): void => {};

/** Says nothing: for tests, and for parts that run before the log is configured. */
export const silentLogger: Logger = {
  trace: silence,
  debug: silence,
  info: silence,
  warn: silence,
  error: silence,
  fatal: silence,
  child: () => silentLogger,
};
