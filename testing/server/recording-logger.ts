import { createLogger, type Logger } from "../../src/kernel/index.ts";

/** A log that keeps its lines: `warn protocol.failed {…} message of the error`. */
export function recordingLogger(lines: string[]): Logger {
  return createLogger(
    (level, event, fields = {}) => {
      const { err, ...others } = fields;
      lines.push(`${level} ${event} ${JSON.stringify(others)} ${err instanceof Error ? err.message : ""}`);
    },
    () => recordingLogger(lines),
  );
}
