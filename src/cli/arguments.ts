import { resolve } from "node:path";

/** What `tenon start` was given. */
export interface StartArguments {
  /** The file of an application. */
  readonly file: string | undefined;
  /** Of `--root`. */
  readonly root: string | undefined;
  /** Keys of the configuration. */
  readonly rest: readonly string[];
}

/** `[FILE] [--root DIR] [--key value …]`, in any order; the word behind a key without `=` is its value. */
export function readStartArguments(argv: readonly string[]): StartArguments {
  let file: string | undefined;
  let root: string | undefined;
  const rest: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] as string; // i is below the length
    if (argument.startsWith("--root=")) root = resolve(argument.slice("--root=".length));
    else if (argument === "--root") root = resolve(argv[++i] ?? ".");
    else if (file === undefined && isWord(argument) && !takesNext(argv[i - 1])) file = argument;
    else rest.push(argument);
  }
  return { file, root, rest };
}

const isWord = (argument: string): boolean => argument !== "" && !argument.startsWith("-");

const takesNext = (previous: string | undefined): boolean =>
  previous?.startsWith("--") === true && !previous.includes("=") && !previous.startsWith("--no-");
