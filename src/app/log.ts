import { type Logger as PinoLogger, pino, stdTimeFunctions } from "pino";
import { createLogger, type LogFields, type Logger } from "../kernel/index.ts";

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

const levels: Readonly<Record<number, string>> = {
  10: "trace",
  20: "debug",
  30: "info ",
  40: "warn ",
  50: "ERROR",
  60: "FATAL",
};

interface Line {
  readonly level: number;
  readonly time: string;
  readonly msg: string;
  readonly part?: string;
  readonly err?: { readonly message?: string; readonly stack?: string };
  readonly [field: string]: unknown;
}

/** `14:03:22.113 info  plugin.loaded name=hello-world version=1.0.0` */
function readableLine(line: string): string {
  const { level, time, msg, part, err, ...fields } = JSON.parse(line) as Line & LogFields;
  const described = Object.entries(fields).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const where = part === undefined ? "" : `[${part}] `;
  const head = `${time.slice(11, 23)} ${levels[level] ?? level} ${where}${msg}`;
  const failure = err === undefined ? "" : `\n  ${err.stack ?? err.message ?? JSON.stringify(err)}`;
  return `${[head, ...described].join(" ")}${failure}\n`;
}
