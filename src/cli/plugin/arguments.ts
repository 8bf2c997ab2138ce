import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "./failure.ts";

/** What may follow the name of a command. */
interface Form {
  /** Names of the words that stand for themselves: `["NAME"]`. */
  readonly words: { readonly min: number; readonly max: number; readonly what: string };
  /** Options of this command, beside `--root` and `--json`. */
  readonly flags?: readonly string[];
  readonly texts?: readonly string[];
}

export interface PluginArguments {
  /** Of the application; the working directory unless given. */
  readonly root: string;
  readonly json: boolean;
  readonly words: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly texts: ReadonlyMap<string, string>;
}

/** Error: {@link UsageError} for an unknown option, and for too many or too few words. */
export function readPluginArguments(argv: readonly string[], { words, flags = [], texts = [] }: Form): PluginArguments {
  const boolean = ["json", ...flags];
  const string = ["root", ...texts];
  const { values, positionals } = parse(argv, boolean, string);
  if (positionals.length < words.min) throw new UsageError(`${words.what} is missing`);
  if (positionals.length > words.max) throw new UsageError(`"${positionals[words.max]}" is one word too many`);
  const { root } = values;
  return {
    root: resolve(typeof root === "string" ? root : "."),
    json: values.json === true,
    words: positionals,
    flags: new Set(flags.filter((name) => values[name] === true)),
    texts: new Map(texts.flatMap((name) => (typeof values[name] === "string" ? [[name, values[name]]] : []))),
  };
}

function parse(argv: readonly string[], boolean: readonly string[], string: readonly string[]) {
  const options = Object.fromEntries([
    ...boolean.map((name) => [name, { type: "boolean" as const }]),
    ...string.map((name) => [name, { type: "string" as const }]),
  ]) as Record<string, { type: "boolean" | "string" }>;
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    // Its messages are sentences for people, and go on with advice about quoting that does not apply.
    throw new UsageError((error as Error).message.split(". ")[0] ?? "these options are not understood");
  }
}
