import type { Events } from "../events/index.ts";
import { createLogger, type LineLevel, type LogFields, type Logger } from "../kernel/index.ts";

/** The levels under which plugins know ours. */
const levels = {
  trace: "verbose",
  debug: "debug",
  info: "info",
  warn: "warn",
  error: "error",
  fatal: "error",
} as const satisfies Record<LineLevel, string>;

/**
 * A log whose lines are also fired as hooks, `log:info` with the text of the line and so on, for plugins that write logs.
 * What such a plugin does to the log while it handles a line is not fired again. A line costs one look-up when no plugin listens.
 * `events` may come later than the log: nothing is fired before it is there.
 */
export function withLogEvents(log: Logger, events: () => Events | undefined): Logger {
  const state = { firing: false };
  return wrap(log, "", (level, text, fields) => {
    const bus = events();
    // Plugins have one level more: what is written as "trace" says which it was.
    const event = `log:${fields?.as === "silly" ? "silly" : levels[level]}`;
    if (bus === undefined || state.firing || !bus.hasListeners(event)) return;
    state.firing = true;
    try {
      bus.hook(event, lineOf(text, fields));
    } finally {
      state.firing = false;
    }
  });
}

type Fire = (level: LineLevel, text: string, fields: LogFields | undefined) => void;

function wrap(log: Logger, name: string, fire: Fire): Logger {
  return createLogger(
    (level, event, fields) => {
      log[level](event, fields);
      fire(level, name === "" ? event : `[${name}] ${event}`, fields);
    },
    (child) => wrap(log.child(child), child, fire),
  );
}

function lineOf(text: string, fields: LogFields | undefined): string {
  if (fields === undefined) return text;
  const { err, as: _, ...others } = fields;
  const parts = [text];
  if (Object.keys(others).length > 0) parts.push(textOf(others));
  if (err !== undefined) parts.push(err instanceof Error ? (err.stack ?? err.message) : textOf(err));
  return parts.join(" ");
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "(fields that cannot be written)";
  }
}
