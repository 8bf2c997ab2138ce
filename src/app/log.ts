import { type Logger as PinoLogger, pino, stdTimeFunctions } from "pino";
import { createLogger, type Logger } from "../kernel/index.ts";
import { readableLine } from "./readable-line.ts";

export interface LogOptions {
  /** trace, debug, info, warn, error, fatal, silent. */
  readonly level: string;
  /** Lines for people instead of JSON. */
  readonly readable: boolean;
  readonly write: (text: string) => void;
}

/** The server's log: one JSON object a line, or a readable line when a person looks on. */
export function createLog({ level, readable, write }: LogOptions): Logger {
  const stream = { write: readable ? (line: string) => write(readableLine(line)) : write };
  const root = pino({ level, base: null, timestamp: stdTimeFunctions.isoTime }, stream);
  return wrap(root, root, "");
}

/** `part` is the path of names from the root: "plugins/hello-world". */
function wrap(root: PinoLogger, log: PinoLogger, part: string): Logger {
  return createLogger(
    (level, event, fields = {}) => log[level](fields, event),
    (name) => {
      const path = part === "" ? name : `${part}/${name}`;
      return wrap(root, root.child({ part: path }), path);
    },
  );
}
