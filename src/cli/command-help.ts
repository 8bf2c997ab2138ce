const dataOptions = `  --data DIR     the data directory (tenon.data, ./data)
  --root DIR     root of the application, whose configuration names the data directory (the working directory)
  --config FILE  further configuration file
`;

const startOptions = `  FILE           JavaScript or TypeScript that makes a Backend and starts it; "kuzzle" and "tenon" are this server in it
  --port N       port of HTTP and WebSocket (server.port, 7512)
  --host NAME    address to listen on (server.host)
  --data DIR     directory of the data (tenon.data, ./data)
  --root DIR     root of the application: plugins/, protocols/, config/, .kuzzlerc (the working directory; the package of FILE)
  --enable-plugins A,B
                 packages of plugins/available to load beside those in plugins/enabled
  --config FILE  further configuration file
`;

/** What `tenon <command> --help` prints. `plugin` has a page of its own: `tenon plugin help`. */
export const commandHelp: Readonly<Record<string, string>> = {
  start: `tenon start [FILE] [options]

Starts the server, or the application of a file. Ends with 0 after an orderly stop (SIGTERM, SIGINT), with 1 when it cannot start.

${startOptions}  --supervise    in a second process, which is started again when it ends unexpectedly
  --a.b.c VALUE  any other configuration key: docs/configuration.md
`,
  dev: `tenon dev [FILE] [options]

As start, for writing plugins: what changes in a plugin is loaded again at once, anything else starts the server again.

${startOptions}  --a.b.c VALUE  any other configuration key: docs/configuration.md
`,
  backup: `tenon backup DESTINATION [options]

Writes a backup of one instant into the new folder DESTINATION, of a server that runs or of one that does not. The folder has its name only
when the backup is whole and on the disk. What is searched is not in it: the first start after a restore builds the search indexes.

${dataOptions}  --json         prints the manifest

Ends with 0 when the backup is whole, 1 when there is none, 2 for what was typed wrongly. More: docs/operation.md
`,
  restore: `tenon restore BACKUP [options]

Puts the backup in the folder BACKUP in the place of the data. Its checksums and its database are checked before anything is touched. No server
may run on the data.

${dataOptions}  --force        also over data that is there
  --json         prints the manifest

Ends with 0 when the data is the backup's, 1 when nothing was changed, 2 for what was typed wrongly. More: docs/operation.md
`,
  check: `tenon check [options]

Reads all data and says what is wrong with it: the documents, the stored search indexes, the memory storage. Changes nothing, and may be used
while a server runs.

${dataOptions}  --repair       writes damaged parts anew from what can be read of them, and says what is lost; no server may run on the data
  --json         answers for machines

Ends with 0 when all is sound (or was repaired without loss), 1 when something is damaged (or was lost), 2 when nothing could be checked. More:
docs/operation.md
`,
  compact: `tenon compact [options]

Gives back to the disk what deleted data has left free. No server may run on the data; it needs as much room again for a moment.

${dataOptions}  --json         answers for machines

Ends with 0 when it is done, 1 when it could not be, 2 for what was typed wrongly. More: docs/operation.md
`,
  reference: `tenon reference [options]

Prints the page of all actions, those of the plugins of the root included, as Markdown.

  --root DIR     root of the application (the working directory); its data is not touched
`,
  version: `tenon version (or tenon --version, tenon -v)

Prints the version of Tenon, and nothing else. Ends with 0.
`,
};
