import { createLogger, isPlainObject, type JSONObject, type LineLevel, type Logger } from "../../kernel/index.ts";

/** Starts a line of what a process prints that is one of its log: such lines go the way of all it prints, and at the same pace. */
const mark = "\u001elog ";

const levels: ReadonlySet<string> = new Set(["trace", "debug", "info", "warn", "error", "fatal"]);

export interface WorkerLogLine {
  readonly level: LineLevel;
  readonly event: string;
  readonly fields: JSONObject;
}

/** The log of a plugin in a process: each line is printed for the server to read. */
export function createWorkerLog(print: (line: string) => void, name = ""): Logger {
  return createLogger(
    (level, event, fields) => print(`${mark}${textOf({ level, event: name + event, fields })}\n`),
    (child) => createWorkerLog(print, `${name}${child}: `),
  );
}

function textOf(line: object): string {
  try {
    return JSON.stringify(line, (_, value: unknown) => (value instanceof Error ? describe(value) : value));
  } catch {
    return JSON.stringify({ ...line, fields: { unwritable: true } });
  }
}

const describe = ({ name, message, stack }: Error): JSONObject => ({ name, message, stack });

/** Undefined for a line that is none of the log. */
export function readLogLine(line: string): WorkerLogLine | undefined {
  if (!line.startsWith(mark)) return undefined;
  let content: unknown;
  try {
    content = JSON.parse(line.slice(mark.length));
  } catch {
    return undefined; // too long, and cut
  }
  if (!isPlainObject(content)) return undefined;
  const { level, event, fields } = content;
  if (typeof level !== "string" || !levels.has(level) || typeof event !== "string") return undefined;
  return { level: level as LineLevel, event, fields: isPlainObject(fields) ? fields : {} };
}
