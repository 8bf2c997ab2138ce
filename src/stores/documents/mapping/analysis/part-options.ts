import { isPlainObject, type JSONObject, kerror } from "../../../../kernel/index.ts";

/** `services.storage.wrong_mapping_property`, naming a place below `analysis`. */
export function wrongPart(place: string, why?: string): Error {
  return kerror("services.storage.wrong_mapping_property", why === undefined ? place : `${place} (${why})`);
}

/**
 * The members of one definition below `analysis`, read by name. Settings may be written as strings: `"3"`, `"true"`, `"a,b"`.
 * What has not been read in the end is unknown, and refused.
 */
export class PartOptions {
  readonly place: string;
  readonly #members: JSONObject;
  readonly #read = new Set<string>(["type", "version"]);

  constructor(members: JSONObject, place: string) {
    this.#members = members;
    this.place = place;
  }

  wrong(name: string, why?: string): Error {
    return wrongPart(`${this.place}.${name}`, why);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#members, name) && this.#members[name] !== null;
  }

  raw(name: string): unknown {
    this.#read.add(name);
    return Object.hasOwn(this.#members, name) ? (this.#members[name] ?? undefined) : undefined;
  }

  flag(name: string, byDefault: boolean): boolean {
    const value = this.raw(name);
    if (value === undefined) return byDefault;
    if (value === true || value === "true") return true;
    if (value === false || value === "false") return false;
    throw this.wrong(name, "true or false");
  }

  integer(name: string, byDefault: number, min = Number.MIN_SAFE_INTEGER, max = 2 ** 31 - 1): number {
    const value = this.raw(name);
    if (value === undefined) return byDefault;
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof number === "number" && Number.isInteger(number) && number >= min && number <= max) return number;
    throw this.wrong(name, `an integer, ${min} at least`);
  }

  text(name: string, byDefault: string): string;
  text(name: string, byDefault?: string): string | undefined;
  text(name: string, byDefault?: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined) return byDefault;
    if (typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    throw this.wrong(name, "a text");
  }

  needText(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw this.wrong(name, "is needed");
    return value;
  }

  /** A list of texts; one text is split at commas, as settings are. */
  list(name: string): readonly string[] | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (typeof value === "string") return value === "" ? [] : value.split(",").map((one) => one.trim());
    if (!Array.isArray(value)) throw this.wrong(name, "a list of texts");
    return value.map((one, i) => {
      if (typeof one === "string") return one;
      if (typeof one === "number" || typeof one === "boolean") return String(one);
      throw this.wrong(`${name}[${i}]`, "a text");
    });
  }

  needList(name: string): readonly string[] {
    const list = this.list(name);
    if (list === undefined) throw this.wrong(name, "is needed");
    return list;
  }

  /** Members that name a file of the cluster's machines. */
  refuseFile(name: string, inline: string): void {
    if (this.raw(name) !== undefined) throw this.wrong(name, `files are not read: use "${inline}"`);
  }

  refuseUnknown(): void {
    for (const name of Object.keys(this.#members)) if (!this.#read.has(name)) throw this.wrong(name, "not known");
  }
}

export function section(parts: JSONObject, name: string): JSONObject {
  const value = parts[name];
  if (value === undefined || value === null) return {};
  if (isPlainObject(value)) return value;
  throw wrongPart(`analysis.${name}`, "an object");
}
