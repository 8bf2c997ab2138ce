import type { LogFields, Logger } from "../kernel/index.ts";

const levels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

export type LogLevel = (typeof levels)[number];

export const isLogLevel = (text: unknown): text is LogLevel => levels.some((level) => level === text);

/** From which level on lines are written; shared by a log and its children, and changed while they are in use. */
export class LogThreshold {
  #rank: number;

  constructor(level: LogLevel) {
    this.#rank = levels.indexOf(level);
  }

  set level(level: LogLevel) {
    this.#rank = levels.indexOf(level);
  }

  lets(level: LogLevel): boolean {
    return levels.indexOf(level) >= this.#rank;
  }
}

/** A log that drops what lies below the threshold. */
export function withThreshold(log: Logger, threshold: LogThreshold): Logger {
  const write =
    (level: Exclude<LogLevel, "silent">) =>
    (event: string, fields?: LogFields): void => {
      if (threshold.lets(level)) log[level](event, fields);
    };
  return {
    trace: write("trace"),
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    fatal: write("fatal"),
    child: (name) => withThreshold(log.child(name), threshold),
  };
}
