/** What a configuration is read from. Nothing else is looked at: neither the process's environment nor its directory. */
export interface Sources {
  /** Command line without the program and the command: `["--port", "7513", "--limits.documentsWriteCount=500"]`. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The application's root: `.kuzzlerc` and `.tenonrc` are looked for here and in the parents. */
  readonly root: string;
  readonly home: string | undefined;
  /** Directory of the machine's configuration; `/etc` unless given. */
  readonly etc?: string;
  /** `"none"`: no file is read, not even one named by `--config`. */
  readonly files?: "none";
  /** Version that the configuration tells plugins; the contract's (`2.56.0`) unless given. */
  readonly version?: string;
}

/** Short forms of keys on the command line and in Tenon's variables. */
export const shortForms: Readonly<Record<string, string>> = {
  port: "server.port",
  host: "server.host",
  data: "tenon.data",
  "enable-plugins": "tenon.enablePlugins",
};
