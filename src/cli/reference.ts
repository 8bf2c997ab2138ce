import { homedir } from "node:os";
import { Backend } from "../app/index.ts";
import { silentLogger } from "../kernel/index.ts";
import { readStartArguments } from "./arguments.ts";
import { explain } from "./explain.ts";

/**
 * Prints the actions of the server and of the plugins in the root as Markdown. For that it starts once in memory, on a free port: what plugins
 * bring is known when they have started. Answers the exit code.
 */
export async function reference(argv: readonly string[]): Promise<number> {
  const { file, root = process.cwd(), rest } = readStartArguments(argv);
  if (file !== undefined) {
    process.stderr.write(`tenon reference: "${file}" is not expected. Try: tenon help\n`);
    return 2;
  }
  const backend = new Backend("tenon", {
    argv: rest,
    env: process.env,
    home: homedir(),
    root,
    data: ":memory:",
    log: silentLogger,
  });
  backend.config.set("server.host", "127.0.0.1");
  backend.config.set("server.port", 0);
  try {
    await backend.start();
    const page = backend.reference();
    await new Promise((resolve) => process.stdout.write(page, resolve));
    return 0;
  } catch (error) {
    process.stderr.write(`The page cannot be made: ${explain(error)}\n`);
    return 1;
  } finally {
    await backend.stop();
  }
}
