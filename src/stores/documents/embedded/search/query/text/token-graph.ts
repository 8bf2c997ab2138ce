import type { Tokens } from "../../../../mapping/analysis/tokens.ts";
import { malformed } from "../parameters.ts";

/** What stands at one place of a query's text: words of which one is enough, or paths of one or several words. */
export type TokenGroup =
  | { readonly kind: "terms"; readonly terms: readonly string[]; readonly position: number }
  | { readonly kind: "paths"; readonly paths: readonly (readonly string[])[]; readonly position: number };

/** More ways through the synonyms of one text are refused. */
const maxPaths = 1024;

/** Groups the tokens of a query's text. Tokens that span several positions make paths, unless their analyzer means something else by them. */
export function groupTokens(tokens: Tokens, ignoresGraph: boolean): TokenGroup[] {
  const { count, isRich, lengths } = tokens;
  let hasPaths = false;
  if (isRich && !ignoresGraph) for (let i = 0; i < count; i++) hasPaths ||= (lengths[i] as number) > 1;
  return hasPaths ? new TokenGraph(tokens).groups() : groupByPosition(tokens);
}

function groupByPosition({ count, terms, positions }: Tokens): TokenGroup[] {
  const groups: { kind: "terms"; terms: string[]; position: number }[] = [];
  for (let i = 0; i < count; i++) {
    const last = groups.at(-1);
    if (last?.position === positions[i]) last?.terms.push(terms[i] as string);
    else groups.push({ kind: "terms", terms: [terms[i] as string], position: positions[i] as number });
  }
  return groups;
}

interface Arc {
  readonly term: string;
  /** Indexes of nodes; the last node has no arcs. */
  readonly from: number;
  readonly to: number;
}

class TokenGraph {
  readonly #arcs: Arc[][] = [];
  readonly #positions: readonly number[];

  constructor({ count, terms, positions, lengths }: Tokens) {
    this.#positions = [...new Set(positions.slice(0, count))].sort((a, b) => a - b);
    const nodeAt = new Map(this.#positions.map((position, node) => [position, node]));
    for (let i = 0; i < count; i++) {
      const from = nodeAt.get(positions[i] as number) ?? 0;
      const end = (positions[i] as number) + (lengths[i] as number);
      // Where words were left out, the path goes on with the next one.
      const next = this.#positions.findIndex((position) => position >= end);
      const to = next < 0 ? this.#positions.length : next;
      const own = this.#arcs[from] ?? [];
      this.#arcs[from] = own;
      own.push({ term: terms[i] as string, from, to });
    }
  }

  groups(): TokenGroup[] {
    const groups: TokenGroup[] = [];
    for (let start = 0; start < this.#positions.length; ) {
      const end = this.#joint(start);
      const position = this.#positions[start] as number;
      const arcs = this.#arcs[start] ?? [];
      if (arcs.every(({ to }) => to === end))
        groups.push({ kind: "terms", terms: arcs.map(({ term }) => term), position });
      else groups.push({ kind: "paths", paths: this.#paths(start, end), position });
      start = end;
    }
    return groups;
  }

  /** The next node that all paths go through. */
  #joint(start: number): number {
    let end = start + 1;
    for (let node = start; node < end; node++) for (const { to } of this.#arcs[node] ?? []) end = Math.max(end, to);
    return end;
  }

  #paths(start: number, end: number): string[][] {
    let open: { node: number; terms: string[] }[] = [{ node: start, terms: [] }];
    const done: string[][] = [];
    while (open.length > 0) {
      const longer: { node: number; terms: string[] }[] = [];
      for (const { node, terms } of open) {
        for (const { term, to } of this.#arcs[node] ?? []) {
          if (to === end) done.push([...terms, term]);
          else longer.push({ node: to, terms: [...terms, term] });
        }
      }
      checkPaths(longer.length + done.length);
      open = longer;
    }
    return done;
  }
}

/** All rows of words from the first group to the last. */
export function allPaths(groups: readonly TokenGroup[]): string[][] {
  let rows: string[][] = [[]];
  for (const group of groups) {
    const choices = group.kind === "terms" ? group.terms.map((term) => [term]) : group.paths;
    checkPaths(rows.length * choices.length);
    rows = rows.flatMap((row) => choices.map((choice) => [...row, ...choice]));
  }
  return rows;
}

function checkPaths(count: number): void {
  if (count > maxPaths) throw malformed(`The synonyms of the text can be combined in more than ${maxPaths} ways.`);
}
