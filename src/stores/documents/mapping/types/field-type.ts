import type { JSONObject } from "../../../../kernel/index.ts";
import type { Analysis, Analyzer, Normalizer } from "../analysis/analysis.ts";
import type { DateFormat } from "../dates/date-format.ts";
import type { GeoShape } from "../shapes/geo-shape.ts";
import type { VectorOptions } from "./dense-vector.ts";
import type { RangeCodec } from "./range-bounds.ts";

/** How the index keeps the values of a field. */
export type FieldFamily =
  | "keyword"
  | "text"
  | "number"
  | "geo_point"
  | "geo_shape"
  | "range"
  | "vector"
  | "query"
  | "constant"
  | "feature"
  | "none";

export interface GeoPoint {
  readonly lat: number;
  readonly lon: number;
}

/** A value as the index keeps it: terms as text, numbers, dates and booleans as numbers, vectors as they are compared. */
export type IndexedValue = string | number | GeoPoint | GeoShape | Float32Array;

/** Values for a field and for the hidden field of `key, 0, value` beside it (`flattened`). */
export interface ManyValues {
  readonly plain: readonly IndexedValue[];
  readonly keyed: readonly IndexedValue[];
}

/** What a field type makes of one definition. */
export interface FieldBehaviour {
  readonly family: FieldFamily;
  /** One value of a document. Undefined: nothing to index. Throws `InvalidValue`. */
  parse(value: unknown): IndexedValue | undefined;
  /** All values that one value of a document stands for, instead of `parse`; `keyed` ones go to the hidden field beside it. */
  parseMany?(value: unknown): ManyValues;
  /** Features that score less the greater they are: kept as 1 divided by them. */
  readonly isInverse?: boolean;
  /** Its keys have values of their own. */
  readonly hasKeys?: boolean;
  /** A value of a query (`term`, `range`, `missing`). Undefined when no document can have it. */
  parseQuery?(value: unknown): IndexedValue | undefined;
  /** How a term reads in answers; terms are answered as they are without it. */
  print?(term: string): string;
  readonly format?: DateFormat;
  /** The line on which a range lies. */
  readonly range?: RangeCodec;
  /** All matches score the same. */
  readonly isUnweighed?: boolean;
  /** Objects in which the type finds its values; objects are refused otherwise, even where malformed values are ignored. */
  readonly takesObjects?: boolean;
  readonly analyzer?: Analyzer;
  readonly searchAnalyzer?: Analyzer;
  /** For phrases, where it is not that of searches. */
  readonly quoteAnalyzer?: Analyzer;
  /** Sub-fields that the type brings itself. */
  readonly parts?: Readonly<Record<string, FieldBehaviour>>;
  /** The parts that hold rows of two words, of three and so on, for phrases. */
  readonly rowFields?: readonly string[];
  /** The part that holds the beginnings of the longest rows. */
  readonly prefixField?: string;
  /** The index knows how often a term occurs in a document, or only whether. */
  readonly countsTerms?: boolean;
  /** Phrases can be searched. */
  readonly hasPositions?: boolean;
  readonly normalizer?: Normalizer;
  /** Texts of full-text searches are cut at white space, each part being a term (`split_queries_on_whitespace`). */
  readonly cutQuery?: (text: string) => readonly string[];
  /** Text without norms scores without lengths. */
  readonly norms?: boolean;
  /** Sorting and aggregations need it. */
  readonly docValues?: boolean;
  readonly positionGap?: number;
  readonly vector?: VectorOptions;
}

/** Whether a mapping parameter has a value that can be used. */
export type ParameterCheck = (value: unknown) => boolean;

/** One type of field. A new type is one such object in a file of its own, listed in `field-types.ts`. */
export interface FieldType {
  readonly name: string;
  /** Parameters beyond `type`, `fields`, `copy_to` and `meta`. */
  readonly parameters: Readonly<Record<string, ParameterCheck>>;
  readonly required?: readonly string[];
  /** It takes no `fields`, `copy_to` and `meta` either. */
  readonly isBare?: boolean;
  compile(definition: JSONObject, analysis: Analysis): FieldBehaviour;
}

export const isFlag: ParameterCheck = (value) => typeof value === "boolean" || value === "true" || value === "false";
export const isText: ParameterCheck = (value) => typeof value === "string";
export const isNumber: ParameterCheck = (value) => value !== "" && Number.isFinite(Number(value));
export const isCount: ParameterCheck = (value) => value !== "" && Number.isInteger(Number(value)) && Number(value) >= 0;
export const isAnything: ParameterCheck = () => true;
export const isOneOf =
  (...values: readonly string[]): ParameterCheck =>
  (value) =>
    typeof value === "string" && values.includes(value);

/** A flag of a definition, which may be written as a string. */
export function flag(definition: JSONObject, name: string, byDefault: boolean): boolean {
  const value = definition[name];
  return value === undefined ? byDefault : value === true || value === "true";
}
