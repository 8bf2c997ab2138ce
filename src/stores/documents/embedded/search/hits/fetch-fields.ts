import { type JSONObject, valuesAt } from "../../../../../kernel/index.ts";
import type { CompiledMapping, FieldNode } from "../../../mapping/compile-mapping.ts";
import { InvalidValue } from "../../../mapping/invalid-value.ts";
import { parseGeoPoint } from "../../../mapping/types/geo-point.ts";
import { decodeIp } from "../../../mapping/types/ip.ts";
import { readNumber } from "../../../mapping/types/numbers.ts";
import { malformed } from "../query/parameters.ts";
import { datePrinter, type FieldRequest, refuseFormat, requestedFields } from "./field-requests.ts";

/** How one value of a source is answered; undefined leaves it out. */
type Print = (value: unknown) => unknown;

interface FetchedField {
  readonly path: string;
  readonly node: FieldNode;
  /** Where its values stand in a source: its own place, that of the field it belongs to, those it is copied from. */
  readonly sources: readonly string[];
  readonly print: Print;
}

/** Answers `fields` of a search: the values of the source, flat and in the form of the mapping. */
export class FieldFetcher {
  readonly #fields: readonly FetchedField[];

  constructor(requests: readonly FieldRequest[], mapping: CompiledMapping) {
    const found = new Map<string, FetchedField>();
    for (const request of requests) {
      for (const [path, node] of requestedFields(mapping.fields, request)) {
        const sources = sourcesOf(node, mapping);
        found.set(path, { path, node, sources, print: printerOf(node, request.format) });
      }
    }
    this.#fields = [...found.values()];
  }

  /** `{path: [values]}`; undefined when the source has none of them. */
  run(source: JSONObject): JSONObject | undefined {
    const found: [string, unknown[]][] = [];
    for (const { path, node, sources, print } of this.#fields) {
      const values: unknown[] = [];
      for (const at of sources) {
        for (const value of valuesAt(source, at, node.family === "geo_point" || isWritten(node))) {
          const printed = print(value);
          if (printed !== undefined) values.push(printed);
        }
      }
      if (values.length > 0) found.push([path, values]);
    }
    return found.length === 0 ? undefined : Object.fromEntries(found);
  }
}

function sourcesOf(node: FieldNode, mapping: CompiledMapping): readonly string[] {
  const owner = ownerOf(node, mapping).path;
  const copied = [...mapping.fields.values()].filter(({ copyTo }) => copyTo.includes(owner)).map(({ path }) => path);
  return [owner, ...new Set(copied)];
}

/** The field of the document whose value a sub-field has, at whatever depth. */
function ownerOf(node: FieldNode, mapping: CompiledMapping): FieldNode {
  const parent = mapping.fields.get(node.path.slice(0, Math.max(0, node.path.lastIndexOf("."))));
  return parent?.subfields.includes(node) === true ? ownerOf(parent, mapping) : node;
}

/** What stands for several terms or for none is answered as it was written: ranges, shapes, vectors, queries, completions, objects of any keys. */
const isWritten = ({ family, parseMany }: FieldNode): boolean =>
  family === "range" ||
  family === "geo_shape" ||
  family === "vector" ||
  family === "feature" ||
  family === "query" ||
  parseMany !== undefined;

function printerOf(node: FieldNode, format: string | undefined): Print {
  if (isWritten(node)) {
    refuseFormat(node, format, "fields");
    return (value) => value ?? undefined;
  }
  const parsed: Print = (value) => {
    if (value === null || value === undefined) return node.nullValue;
    try {
      return node.parse(value);
    } catch (err) {
      if (err instanceof InvalidValue) return undefined;
      throw err;
    }
  };
  if (node.format !== undefined) {
    const print = datePrinter(node, format, "fields");
    return (value) => {
      const ms = parsed(value);
      return typeof ms === "number" ? print(ms) : undefined;
    };
  }
  if (node.family === "geo_point") return pointPrinter(node, format);
  refuseFormat(node, format, "fields");
  if (node.type === "boolean") return (value) => flagOf(parsed(value));
  // Numbers of single precision are answered with the digits that they were written with.
  if (node.type === "float" || node.type === "half_float")
    return (value) => {
      const number = parsed(value);
      const written = readNumber(value, false);
      return number === undefined || Number.isNaN(written) ? number : written;
    };
  if (node.type === "ip")
    return (value) => {
      const address = parsed(value);
      return typeof address === "string" ? decodeIp(address) : undefined;
    };
  if (node.family === "text" || node.print !== undefined || node.family === "none")
    return (value) => (value === null || value === undefined ? undefined : String(value));
  return parsed;
}

const flagOf = (value: unknown): boolean | undefined => (typeof value === "number" ? value === 1 : undefined);

function pointPrinter(node: FieldNode, format = "geojson"): Print {
  if (format !== "geojson" && format !== "wkt")
    throw malformed(`[fields] field "${node.path}" of type geo_point takes the formats "geojson" and "wkt".`);
  return (value) => {
    if (value === null || value === undefined) return undefined;
    try {
      const { lat, lon } = parseGeoPoint(value, false);
      return format === "wkt"
        ? `POINT (${javaDouble(lon)} ${javaDouble(lat)})`
        : { type: "Point", coordinates: [lon, lat] };
    } catch (err) {
      if (err instanceof InvalidValue) return undefined;
      throw err;
    }
  };
}

const javaDouble = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));
