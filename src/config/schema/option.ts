/**
 * The pieces that the configuration's JSON Schema is written with. The schema is plain data: the schema library infers the
 * static types from it (`import type`), and is not loaded at start, because that alone costs over 100 ms.
 */
export type TypeName = "object" | "array" | "string" | "integer" | "number" | "boolean" | "null";

/** `size`: bytes, or a text such as `"1MB"`; `duration`: milliseconds, or a text such as `"1h"`. */
export type Unit = "ms" | "s" | "size" | "duration" | "KiB";

/** One key, or a section of keys: JSON Schema with the annotations `unit`, `unset` and `obsolete`. */
export interface OptionSchema {
  readonly type?: TypeName | readonly TypeName[];
  /** In place of `type`, where one alternative needs `items`. */
  readonly anyOf?: readonly OptionSchema[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly items?: OptionSchema;
  readonly properties?: Readonly<Record<string, OptionSchema>>;
  /** `false`: an unknown key is reported. A schema (or `{}`): any key may be added. */
  readonly additionalProperties?: false | OptionSchema;
  readonly unit?: Unit;
  /** The key may be absent from the configuration; it has no default. */
  readonly unset?: true;
  /** Still read, but a warning says this. */
  readonly obsolete?: string;
}

export type Properties = Readonly<Record<string, OptionSchema>>;
export type PresentKeys<P extends Properties> = {
  [K in keyof P & string]: P[K] extends { readonly unset: true } ? never : K;
}[keyof P & string];

/** The inference of the schema library reads tuples only; one element that may be any of the names tells it as much. */
export type RequiredNames<P extends Properties> = readonly [PresentKeys<P>];

export interface Section<P extends Properties> {
  readonly type: "object";
  readonly description: string;
  readonly properties: P;
  readonly required: RequiredNames<P>;
}

function presentKeys<P extends Properties>(properties: P): RequiredNames<P> {
  const names = Object.keys(properties).filter((name) => properties[name]?.unset !== true);
  return names as unknown as RequiredNames<P>; // Object.keys forgets the literal names, and see RequiredNames
}

/** A section with a fixed list of keys: any other one is reported. */
export function section<const P extends Properties>(
  description: string,
  properties: P,
): Section<P> & { readonly additionalProperties: false } {
  return { type: "object", description, properties, required: presentKeys(properties), additionalProperties: false };
}

export type Anything = Readonly<Record<string, never>>;

/** A section with known keys to which any other may be added. */
export function openSection<const P extends Properties>(
  description: string,
  properties: P,
): Section<P> & { readonly additionalProperties: Anything } {
  return { type: "object", description, properties, required: presentKeys(properties), additionalProperties: {} };
}

/** A free object: Tenon does not look inside. */
export function free<const Default extends object>(initial: Default, description: string) {
  return { type: "object", additionalProperties: {}, default: initial, description } as const;
}

export const bool = (initial: boolean, description: string) =>
  ({ type: "boolean", default: initial, description }) as const;

export const text = (initial: string, description: string) =>
  ({ type: "string", default: initial, description }) as const;

export const texts = (initial: readonly string[], description: string) =>
  ({ type: "array", items: { type: "string" }, default: initial, description }) as const;

/** A whole number, at least `minimum` (0 unless given). */
export const integer = (initial: number, description: string, minimum = 0) =>
  ({ type: "integer", default: initial, minimum, description }) as const;

/** Milliseconds, at least `minimum` (0 unless given). */
export const ms = (initial: number, description: string, minimum = 0) =>
  ({ type: "number", default: initial, minimum, unit: "ms", description }) as const;

export const seconds = (initial: number, description: string) =>
  ({ type: "number", default: initial, exclusiveMinimum: 0, unit: "s", description }) as const;

/** Text such as `"1MB"` or a number of bytes; read it with `bytes`. */
export const size = (initial: string, description: string) =>
  ({ type: ["string", "integer"], default: initial, minimum: 0, unit: "size", description }) as const;

/** Text such as `"1h"` or a number of milliseconds; read it with `durationMs`. */
export const duration = (initial: string | number, description: string) =>
  ({ type: ["string", "number"], default: initial, unit: "duration", description }) as const;

/** The type names of a node, always as a list; empty when anything goes. */
export function typesOf(node: OptionSchema): readonly TypeName[] {
  if (node.anyOf !== undefined) return node.anyOf.flatMap(typesOf);
  if (node.type === undefined) return [];
  return typeof node.type === "string" ? [node.type] : node.type;
}

/** The schema of the elements of an array, when there is one. */
export function itemsOf(node: OptionSchema | undefined): OptionSchema | undefined {
  return node?.items ?? node?.anyOf?.find((alternative) => alternative.items !== undefined)?.items;
}

/** The schema of a key inside `node`; undefined for a key that is free or unknown. */
export function childOf(node: OptionSchema | undefined, key: string): OptionSchema | undefined {
  const properties = node?.properties;
  return properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
}
