import { createInterface } from "node:readline";

/** Asks a person at a terminal, "yes" by default; where there is none the answer is yes. Ctrl-C and the end of the input are a no. */
export async function ask(question: string): Promise<boolean> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const given = new Promise<string>((resolve) => {
    terminal.once("SIGINT", () => resolve("no"));
    terminal.once("close", () => resolve("no"));
    terminal.question(`${question} [Y/n] `, resolve);
  });
  const answer = await given;
  terminal.close();
  return /^(y|yes)?$/i.test(answer.trim());
}
