import { createLogger, type Logger } from "../kernel/index.ts";

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
  return createLogger(
    (level, event, fields) => {
      if (threshold.lets(level)) log[level](event, fields);
    },
    (name) => withThreshold(log.child(name), threshold),
  );
}
