import type { Exceptions } from "./exceptions.ts";
import type { Finding } from "./finding.ts";
import type { ProjectFile } from "./project.ts";

/**
 * Circles of imports, each reported once, at the import that closes it. Imports of types alone do not count: they are gone at run time.
 * Between rooms the floors leave no room for one.
 */
export function checkCycles(files: ReadonlyMap<string, ProjectFile>, { cycle }: Exceptions): Finding[] {
  const found: Finding[] = [];
  const done = new Set<string>();
  const trail: string[] = [];

  const visit = (path: string): void => {
    trail.push(path);
    for (const { target, isType, line } of files.get(path)?.imports ?? []) {
      if (target === undefined || isType || done.has(target)) continue;
      const start = trail.indexOf(target);
      if (start === -1) visit(target);
      else if (!cycle.some((allowed) => allowed.file === path && allowed.target === target)) {
        const circle = [...trail.slice(start), target].join(" -> ");
        found.push({ rule: "cycle", file: path, line, message: `imports in a circle: ${circle}` });
      }
    }
    trail.pop();
    done.add(path);
  };
  for (const path of files.keys()) if (!done.has(path)) visit(path);
  return found;
}
