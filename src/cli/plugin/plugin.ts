import { explain } from "../explain.ts";
import { check } from "./check.ts";
import { disable, enable } from "./enable.ts";
import { Failure, UsageError } from "./failure.ts";
import { pluginHelp } from "./help.ts";
import { install } from "./install/install.ts";
import { list } from "./list.ts";
import { create } from "./new/new.ts";
import { plan } from "./plan.ts";
import { remove } from "./remove.ts";

const commands: Readonly<Record<string, (argv: readonly string[]) => Promise<number>>> = {
  list,
  plan,
  check,
  install,
  enable,
  disable,
  remove,
  new: create,
};

/** `tenon plugin …`: the plugins of an application, without its server. Answers the exit code: 1 for what failed, 2 for what was typed wrongly. */
export async function plugin(argv: readonly string[]): Promise<number> {
  const [name = "help", ...rest] = argv;
  if (name === "help" || argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(pluginHelp);
    return 0;
  }
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) throw new UsageError(`there is no command "plugin ${name}"`);
    return await command(rest);
  } catch (error) {
    if (error instanceof UsageError) return complain(`${error.message}. Try: tenon plugin help`, 2);
    if (error instanceof Error && error.name === "AbortError") return complain("interrupted, nothing was changed", 130);
    return complain(error instanceof Failure ? error.message : explain(error), 1);
  }
}

function complain(message: string, code: number): number {
  process.stderr.write(`tenon plugin: ${message}\n`);
  return code;
}
