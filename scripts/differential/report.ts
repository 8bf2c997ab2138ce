import { type Counts, type Outcome, outcomes, type TallyReport, weaknessOf } from "../../tests/long/reference/tally.ts";

/** What all files of a run compared, added up. */
export function merge(reports: readonly TallyReport[]): TallyReport {
  const kinds: Counts = {};
  const parts: Record<string, Counts> = {};
  for (const report of reports) {
    addAll(kinds, report.kinds);
    for (const [group, counts] of Object.entries(report.parts)) {
      parts[group] ??= {};
      addAll(parts[group], counts);
    }
  }
  return { kinds, parts, differences: reports.flatMap(({ differences }) => differences) };
}

function addAll(sum: Counts, counts: Counts): void {
  for (const [name, each] of Object.entries(counts)) {
    const own = Object.hasOwn(sum, name) ? (sum[name] ?? {}) : {};
    for (const outcome of outcomes) if (each[outcome] !== undefined) own[outcome] = (own[outcome] ?? 0) + each[outcome];
    sum[name] = own;
  }
}

/** Kinds whose searches prove too little, with the reason. */
export const weaknesses = ({ kinds }: TallyReport): string[] =>
  Object.entries(kinds).flatMap(([kind, counts]) => {
    const weakness = weaknessOf(kind, counts);
    return weakness === undefined ? [] : [`Too little is proved by "${kind}": ${weakness}.`];
  });

const titles: Readonly<Record<string, string>> = {
  clauses: "clause",
  fieldTypes: "field type",
  aggregations: "aggregation",
  options: "body option",
};
/** So many that only what was never found is listed; the JSON has them all. */
const combinations: Readonly<Record<string, string>> = {
  clausesOnTypes: "clause x field type",
  clausesInClauses: "clause > clause",
  aggregationsOnTypes: "aggregation x field type",
  aggregationsInAggregations: "aggregation > aggregation",
};

/** The report for people: a table of each group, the holes among combinations, and what differed. */
export function print({ kinds, parts, differences }: TallyReport): string {
  const sections = [table("kind", kinds)];
  for (const [group, title] of Object.entries(titles)) sections.push(table(title, parts[group] ?? {}));
  for (const [group, title] of Object.entries(combinations)) sections.push(holes(title, parts[group] ?? {}));
  const shown = differences.map(({ kind, difference, case: code }) => `${kind}: ${difference}\n${code}`);
  if (shown.length > 0) sections.push(`What differs:\n${shown.join("\n\n")}`);
  return sections.join("\n\n");
}

const sumOf = (counts: Partial<Record<Outcome, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

function table(title: string, counts: Counts): string {
  const heads = ["cases", ...outcomes];
  const rows = Object.entries(counts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, each]) => [name, sumOf(each), ...outcomes.map((outcome) => each[outcome] ?? 0)]);
  const totals = heads.map((_, i) => rows.reduce((sum, row) => sum + Number(row[i + 1]), 0));
  if (title === "kind") rows.push(["in all", ...totals]);
  const width = Math.max(title.length, ...rows.map(([name]) => String(name).length));
  const line = (first: unknown, others: readonly unknown[]): string =>
    [String(first).padEnd(width), ...others.map((one, i) => String(one).padStart(heads[i]?.length ?? 0))].join("  ");
  return [line(title, heads), ...rows.map(([name, ...numbers]) => line(name, numbers))].join("\n");
}

function holes(title: string, counts: Counts): string {
  const names = Object.keys(counts).sort();
  const without = names.filter((name) => (counts[name]?.hits ?? 0) === 0);
  return `${title}: ${names.length} combinations, ${names.length - without.length} with hits; without: ${without.join(", ") || "none"}`;
}
