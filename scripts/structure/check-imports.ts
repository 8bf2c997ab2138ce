import type { Finding } from "./finding.ts";
import type { ProjectFile, ResolvedImport } from "./project.ts";
import { doorOf, earlyDoorOf, isTest, type Place, placeOf } from "./rooms.ts";

/** Rooms, floors and doors of one file. */
export function checkImports(file: ProjectFile): Finding[] {
  const place = placeOf(file.path);
  const found: Finding[] = [];
  const report = (rule: Finding["rule"], line: number, message: string): void => {
    found.push({ rule, file: file.path, line, message });
  };
  if (place.kind === "nowhere") report("room", 1, "lies in no room of the table in scripts/structure/rooms.ts");
  for (const imported of file.imports) {
    if (!imported.isRelative) continue;
    const problem = imported.target === undefined ? missing(imported) : problemOf(file.path, place, imported.target);
    if (problem !== undefined) report(problem.rule, imported.line, problem.message);
  }
  return found;
}

type Problem = Pick<Finding, "rule" | "message">;

const missing = ({ specifier }: ResolvedImport): Problem => ({
  rule: "missing",
  message: `imports "${specifier}", which is not there`,
});

function problemOf(path: string, from: Place, target: string): Problem | undefined {
  const to = placeOf(target);
  if (to.kind === "beside") return from.kind === "beside" ? undefined : besideProblem(path, to.folder, target);
  if (to.kind === "nowhere") return undefined; // said at the file itself
  if (to.kind === "entry") return from.kind === "beside" || from.kind === "entry" ? undefined : upward(target);
  if (from.kind === "room" && from.room === to.room) return undefined;
  if (from.kind === "room" && to.floor > from.floor) {
    return {
      rule: "floor",
      message: `${from.room} (floor ${from.floor}) imports ${to.room}, which lies above it (floor ${to.floor})`,
    };
  }
  if (from.kind === "room" && to.floor === from.floor) {
    return { rule: "floor", message: `${from.room} imports ${to.room}, which lies beside it on floor ${to.floor}` };
  }
  if (target === doorOf(to.room) || target === earlyDoorOf(to.room)) return undefined;
  return { rule: "door", message: `imports ${target}: enter ${to.room} by ${doorOf(to.room)}` };
}

const upward = (target: string): Problem => ({
  rule: "floor",
  message: `imports ${target}, which lies above every room`,
});

function besideProblem(path: string, folder: string, target: string): Problem | undefined {
  if (folder === "package.json" || target.endsWith(".json")) return undefined;
  if (folder === "testing" && isTest(path)) return undefined;
  const hint = folder === "testing" ? "only tests import testing/" : `nothing in src/ imports ${folder}/`;
  return { rule: "beside", message: `imports ${target}: ${hint}` };
}
