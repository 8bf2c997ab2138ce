import { checkAwait } from "./check-await.ts";
import { checkCycles } from "./check-cycles.ts";
import { checkAmbient, checkSize } from "./check-files.ts";
import { checkImports } from "./check-imports.ts";
import type { Exceptions } from "./exceptions.ts";
import type { Finding } from "./finding.ts";
import { type ProjectFile, readProject } from "./project.ts";

const noExceptions: Exceptions = { size: [], cycle: [], ambient: [] };

/** Every finding of the project at `root`, by file and line. */
export async function checkStructure(root: string, exceptions: Exceptions = noExceptions): Promise<Finding[]> {
  const files = readProject(root);
  const found: Finding[] = [...unneeded(files, exceptions)];
  for (const file of files.values()) {
    found.push(...checkImports(file), ...checkSize(file, exceptions), ...checkAmbient(file, exceptions));
  }
  found.push(...checkCycles(files, exceptions), ...(await checkAwait(files)));
  return found.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}

function unneeded(files: ReadonlyMap<string, ProjectFile>, { size, cycle, ambient }: Exceptions): Finding[] {
  const isFound = (path: string, check: (file: ProjectFile) => Finding[]): boolean => {
    const file = files.get(path);
    return file !== undefined && check(file).some(({ isWarning }) => isWarning === undefined);
  };
  const report = (file: string, message: string): Finding => ({ rule: "exception", file, line: 1, message });
  return [
    ...size
      .filter(({ file }) => !isFound(file, (found) => checkSize(found, noExceptions)))
      .map(({ file }) => report(file, "is short enough: take its exception off the list")),
    ...cycle
      .filter(({ file, target }) => !files.get(file)?.imports.some((imported) => imported.target === target))
      .map(({ file, target }) => report(file, `does not import ${target}: take its exception off the list`)),
    ...ambient
      .filter(({ file }) => !isFound(file, (found) => checkAmbient(found, noExceptions)))
      .map(({ file, reads }) => report(file, `does not read ${reads}: take its exception off the list`)),
  ];
}
