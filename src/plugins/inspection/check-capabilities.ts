import { checkContributions } from "../capabilities/check-contributions.ts";
import { sourceText } from "../discovery/source-signs.ts";
import { mainFile } from "../loading/load-package.ts";
import type { Inspection } from "./inspect-plugin.ts";
import type { Problem } from "./problem.ts";

/** What the code of a plugin would be refused while it runs, by the signs of it. Those that need a call to be seen are left to tests. */
const signs = {
  storage:
    /\baccessors\.storage\b|\bconstructors\.(Repository|ESClient)\b|\bstorage\.(bootstrap|createCollection)\(|\brepository\(/,
  secrets: /\b(context|accessors)\.secrets\b/,
} as const;

/** Capabilities that a plugin uses and does not declare; none for one that declares nothing, and may do everything. */
export function checkCapabilities({ found, definition, contributions }: Inspection): Problem[] {
  const granted = definition?.capabilities;
  if (definition === undefined || granted === undefined) return [];
  const problems: Problem[] = [];
  if (contributions !== undefined) {
    try {
      checkContributions(definition, contributions);
    } catch (error) {
      const hint = 'Add it to "capabilities", or do without.';
      problems.push({
        id: "plugin.capability.undeclared_contribution",
        severity: "error",
        message: (error as Error).message, // its only error
        hint,
      });
    }
  }
  if (found.kind !== "package") return problems;
  const text = sourceText(mainFile(found.facts.realPath, found.facts.packageJson));
  for (const name of ["storage", "secrets"] as const) {
    const [sign] = (granted[name] ? undefined : signs[name].exec(text)) ?? [];
    if (sign === undefined) continue;
    const message = `Its code has "${sign}", and its capabilities do not have "${name}".`;
    const hint = `Add "${name}": true to "capabilities" in manifest.json and in the description, or do without.`;
    problems.push({ id: "undeclared-capability", severity: "error", message, hint });
  }
  return problems;
}
