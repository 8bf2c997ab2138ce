import { commandHelp } from "./command-help.ts";

const text = `tenon <command> [options]

  start   start the server, or the application of a file: start [FILE]
            FILE          JavaScript or TypeScript that makes a Backend and starts it; "kuzzle" and "tenon" are this server in it
            --port N      port of HTTP and WebSocket (server.port, 7512)
            --host NAME   address to listen on (server.host)
            --data DIR    directory of the data (tenon.data, ./data)
            --root DIR    root of the application: plugins/, protocols/, config/, .kuzzlerc (the working directory; the package of FILE)
            --enable-plugins A,B
                          packages of plugins/available to load beside those in plugins/enabled
            --config FILE further configuration file
            --supervise   in a second process, which is started again when it ends unexpectedly
            --a.b.c VALUE any other configuration key
  dev     as start, for writing plugins: what changes in a plugin is loaded again at once, anything else starts the server again
  backup DESTINATION  a backup of the data, while the server runs or not
  restore BACKUP      puts a backup in the place of the data
  check [--repair]    says what is wrong with the data, and mends what can be mended
  compact             gives the room of deleted data back to the disk
  plugin  list, plan, check, install, enable, disable, remove and new for plugins: tenon plugin help
  reference  print the page of all actions, those of the plugins of the root included, as Markdown
            --root DIR    root of the application (the working directory); its data is not touched
  version             the version of Tenon; --version and -v print it too
  help [COMMAND]      this text, or what one command can; with --help behind it, each command prints the same

Every option of start can be given by a variable too: tenon_data, kuzzle_server__port. See docs/configuration.md,
and docs/operation.md for backup, restore, check and compact.
`;

/** Prints what the command line can do, or what one command can. Answers the exit code: 2 for a command that there is not. */
export async function help(command = "help"): Promise<number> {
  const page = command === "help" ? text : Object.hasOwn(commandHelp, command) ? commandHelp[command] : undefined;
  if (page === undefined) {
    process.stderr.write(`tenon: unknown command "${command}". Try: tenon help\n`);
    return 2;
  }
  return new Promise((resolve) => process.stdout.write(page, () => resolve(0)));
}
