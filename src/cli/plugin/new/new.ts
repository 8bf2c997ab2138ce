import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { readTenonVersion } from "../../../operation/index.ts";
import { readPluginArguments } from "../arguments.ts";
import { Failure, UsageError } from "../failure.ts";
import { foldersOf, kindAt } from "../folders.ts";
import { createOutput } from "../output.ts";
import { templateFiles } from "./template-files.ts";

/** `tenon plugin new NAME [--dir DIR]`: writes a plugin to begin with, which runs as it is. */
export async function create(argv: readonly string[]): Promise<number> {
  const form = { words: { min: 1, max: 1, what: "NAME" }, texts: ["dir"] };
  const { root, json, words, texts } = readPluginArguments(argv, form);
  const output = createOutput(json);
  const [name = ""] = words;
  if (!/^[a-z][a-z\d]*(-[a-z\d]+)*$/.test(name) || name.length > 64) {
    throw new UsageError(`"${name}" cannot be the name of a plugin: use lower-case letters, digits and "-"`);
  }
  const dir = texts.get("dir");
  const folder = dir === undefined ? join(foldersOf(root).available, name) : resolve(dir);
  if (kindAt(folder) !== "nothing") throw new Failure(`${folder} is there already`);
  const files = templateFiles(name, readTenonVersion());
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  output.json({ name, path: folder, files: Object.keys(files) });
  const here = relative(process.cwd(), folder) || ".";
  output.line(`${name} is in ${here}. Next:`);
  output.line(dir === undefined ? `  tenon plugin enable ${name}` : `  tenon plugin install ${here}`);
  output.line(`  tenon start            serves GET /${name}/hello`);
  output.line(`  npm test --prefix ${here}`);
  return 0;
}
