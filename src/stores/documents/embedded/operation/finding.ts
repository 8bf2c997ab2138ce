/** Something that a check of a data directory met. */
export interface Finding {
  /** `damage`: something is lost or wrong. `note`: worth knowing, and in order. */
  readonly kind: "damage" | "note";
  /** `store.db`, `lib:books`, `segments/1.x.segment`. */
  readonly place: string;
  readonly problem: string;
}

export const damage = (place: string, problem: string): Finding => ({ kind: "damage", place, problem });

/** The text of whatever was thrown. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
