import { mkdirSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { Mappings } from "../../../src/stores/documents/index.ts";
import type { Search } from "./searches.ts";
import { type FieldTypes, fieldTypesOf, walkSearch } from "./walk-search.ts";

export const outcomes = [
  "hits",
  "no hits",
  "refused by both",
  "the reference breaks",
  "only the second reference agrees",
  "differs",
] as const;
export type Outcome = (typeof outcomes)[number];

export type Counts = Record<string, Partial<Record<Outcome, number>>>;

/** What one file of the suite compared; `scripts/differential.ts` adds them up. */
export interface TallyReport {
  readonly kinds: Counts;
  readonly parts: Readonly<Record<string, Counts>>;
  readonly differences: readonly { readonly kind: string; readonly difference: string; readonly case: string }[];
}

/** Where the files of a run put their figures. */
const folder =
  process.env.DIFFERENTIAL_REPORTS ?? fileURLToPath(new URL("../../../reports/differential", import.meta.url));

/** Counts what is compared in this process; what there is to count is read off the searches themselves. */
class Tally {
  readonly #kinds: Counts = {};
  readonly #parts: Record<string, Counts> = {};
  readonly #differences: { kind: string; difference: string; case: string }[] = [];
  readonly #types = new WeakMap<Mappings, FieldTypes>();
  readonly #file = basename(process.argv[1] ?? "other").replace(/(\.test)?\.ts$/, "");

  count(search: Search, mappings: Mappings, outcome: Outcome): void {
    if (Object.keys(this.#kinds).length === 0) process.once("exit", () => this.#write());
    const types = this.#types.get(mappings) ?? fieldTypesOf(mappings);
    this.#types.set(mappings, types);
    add(this.#kinds, this.#kindOf(search), outcome);
    for (const [group, names] of Object.entries(walkSearch(search.body, types))) {
      this.#parts[group] ??= {};
      for (const name of names) add(this.#parts[group], name, outcome);
    }
  }

  differed(search: Search, difference: string, reproduction: string | undefined): void {
    this.#differences.push({ kind: this.#kindOf(search), difference, case: reproduction ?? JSON.stringify(search) });
  }

  #kindOf({ kind }: Search): string {
    return kind === undefined ? this.#file : `${this.#file}: ${kind}`;
  }

  /** Why the searches of a kind prove too little; undefined when all is well. */
  weakness(kind: string): string | undefined {
    return weaknessOf(`${this.#file}: ${kind}`, this.#kinds[`${this.#file}: ${kind}`] ?? {});
  }

  #write(): void {
    const report: TallyReport = { kinds: this.#kinds, parts: this.#parts, differences: this.#differences };
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/${this.#file}.json`, JSON.stringify(report, undefined, 1));
  }
}

function add(counts: Counts, name: string, outcome: Outcome): void {
  // A name may be a member of every object.
  if (!Object.hasOwn(counts, name)) counts[name] = {};
  const own = counts[name] ?? {};
  own[outcome] = (own[outcome] ?? 0) + 1;
}

const mostWithoutHits = 0.2;

/** Kinds that prove most by what is written; what both refuse is there because values of all sorts are tried. */
const byWriting: readonly string[] = ["dates", "field-types", "geo-shapes"];

/** A kind proves something when most of its searches find something. Only what is named refusals is there to be refused. */
export function weaknessOf(kind: string, counts: Counts[string]): string | undefined {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const refused = counts["refused by both"] ?? 0;
  if (byWriting.includes(kind)) return undefined;
  const isRefusals = kind.includes("refus");
  if (isRefusals) return refused < all * (1 - mostWithoutHits) ? `only ${refused} of ${all} were refused` : undefined;
  const empty = (counts["no hits"] ?? 0) + refused;
  // Few searches miss the share by chance: two standard deviations of it are allowed.
  if (empty <= all * mostWithoutHits + 2 * Math.sqrt(all * mostWithoutHits * (1 - mostWithoutHits))) return undefined;
  return `${empty} of ${all} had no hits${refused > 0 ? `, ${refused} of them were refused by both` : ""}`;
}

export const tally = new Tally();
