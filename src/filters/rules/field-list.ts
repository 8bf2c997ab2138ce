import { isPlainObject, type JSONObject, readOwn } from "../plain-object.ts";

/**
 * Fields that a rule names. `name` is the field and all below it, `visits.*` all below `visits`, `na*` all whose path begins so; `*` is everything.
 * Elements of arrays are at the path of their array.
 */
export class FieldList {
  readonly patterns: readonly string[];
  readonly #names: readonly string[];
  readonly #prefixes: readonly string[];

  constructor(patterns: readonly string[]) {
    this.patterns = [...new Set(patterns)].sort();
    this.#names = this.patterns.filter((pattern) => !pattern.endsWith("*"));
    this.#prefixes = this.patterns.filter((pattern) => pattern.endsWith("*")).map((pattern) => pattern.slice(0, -1));
  }

  /** Whether the field at a path belongs to the list with all that lies below it. */
  covers(path: string): boolean {
    for (const name of this.#names) if (path === name || path.startsWith(`${name}.`)) return true;
    for (const prefix of this.#prefixes) if (path.startsWith(prefix)) return true;
    return false;
  }

  /** Whether something below a path may belong to the list. */
  reaches(path: string): boolean {
    const below = `${path}.`;
    for (const name of this.#names) if (name.startsWith(below)) return true;
    for (const prefix of this.#prefixes) if (prefix.startsWith(below) || below.startsWith(prefix)) return true;
    return false;
  }

  /** What of a source belongs to the list. Objects in arrays keep their places. The source is not changed. */
  cut(source: JSONObject): JSONObject {
    return this.#cutObject(source, "");
  }

  /** The same of JSON texts. */
  cutText(source: string): string {
    return JSON.stringify(this.cut(JSON.parse(source)));
  }

  #cutObject(source: JSONObject, path: string): JSONObject {
    const kept: [string, unknown][] = [];
    for (const [name, value] of Object.entries(source)) {
      const at = path === "" ? name : `${path}.${name}`;
      if (this.covers(at)) kept.push([name, value]);
      else if (typeof value === "object" && value !== null && this.reaches(at)) {
        const part = this.#cutValue(value, at);
        if (part !== undefined) kept.push([name, part]);
      }
    }
    return Object.fromEntries(kept); // an assignment would take a member named __proto__ for the prototype
  }

  #cutValue(value: unknown, path: string): unknown {
    if (isPlainObject(value)) {
      const part = this.#cutObject(value, path);
      return Object.keys(part).length === 0 ? undefined : part;
    }
    if (!Array.isArray(value)) return undefined;
    const elements: unknown[] = [];
    for (const element of value) {
      if (isPlainObject(element)) elements.push(this.#cutObject(element, path));
      else if (Array.isArray(element)) elements.push(this.#cutValue(element, path) ?? []);
    }
    return elements.length === 0 ? undefined : elements;
  }

  /** Path of a field that differs between two contents and does not belong to the list; undefined when there is none. */
  foreignChange(before: JSONObject, after: JSONObject, ignored?: string): string | undefined {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (name === ignored) continue;
      const found = this.#foreign(readOwn(before, name), readOwn(after, name), name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #foreign(before: unknown, after: unknown, path: string): string | undefined {
    if (before === after || this.covers(path)) return undefined;
    if (Array.isArray(before) || Array.isArray(after)) return this.#foreignElement(before, after, path);
    const hasObject = isPlainObject(before) || isPlainObject(after);
    const isObject = (value: unknown): boolean => value === undefined || isPlainObject(value);
    if (!hasObject || !isObject(before) || !isObject(after)) return path;
    const [old, next] = [isPlainObject(before) ? before : {}, isPlainObject(after) ? after : {}];
    const names = new Set([...Object.keys(old), ...Object.keys(next)]);
    if (names.size === 0) return before === undefined || after === undefined ? this.#unlessReached(path) : undefined;
    for (const name of names) {
      const found = this.#foreign(readOwn(old, name), readOwn(next, name), `${path}.${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Elements are compared place by place; one that is there on one side only counts as an object without members on the other. */
  #foreignElement(before: unknown, after: unknown, path: string): string | undefined {
    const [old, next] = [listOf(before), listOf(after)];
    if (old === undefined || next === undefined) return path;
    if (before === undefined || after === undefined) {
      if (old.length + next.length === 0) return this.#unlessReached(path);
    }
    for (let i = 0; i < Math.max(old.length, next.length); i++) {
      const found = this.#foreign(old[i], next[i], path);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #unlessReached(path: string): string | undefined {
    return this.reaches(path) ? undefined : path;
  }
}

function listOf(value: unknown): readonly unknown[] | undefined {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : undefined;
}
