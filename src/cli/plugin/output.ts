/** Where a command's answer goes: lines for people, or one JSON document for machines. */
export interface Output {
  readonly isJson: boolean;
  /** A line for people. */
  line(text?: string): void;
  /** The whole answer, for machines. */
  json(answer: unknown): void;
}

/**
 * Takes standard output for the answer alone: what the code of plugins prints while it is looked at goes to standard error.
 */
export function createOutput(isJson: boolean): Output {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  return {
    isJson,
    line: (text = "") => void (isJson || write(`${text}\n`)),
    json: (answer) => void (isJson && write(`${JSON.stringify(answer, null, 2)}\n`)),
  };
}
