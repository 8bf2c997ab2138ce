import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The version of this very package: its `package.json` is the nearest above, in the sources and in the build alike. */
export function readTenonVersion(folder = dirname(fileURLToPath(import.meta.url))): string {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return readTenonVersion(dirname(folder));
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version; // our own file
}
