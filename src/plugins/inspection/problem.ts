/** Something about a plugin that its author or its operator should change. */
export interface Problem {
  /** `unknown-event`, or the id of an error of the catalogue. */
  readonly id: string;
  /** A warning does not keep the plugin from doing its work. */
  readonly severity: "error" | "warning";
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}
