import { help } from "./help.ts";
import { reference } from "./reference.ts";
import { start } from "./start.ts";

const commands: Readonly<Record<string, (argv: readonly string[]) => Promise<number>>> = {
  start,
  reference,
  help,
};

const [name = "help", ...argv] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command === undefined) {
  process.stderr.write(`tenon: unknown command "${name}". Try: tenon help\n`);
  process.exitCode = 2;
} else {
  // All of ours is closed by now; what a plugin left running must not keep the process.
  process.exit(await command(argv));
}
