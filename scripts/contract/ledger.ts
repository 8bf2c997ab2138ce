import { type Fact, type FactKind, factKinds } from "./fact.ts";
import type { Tested } from "./recorded.ts";

export type Standing = "missing" | "there" | "there and tested";

export interface Entry extends Fact {
  readonly standing: Standing;
}

export interface Total {
  readonly all: number;
  /** Tested ones included. */
  readonly there: number;
  readonly tested: number;
}

/** Totals by kind (`action`) and by group inside it (`action document`). */
export type Totals = Readonly<Record<string, Total>>;

export function writeUp(facts: readonly Fact[], isThere: (fact: Fact) => boolean, tested: Tested): Entry[] {
  return facts.map((fact) => {
    const standing = !isThere(fact) ? "missing" : isTested(fact, tested, facts) ? "there and tested" : "there";
    return { ...fact, standing };
  });
}

function isTested({ kind, key }: Fact, tested: Tested, facts: readonly Fact[]): boolean {
  const seen = tested[kind];
  if (seen.has(key)) return true;
  if (kind === "config") return some(seen, (name) => name.startsWith(`${key}.`));
  if (kind !== "event" || !key.includes("<")) return false;
  const pattern = patternOf(key);
  // Names that applications and plugins make up are nobody else's.
  const others = isMadeUp(key) ? facts.filter((fact) => fact.kind === "event" && !isMadeUp(fact.key)) : [];
  return some(seen, (name) => pattern.test(name) && !others.some((other) => patternOf(other.key).test(name)));
}

/** `<controller>:before<Action>` as an expression; names of plugin controllers have slashes. */
function patternOf(event: string): RegExp {
  const parts = event.split(/<[^>]*>/).map(RegExp.escape);
  return new RegExp(`^${parts.join(isMadeUp(event) ? ".+" : "[\\w/-]+")}$`);
}

/** `<event>`, `<internal ask or call event>`: no part of the name is fixed. */
const isMadeUp = (event: string): boolean => /^<[^>]*>$/.test(event);

function some(values: ReadonlySet<string>, test: (value: string) => boolean): boolean {
  for (const value of values) if (test(value)) return true;
  return false;
}

export function totalsOf(entries: readonly Entry[]): Totals {
  const totals: Record<string, { all: number; there: number; tested: number }> = {};
  for (const kind of factKinds) totals[kind] = { all: 0, there: 0, tested: 0 };
  for (const { kind, group, standing } of entries) {
    for (const name of [kind, `${kind} ${group}`]) {
      totals[name] ??= { all: 0, there: 0, tested: 0 };
      const total = totals[name];
      total.all++;
      if (standing !== "missing") total.there++;
      if (standing === "there and tested") total.tested++;
    }
  }
  return totals;
}

/** Totals that are lower than they were, one line each. */
export function fallen(before: Totals, now: Totals): string[] {
  const lines: string[] = [];
  for (const [name, was] of Object.entries(before)) {
    const is = now[name] ?? { all: 0, there: 0, tested: 0 };
    for (const part of ["all", "there", "tested"] as const) {
      if (is[part] < was[part]) lines.push(`${name}: ${part} fell from ${was[part]} to ${is[part]}`);
    }
  }
  return lines;
}

export const isOfKind = (name: string, kind: FactKind): boolean => name === kind || name.startsWith(`${kind} `);
