// Loaded when they are called: what one needs, another would only carry about.
const commands: Readonly<Record<string, (argv: readonly string[]) => Promise<number>>> = {
  start: async (argv) => (await import("./start-or-supervise.ts")).startOrSupervise(argv),
  dev: async (argv) => (await import("./dev/dev.ts")).dev(argv),
  backup: async (argv) => (await import("./data/backup.ts")).backup(argv),
  restore: async (argv) => (await import("./data/restore.ts")).restoreBackup(argv),
  check: async (argv) => (await import("./data/check.ts")).check(argv),
  compact: async (argv) => (await import("./data/compact.ts")).compact(argv),
  plugin: async (argv) => (await import("./plugin/plugin.ts")).plugin(argv),
  reference: async (argv) => (await import("./reference.ts")).reference(argv),
  version: async () => (await import("./version.ts")).version(),
  help: async ([word]) =>
    (word === "plugin" ? commands.plugin?.([]) : undefined) ?? (await import("./help.ts")).help(word),
};

const asksForHelp = (argv: readonly string[]): boolean => argv.includes("--help") || argv.includes("-h");

/** Options that stand for a command. */
const options: Readonly<Record<string, string>> = { "--version": "version", "-v": "version", "-V": "version" };

const [word = "help", ...argv] = process.argv.slice(2);
const name = Object.hasOwn(options, word) ? (options[word] ?? word) : word;
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (name === "--help" || name === "-h") process.exit(await (await import("./help.ts")).help());
else if (command !== undefined && name !== "plugin" && asksForHelp(argv)) {
  process.exit(await (await import("./help.ts")).help(name));
} else if (command === undefined) {
  process.stderr.write(`tenon: unknown command "${name}". Try: tenon help\n`);
  process.exitCode = 2;
} else {
  // All of ours is closed by now; what a plugin left running must not keep the process.
  process.exit(await command(argv));
}
