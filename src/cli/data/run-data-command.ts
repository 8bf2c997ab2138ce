import { OperationFailure } from "../../operation/index.ts";
import { explain } from "../explain.ts";
import { type DataArguments, type DataForm, readDataArguments, UsageError } from "./data-arguments.ts";

/** What a command on the data ends with when it did not do its work. */
export interface FailureCodes {
  readonly failed: number;
  readonly misused: number;
}

/** Reads the arguments and runs a command on the data. Answers the exit code; what goes wrong is a line on stderr. */
export async function runDataCommand(
  name: string,
  argv: readonly string[],
  form: DataForm,
  run: (given: DataArguments) => number | Promise<number>,
  { failed, misused }: FailureCodes = { failed: 1, misused: 2 },
): Promise<number> {
  try {
    return await run(readDataArguments(argv, form));
  } catch (error) {
    const isMisuse = error instanceof UsageError;
    const message = error instanceof OperationFailure ? error.message : explain(error);
    say(name, isMisuse ? `${message}. Try: tenon ${name} --help` : message);
    return isMisuse ? misused : failed;
  }
}

/** A line for people, beside what is answered. */
export const say = (name: string, line: string): void => void process.stderr.write(`tenon ${name}: ${line}\n`);

/** What is answered; resolves when it is written. */
export const answer = (text: string): Promise<void> =>
  new Promise((resolve) => process.stdout.write(`${text}\n`, () => resolve()));
