import { globSync } from "node:fs";

const patterns = [
  "src/**/*.test.ts",
  "testing/**/*.test.ts",
  "tests/**/*.test.ts",
  "scripts/**/*.test.ts",
  "examples/**/*.test.ts",
];

/** Suites that take longer than all the others together. */
const longSuites = "tests/long/";

export interface TestSelection {
  /** Parts of paths; a file is taken when one of them is in its path. All files when there is none. */
  readonly words?: readonly string[];
  readonly long?: boolean;
}

/** Test files below `root`, as paths from there. */
export function findTests(root: string, { words = [], long = false }: TestSelection = {}): string[] {
  const found = globSync(patterns, { cwd: root, exclude: ["**/node_modules", "**/fixtures"] });
  return found
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => long || !path.startsWith(longSuites))
    .filter((path) => words.length === 0 || words.some((word) => path.includes(word.replace(/^\.\//, ""))))
    .sort();
}
