import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hole, readSource, type SourceText } from "../source-text.ts";

/** Names of events that the sources can fire. `*` stands for a part that is known at run time only. */
export function findFiredEvents(root: string): string[] {
  const names = new Set<string>();
  for (const path of globSync("src/**/*.ts", { cwd: root, exclude: ["src/**/testing"] })) {
    if (path.endsWith(".test.ts")) continue;
    for (const name of firedBy(readFileSync(join(root, path), "utf8"))) names.add(name);
  }
  return [...names];
}

/** Stands for the event of whatever somebody asks, which is told with its arguments and its answer. */
const asked = "ask:*";

const firingCall = /(?<!\bfunction\s+)\b(?:pipe|hook)\(/g;

/** What one source gives to `events.pipe(…)`, `events.hook(…)` and to the pipeline's `pipe(…)`, and the events of its document pipes. */
export function firedBy(source: string): string[] {
  const text = readSource(source);
  const { code, quoted } = text;
  const names: string[] = [];
  for (const { index, 0: call } of code.matchAll(firingCall)) {
    const start = index + call.length;
    const end = endOfArgument(code, start);
    const before = names.length;
    for (const { start: at, text: name } of quoted.values()) if (at >= start && at < end) names.push(name);
    if (names.length > before) continue;
    const argument = code.slice(start, end).trim();
    // A name and all that goes with it come from the caller: an application's own events.
    if (/^\w+$/.test(argument) && /^,\s*\.\.\./.test(code.slice(end))) names.push(hole);
    else if (/^\w+$/.test(argument) && /^,\s*\{\s*args\b/.test(code.slice(end))) names.push(asked);
    else names.push(...valuesOf(text, argument));
  }
  // A document pipe is data that the pipeline fires; whoever listens names an event too, but extracts nothing.
  for (const match of code.matchAll(/\bevent:\s*(["'`])/g)) {
    const name = quoted.get(match.index + match[0].length - 1)?.text;
    const rest = code.slice(match.index + match[0].length, match.index + match[0].length + 200);
    if (name !== undefined && /^[^"'`]*["'`]\s*,\s*extract\b/.test(rest.replace(/\$\{[^}]*\}/g, ""))) names.push(name);
  }
  return names.filter((name) => name.includes(":") || name === hole);
}

/** The texts of the constant, or of the table of constants, that the argument names, when this source has it. */
function valuesOf(text: SourceText, argument: string): string[] {
  const { code, quoted } = text;
  const name = /^([\w$]+)(?:\[.*\])?$/s.exec(argument)?.[1]?.replaceAll("$", "\\$");
  if (name === undefined) return [];
  const found: string[] = [];
  for (const match of code.matchAll(new RegExp(`\\bconst ${name}\\b[^=;]*=\\s*`, "g"))) {
    const start = match.index + match[0].length;
    const end = endOfArgument(code, start);
    const value = code.slice(start, end);
    const table = /^([\w$]+)\[[^\]]*\];/.exec(value)?.[1];
    if (table !== undefined && table !== name) found.push(...valuesOf(text, table));
    else if (/^["'`{]/.test(value)) {
      const close = value.startsWith("{") ? code.indexOf("}", start) : start + 1;
      for (const { start: at, text: inside } of quoted.values()) if (at >= start && at < close) found.push(inside);
    }
  }
  return found;
}

/** Offset of the comma or parenthesis that ends the argument at `start`. */
function endOfArgument(code: string, start: number): number {
  let depth = 0;
  for (let i = start; i < code.length; i++) {
    const char = code[i] ?? "";
    if ("([{".includes(char)) depth++;
    else if (depth === 0 && ",)".includes(char)) return i;
    else if (")]}".includes(char)) depth--;
  }
  return code.length;
}

/** Whether one of the names found in sources is, or may become, this event of the contract (`log:<level>` is a family of events). */
export function isFired(event: string, fired: readonly string[]): boolean {
  if (event === "<event>") return fired.includes(hole);
  if (event === "<internal ask or call event>") return fired.includes(asked);
  const sample = event.replaceAll(/<(\w+)[^>]*>/g, "$1");
  return fired.some((name) => name === sample || (isTelling(name) && patternOf(name).test(sample)));
}

/** A template with next to no letters of its own would be any event. */
const isTelling = (name: string): boolean => name.includes(hole) && /[a-z]{3}/i.test(name.replaceAll(hole, ""));

const patternOf = (name: string): RegExp => new RegExp(`^${name.split(hole).map(RegExp.escape).join("[\\w-]+")}$`);
