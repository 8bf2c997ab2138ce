/** Checks rooms, floors and doors of the project: `node scripts/check-structure.ts [root]`. Ends with 1 when a rule is broken. */
import { fileURLToPath } from "node:url";
import { checkStructure } from "./structure/check.ts";
import { exceptions } from "./structure/exceptions.ts";

const startedAt = performance.now();
const root = process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url));
const findings = await checkStructure(root, process.argv[2] === undefined ? exceptions : undefined);

for (const { rule, file, line, message, isWarning } of findings) {
  console.log(`${isWarning ? "warning" : "error"} [${rule}] ${file}:${line} ${message}`);
}
const errors = findings.filter(({ isWarning }) => isWarning === undefined).length;
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
console.log(`structure: ${errors} errors, ${findings.length - errors} warnings (${seconds} s)`);
process.exitCode = errors === 0 ? 0 : 1;
