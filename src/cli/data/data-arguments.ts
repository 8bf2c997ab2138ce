import { homedir } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Configuration } from "../../config/index.ts";

/** Something was typed wrongly. */
export class UsageError extends Error {}

export interface DataArguments {
  /** The data directory. */
  readonly directory: string;
  /** The one word of a command that takes one. */
  readonly word: string;
  readonly json: boolean;
  /** `--force`, `--repair`. */
  readonly flag: boolean;
}

export interface DataForm {
  /** What the one word stands for; absent for commands without one. */
  readonly word?: string;
  readonly flag?: string;
}

/**
 * The arguments of a command that works on the data. Where that lies says `--data`, else the configuration of `--root`, as for `tenon start`.
 * Errors: {@link UsageError}, and those of a configuration that cannot be read.
 */
export function readDataArguments(argv: readonly string[], { word, flag }: DataForm): DataArguments {
  const { values, positionals } = parse(argv, flag);
  const words = word === undefined ? 0 : 1;
  if (positionals.length < words) throw new UsageError(`${word} is missing`);
  if (positionals.length > words) throw new UsageError(`"${positionals[words]}" is one word too many`);
  const root = resolve(typeof values.root === "string" ? values.root : ".");
  const keys = ["data", "config"].flatMap((name) =>
    typeof values[name] === "string" ? [`--${name}`, values[name]] : [],
  );
  const { content } = new Configuration({ argv: keys, env: process.env, root, home: homedir() });
  return {
    directory: resolve(root, content.tenon.data),
    word: positionals[0] ?? "",
    json: values.json === true,
    flag: flag !== undefined && values[flag] === true,
  };
}

function parse(argv: readonly string[], flag: string | undefined) {
  const options = {
    data: { type: "string" },
    root: { type: "string" },
    config: { type: "string" },
    json: { type: "boolean" },
    ...(flag === undefined ? {} : { [flag]: { type: "boolean" } }),
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    return { values: values as Readonly<Record<string, unknown>>, positionals };
  } catch (error) {
    // Its messages are sentences for people, and go on with advice about quoting that does not apply.
    throw new UsageError((error as Error).message.split(". ")[0] ?? "these options are not understood");
  }
}
