/** What the command tells the server that it runs. */
export type ToServer =
  /** A folder of `plugins/enabled`, as it is linked there, and the files that have changed in it. */
  { readonly kind: "reload"; readonly path: string; readonly changed: readonly string[] } | { readonly kind: "stop" };

/** What the server tells the command. */
export type FromServer =
  | {
      readonly kind: "ready";
      /** Where it listens when the configuration left that to the system, for the next one to listen there too. */
      readonly chosenPort: number | undefined;
      /** Where it writes its data: no reason for anything. */
      readonly dataFolder: string;
    }
  /** It cannot show a change by itself. */
  | { readonly kind: "restart"; readonly reason: string };
