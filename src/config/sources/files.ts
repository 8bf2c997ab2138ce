import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { isPlainObject, type JSONObject } from "../../kernel/index.ts";
import { cannotParse } from "../errors.ts";
import type { Layer } from "../origin.ts";
import type { Sources } from "./sources.ts";
import type { NamedFile } from "./variables.ts";

const programs = [
  { name: "kuzzle", strict: false },
  { name: "tenon", strict: true },
] as const;

/** The configuration files there are, weakest first; each is read once. `named` are those given by `--config` and the like. */
export function readFiles(sources: Sources, named: readonly NamedFile[]): Layer[] {
  const layers: Layer[] = [];
  const seen = new Set<string>();
  const add = (path: string, strict: boolean, absence: Absence): boolean => {
    if (seen.has(path)) return true;
    const content = read(path, absence);
    if (content === undefined) return false;
    seen.add(path);
    layers.push({ origin: { label: `file ${path}`, strict }, tree: parse(content, path) });
    return true;
  };

  for (const { name, strict } of programs) {
    for (const path of machineFiles(sources.etc ?? "/etc", name)) add(path, strict, "also a directory");
  }
  for (const { name, strict } of programs) {
    if (sources.home === undefined || sources.home === "") break;
    for (const path of homeFiles(sources.home, name)) add(path, strict, "also a directory");
  }
  for (const { name, strict } of programs) {
    for (const directory of upwards(resolve(sources.root))) {
      if (add(join(directory, `.${name}rc`), strict, "allowed")) break;
    }
  }
  for (const { path, strict } of named) add(resolve(sources.root, path), strict, "refused");
  return layers;
}

/** `.config/kuzzle` is a file for one user and the directory of `.config/kuzzle/config` for another. */
type Absence = "allowed" | "also a directory" | "refused";

function machineFiles(etc: string, name: string): string[] {
  return [join(etc, name, "config"), join(etc, `${name}rc`)];
}

function homeFiles(home: string, name: string): string[] {
  return [
    join(home, ".config", name, "config"),
    join(home, ".config", name),
    join(home, `.${name}`, "config"),
    join(home, `.${name}rc`),
  ];
}

function* upwards(start: string): Generator<string> {
  for (let directory = start; ; directory = dirname(directory)) {
    yield directory;
    if (dirname(directory) === directory) return;
  }
}

function read(path: string, absence: Absence): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const absent = code === "ENOENT" || code === "ENOTDIR";
    if (absent && absence !== "refused") return undefined;
    if (code === "EISDIR" && absence === "also a directory") return undefined;
    if (absent) throw cannotParse(`file ${path} does not exist`, error);
    if (code === "EISDIR") throw cannotParse(`${path} is a directory, a file is needed`, error);
    throw cannotParse(`file ${path} cannot be opened (${String(code)})`, error);
  }
}

interface FileParser {
  /** JSON with comments when the text starts with a brace, else INI. */
  parse(content: string): unknown;
}

function parse(content: string, path: string): JSONObject {
  try {
    const tree = fileParser().parse(withoutPreamble(content));
    if (isPlainObject(tree)) return tree;
  } catch (cause) {
    // The parser quotes the text around the fault, where a password may be: neither the message nor the log gets it.
    const detail = cause instanceof Error ? cause.message.replace(/, (\.\.\.)?".*$/s, "") : String(cause);
    throw cannotParse(`file ${path} is not valid: ${detail}`);
  }
  throw cannotParse(`file ${path} holds no object`);
}

/** A file that starts with a comment is JSON too, when a brace follows: the parser alone would take it for INI. */
function withoutPreamble(content: string): string {
  const body = content.replace(/^(?:\s+|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*/, "");
  return body.startsWith("{") ? body : content.replace(/^\uFEFF/, "");
}

/** `rc` itself reads the process's environment and directory, its parser does not. Loaded when there is a file to parse. */
function fileParser(): FileParser {
  return createRequire(import.meta.url)("rc/lib/utils.js") as FileParser; // the package carries no types
}
