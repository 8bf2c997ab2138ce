export type FactKind = "action" | "route" | "error" | "event" | "config";

export const factKinds: readonly FactKind[] = ["action", "route", "error", "event", "config"];

/** One thing that the contract promises. */
export interface Fact {
  readonly kind: FactKind;
  /** `document:create`, `GET /:index/_list`, `api.assert.body_required`, `<controller>:before<Action>`, `server.port`. */
  readonly key: string;
  /** What its total is counted under: a controller, the domain of an error, the scope of an event, a section of the configuration. */
  readonly group: string;
  /** What else must be the same: the action of a route, code and class of an error. */
  readonly detail?: string;
}
