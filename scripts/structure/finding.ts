/** One place where a rule of the structure does not hold. */
export interface Finding {
  readonly rule: Rule;
  readonly file: string;
  readonly line: number;
  readonly message: string;
  /** A warning does not fail the check. */
  readonly isWarning?: true;
}

export type Rule =
  | "room" // a file under src/ lies in a room of the table
  | "floor" // imports go to lower floors, never up, never sideways
  | "door" // another room is entered by its index.ts
  | "beside" // what lies beside src/ is not imported by it; its tests may import testing/
  | "missing" // a relative import finds its file
  | "cycle" // files of a room do not import each other in a circle
  | "size" // a file can be read in one sitting
  | "await" // what plugins can require has no top-level await
  | "ambient" // the process's environment is read where the program starts, and nowhere else
  | "exception"; // an exception that nothing needs is taken off the list
