import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Recorded } from "../../src/kernel/index.ts";
import { routeKey } from "./facts.ts";

export type RecordedKind = Recorded["kind"];
/** Keys that were seen during tests that passed. */
export type Tested = Readonly<Record<RecordedKind, ReadonlySet<string>>>;

interface Seen extends Recorded {
  readonly tests: readonly string[];
}

/** Reads what `testing/record/setup.ts` wrote into `folder`; empty when no test has run. */
export function readRecorded(folder: string): Tested {
  const tested = {
    action: new Set(),
    route: new Set(),
    error: new Set(),
    event: new Set(),
    config: new Set(),
  } as const;
  const seen: Seen[] = [];
  const passed = new Map<string, boolean>();
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    for (const line of readFileSync(join(folder, name), "utf8").split("\n")) {
      if (line === "") continue;
      const entry = JSON.parse(line) as Seen | { test: string; passed: boolean }; // our own file
      if ("kind" in entry) {
        seen.push(entry);
        continue;
      }
      for (const key of [entry.test, name]) passed.set(key, (passed.get(key) ?? true) && entry.passed);
    }
  }
  for (const { kind, key, tests } of seen) {
    if (tests.every((test) => passed.get(test) === true)) (tested[kind] as Set<string>).add(normalised(kind, key));
  }
  return tested as Tested;
}

function normalised(kind: RecordedKind, key: string): string {
  const [verb = "", path = ""] = kind === "route" ? key.split(" ") : [];
  return kind === "route" ? routeKey(verb, path) : key;
}
