import { createLogger, type LineLevel, type LogFields, type Logger } from "../../src/kernel/index.ts";

/** One line of the server's log, in any level. */
export interface CapturedLine {
  readonly level: LineLevel;
  /** `plugin.slow_pipe`; of a plugin's own log its text. */
  readonly event: string;
  /** Who wrote it: `plugins/greeter` for a plugin, "" for the server as a whole. */
  readonly part: string;
  readonly fields: LogFields;
}

/** What the server and its plugins have logged so far, oldest first. */
export interface CapturedLog {
  readonly lines: readonly CapturedLine[];
  /** The lines of one level: `log.of("warn")`. */
  of(level: LineLevel): readonly CapturedLine[];
}

/** A log that keeps its lines, and what was kept. */
export function captureLog(): { readonly log: Logger; readonly captured: CapturedLog } {
  const lines: CapturedLine[] = [];
  const captured = { lines, of: (level: LineLevel) => lines.filter((line) => line.level === level) };
  return { log: capturing(lines, ""), captured };
}

function capturing(lines: CapturedLine[], part: string): Logger {
  return createLogger(
    (level, event, fields = {}) => {
      lines.push({ level, event, part, fields });
    },
    (name) => capturing(lines, part === "" ? name : `${part}/${name}`),
  );
}
