import { format } from "node:util";
import type { LogFields, Logger } from "../../kernel/index.ts";

type Write = (...messages: unknown[]) => void;

/** `context.log`: any arguments, of which an error is logged with its stack. `silly` and `verbose` are the finest level. */
export interface AuthorLog {
  readonly debug: Write;
  readonly error: Write;
  readonly info: Write;
  readonly silly: Write;
  readonly verbose: Write;
  readonly warn: Write;
}

export function createAuthorLog(log: Logger, protocol: string): AuthorLog {
  const writer =
    (write: (event: string, fields?: LogFields) => void): Write =>
    (...messages) => {
      const err = messages.find((message) => message instanceof Error);
      const texts = messages.map((message) => (message instanceof Error ? message.message : message));
      write(`[${protocol}] ${format(...texts)}`, err === undefined ? undefined : { err });
    };
  const trace = writer((event, fields) => log.trace(event, fields));
  return {
    debug: writer((event, fields) => log.debug(event, fields)),
    error: writer((event, fields) => log.error(event, fields)),
    info: writer((event, fields) => log.info(event, fields)),
    silly: trace,
    verbose: trace,
    warn: writer((event, fields) => log.warn(event, fields)),
  };
}
