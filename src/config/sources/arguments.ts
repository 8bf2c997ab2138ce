import { cannotParse } from "../errors.ts";
import { assignAt, parsePath } from "../key-path.ts";
import type { Layer } from "../origin.ts";
import { childOf, type OptionSchema, typesOf } from "../schema/option.ts";
import { configSchema } from "../schema/schema.ts";
import { shortForms } from "./sources.ts";

export interface Arguments {
  readonly layers: readonly Layer[];
  /** File named by `--config`. */
  readonly config: string | undefined;
}

/** The caller has acted on these already. */
const notKeys = new Set(["root"]);

/**
 * Reads `--key value`, `--key=value`, `--flag` and `--no-flag`; dots nest. Words without dashes belong to the command and are
 * skipped, and so is everything behind `--`.
 */
export function readArguments(argv: readonly string[]): Arguments {
  const layers: Layer[] = [];
  let config: string | undefined;
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] as string; // i is below the length
    if (argument === "--") break;
    if (!argument.startsWith("-") || isNumber(argument)) continue;
    const { name, inline, negated } = split(argument);
    const names = parsePath(Object.hasOwn(shortForms, name) ? (shortForms[name] as string) : name);
    const following = argv[i + 1];
    let value = inline ?? (negated ? "false" : "true");
    if (inline === undefined && !negated && takesValue(names, following)) {
      value = following as string; // takesValue saw it
      i++;
    }
    if (name === "config") config = named(value, inline ?? following);
    else if (!notKeys.has(name)) {
      const tree = {};
      assignAt(tree, names, value);
      layers.push({ origin: { label: `argument --${negated ? "no-" : ""}${name}`, strict: true }, tree });
    }
  }
  return { layers, config };
}

function split(argument: string): { name: string; inline: string | undefined; negated: boolean } {
  const dashes = argument.startsWith("--") ? 2 : 1;
  const equals = argument.indexOf("=");
  const name = equals < 0 ? argument.slice(dashes) : argument.slice(dashes, equals);
  if (dashes === 1) throw cannotParse(`argument -${name.slice(0, 60)} is unknown. Keys are written with two dashes`);
  if (name === "") throw cannotParse(`argument "${argument.slice(0, 60)}" names no key`);
  const inline = equals < 0 ? undefined : argument.slice(equals + 1);
  if (inline === undefined && name.startsWith("no-")) return { name: name.slice(3), inline, negated: true };
  return { name, inline, negated: false };
}

/** A flag takes the next word only when that says true or false; other keys take any word that is no argument itself. */
function takesValue(names: readonly string[], following: string | undefined): boolean {
  if (following === undefined) return false;
  let node: OptionSchema | undefined = configSchema;
  for (const name of names) node = childOf(node, name);
  if (node !== undefined && typesOf(node).join() === "boolean") return following === "true" || following === "false";
  return !following.startsWith("-") || isNumber(following);
}

const isNumber = (word: string): boolean => /^-\d/.test(word);

function named(file: string, given: string | undefined): string {
  if (given === undefined || file === "") throw cannotParse("argument --config needs the name of a file");
  return file;
}
