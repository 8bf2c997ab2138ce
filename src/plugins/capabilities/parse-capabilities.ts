import { didYouMean, isPlainObject, type JSONObject, kerror } from "../../kernel/index.ts";
import { type Granted, switches } from "./capabilities.ts";

const members = [...switches, "events", "actions", "files"];

/** Error: `plugin.capability.invalid_declaration`, naming the member and the nearest known one. */
export function parseCapabilities(plugin: string, written: unknown): Granted {
  const invalid = (why: string): Error => kerror("plugin.capability.invalid_declaration", plugin, why);
  if (!isPlainObject(written)) throw invalid("it must be an object.");
  refuseOthers(written, members, "", invalid);
  const files = written.files ?? {};
  if (!isPlainObject(files)) throw invalid('"files" must be an object with "read" and "write".');
  refuseOthers(files, ["read", "write"], "files.", invalid);
  const list = (name: string, value: unknown, form: RegExp, example: string): readonly string[] => {
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw invalid(`"${name}" must be a list of texts.`);
    for (const item of value as readonly unknown[]) {
      if (typeof item !== "string" || !form.test(item)) {
        throw invalid(`"${name}" has ${JSON.stringify(item)}; ${example}.`);
      }
    }
    return value as string[];
  };
  const path = 'a path relative to the root is expected, as in "data/mail"';
  return {
    ...readSwitches(written, invalid),
    events: list("events", written.events, /^[^*]*\*?$/, 'expected is "document:afterCreate", "document:*" or "*"'),
    actions: list(
      "actions",
      written.actions,
      /^(\*|[^:*]+:([^:*]+|\*))$/,
      'expected is "document:get", "document:*" or "*"',
    ),
    files: {
      read: list("files.read", files.read, /./, path).map(normalised),
      write: list("files.write", files.write, /./, path).map(normalised),
    },
  };
}

type Switches = Pick<Granted, (typeof switches)[number]>;

function readSwitches(written: JSONObject, invalid: (why: string) => Error): Switches {
  const read: Record<string, boolean> = {};
  for (const name of switches) {
    const value = written[name] ?? false;
    if (typeof value !== "boolean") throw invalid(`"${name}" must be true or false.`);
    read[name] = value;
  }
  return read as unknown as Switches; // the loop has filled in each of them
}

function refuseOthers(
  written: JSONObject,
  known: readonly string[],
  prefix: string,
  invalid: (why: string) => Error,
): void {
  const other = Object.keys(written).find((name) => !known.includes(name));
  if (other !== undefined) throw invalid(`"${prefix}${other}" is not known.${didYouMean(other, known)}`);
}

/** Without `./` and a slash at the end, so that two ways to write one path are the same. */
const normalised = (path: string): string => path.replace(/^(\.\/)+/, "").replace(/(?<=.)\/+$/, "") || ".";
