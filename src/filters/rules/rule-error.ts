/** What is wrong with the rule of a policy. `place` is the dotted way from the rule: `filter.and.regexp`, `readableFields[1]`, or empty. */
export class RuleError extends Error {
  override readonly name = "RuleError";
  readonly kind: "type" | "unknown" | "filter" | "value";
  readonly place: string;

  constructor(kind: RuleError["kind"], place: string, problem: string) {
    super(problem);
    this.kind = kind;
    this.place = place;
  }
}
