import type { Logger } from "../../../kernel/index.ts";

/** `context.log` of plugins: one message for each call. `silly` and `verbose` are the finest level. */
export interface TextLog {
  readonly debug: (message: unknown) => void;
  readonly error: (message: unknown) => void;
  readonly info: (message: unknown) => void;
  readonly silly: (message: unknown) => void;
  readonly verbose: (message: unknown) => void;
  readonly warn: (message: unknown) => void;
}

/** `context.logger`: as {@link TextLog}, by the levels of newer plugins. */
export interface TextLogger {
  readonly trace: (message: unknown) => void;
  readonly debug: (message: unknown) => void;
  readonly info: (message: unknown) => void;
  readonly warn: (message: unknown) => void;
  readonly error: (message: unknown) => void;
  readonly fatal: (message: unknown) => void;
  readonly child: (name: string) => TextLogger;
}

export function asTextLog(log: Logger, prefix = ""): TextLog {
  const trace = (message: unknown): void => log.trace(prefix + textOf(message));
  return Object.freeze({
    debug: (message) => log.debug(prefix + textOf(message)),
    error: (message) => log.error(prefix + textOf(message), fieldsOf(message)),
    info: (message) => log.info(prefix + textOf(message)),
    silly: (message) => log.trace(prefix + textOf(message), { as: "silly" }),
    verbose: trace,
    warn: (message) => log.warn(prefix + textOf(message), fieldsOf(message)),
  } satisfies TextLog);
}

export function asTextLogger(log: Logger): TextLogger {
  return {
    trace: (message) => log.trace(textOf(message)),
    debug: (message) => log.debug(textOf(message)),
    info: (message) => log.info(textOf(message)),
    warn: (message) => log.warn(textOf(message), fieldsOf(message)),
    error: (message) => log.error(textOf(message), fieldsOf(message)),
    fatal: (message) => log.fatal(textOf(message), fieldsOf(message)),
    child: (name) => asTextLogger(log.child(name)),
  };
}

function textOf(message: unknown): string {
  if (typeof message === "string") return message;
  if (message instanceof Error) return message.message;
  try {
    return JSON.stringify(message) ?? String(message);
  } catch {
    return String(message);
  }
}

const fieldsOf = (message: unknown): { err: Error } | undefined =>
  message instanceof Error ? { err: message } : undefined;
