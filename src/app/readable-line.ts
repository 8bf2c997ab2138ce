import type { LogFields } from "../kernel/index.ts";

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

/** A line of JSON as one for people: `14:03:22.113 info  plugin.loaded name=hello-world version=1.0.0` */
export function readableLine(line: string): string {
  const { level, time, msg, part, err, ...fields } = JSON.parse(line) as Line & LogFields;
  const described = Object.entries(fields).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const where = part === undefined ? "" : `[${part}] `;
  const head = `${time.slice(11, 23)} ${levels[level] ?? level} ${where}${msg}`;
  const failure = err === undefined ? "" : `\n  ${err.stack ?? err.message ?? JSON.stringify(err)}`;
  return `${[head, ...described].join(" ")}${failure}\n`;
}
