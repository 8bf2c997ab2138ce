import { Existence } from "../existence.ts";
import type { FieldStore } from "../field-store.ts";
import { GeoField } from "../geo-field.ts";
import { GeoOrder } from "../geo-order.ts";
import { KeywordField } from "../keyword-field.ts";
import { NumberField } from "../number-field.ts";
import { PackedPostings } from "../packed-postings.ts";
import { ShapeField } from "../shape-field.ts";
import { SortedDictionary } from "../sorted-dictionary.ts";
import { TermBytes } from "../term-bytes.ts";
import { TextField } from "../text-field.ts";
import { VectorClusters } from "../vector-clusters.ts";
import { VectorField } from "../vector-field.ts";
import type { Column } from "./columns.ts";

/** A field as its file holds it. */
export interface FieldParts {
  readonly kind: FieldStore["kind"];
  readonly numbers: Readonly<Record<string, number>>;
  readonly columns: Readonly<Record<string, Column>>;
}

/** Takes a field of a frozen segment apart. */
export function takeApart(field: FieldStore): FieldParts {
  const { kind, exists } = field;
  const common = { numbers: { exists: exists.count }, columns: { exists: exists.words } };
  switch (field.kind) {
    case "keyword": {
      const { totalTerms, ords, manyStarts, many } = field;
      const terms = termParts(field);
      return {
        kind,
        numbers: { ...common.numbers, ...terms.numbers, totalTerms },
        columns: { ...common.columns, ...terms.columns, ords, manyStarts, many },
      };
    }
    case "text": {
      const { totalTerms, docCount, positions, lengths } = field;
      const terms = termParts(field);
      return {
        kind,
        numbers: { ...common.numbers, ...terms.numbers, totalTerms, docCount },
        columns: { ...common.columns, ...terms.columns, positions, lengths },
      };
    }
    case "number": {
      const { values, blockMin, blockMax, manyStarts, many, flags } = field;
      return {
        kind,
        numbers: { ...common.numbers, no: flags[0] ?? 0, yes: flags[1] ?? 0 },
        columns: { ...common.columns, values, blockMin, blockMax, manyStarts, many },
      };
    }
    case "geo_point": {
      const { lats, lons, manyStarts, many, order } = field;
      const { docs = new Uint32Array(0), boxes = new Int32Array(0) } = order ?? {};
      const columns = { ...common.columns, lats, lons, manyStarts, many, order: docs, boxes };
      return { kind, numbers: common.numbers, columns };
    }
    case "vector": {
      const { dims, docs, values, clusters } = field;
      const none = new Uint32Array(0);
      const { centres = new Float32Array(0), starts = none, rows = none } = clusters ?? {};
      return {
        kind,
        numbers: { ...common.numbers, dims },
        columns: { ...common.columns, docs, values, centres, starts, rows },
      };
    }
    case "geo_shape": {
      const { starts, triangles, edges, boxes } = field;
      return { kind, numbers: common.numbers, columns: { ...common.columns, starts, triangles, edges, boxes } };
    }
  }
}

function termParts({ dictionary, postings }: KeywordField | TextField) {
  if (!(dictionary instanceof SortedDictionary) || !(postings instanceof PackedPostings))
    throw new TypeError("Only fields of frozen segments are stored.");
  const { arena, starts, width } = postings;
  const docs = width === 1 ? arena : everySecond(arena, 0);
  const beside = width === 1 ? new Uint32Array(0) : everySecond(arena, 1);
  return {
    numbers: { size: dictionary.size },
    columns: { terms: dictionary.terms.bytes, termStarts: dictionary.terms.starts, lists: starts, docs, beside },
  };
}

/** Each alone has small differences between neighbours; mixed they have not. */
function everySecond(arena: Uint32Array, first: 0 | 1): Uint32Array {
  const result = new Uint32Array(arena.length / 2);
  for (let i = 0, at: number = first; i < result.length; i++, at += 2) result[i] = arena[at] as number;
  return result;
}

/** The opposite of {@link takeApart}. Throws a `TypeError` when a part is missing. */
export function putTogether({ kind, numbers, columns }: FieldParts): FieldStore {
  const number = (name: string): number => partOf(numbers[name], name);
  const u32 = (name: string): Uint32Array => columnOf(columns[name], Uint32Array, name);
  const exists = new Existence();
  exists.words = u32("exists");
  exists.count = number("exists");
  const dictionary = (): SortedDictionary =>
    new SortedDictionary(
      new TermBytes(columnOf(columns.terms, Uint8Array, "terms"), u32("termStarts")),
      number("size"),
    );
  switch (kind) {
    case "keyword": {
      const field = new KeywordField(dictionary(), new PackedPostings(1, u32("lists"), u32("docs")));
      field.totalTerms = number("totalTerms");
      return Object.assign(field, { exists, ords: u32("ords"), manyStarts: u32("manyStarts"), many: u32("many") });
    }
    case "text": {
      const arena = mixed(u32("docs"), u32("beside"));
      const field = new TextField(dictionary(), new PackedPostings(2, u32("lists"), arena));
      field.totalTerms = number("totalTerms");
      field.docCount = number("docCount");
      const lengths = columnOf(columns.lengths, Uint8Array, "lengths");
      return Object.assign(field, { exists, positions: u32("positions"), lengths });
    }
    case "number": {
      const f64 = (name: string): Float64Array => columnOf(columns[name], Float64Array, name);
      const field = new NumberField();
      field.flags[0] = number("no");
      field.flags[1] = number("yes");
      const [values, blockMin, blockMax, many] = [f64("values"), f64("blockMin"), f64("blockMax"), f64("many")];
      return Object.assign(field, { exists, values, blockMin, blockMax, manyStarts: u32("manyStarts"), many });
    }
    case "geo_point": {
      const i32 = (name: string): Int32Array => columnOf(columns[name], Int32Array, name);
      const [lats, lons, many] = [i32("lats"), i32("lons"), i32("many")];
      const docs = u32("order");
      const order = docs.length === 0 ? undefined : new GeoOrder(docs, i32("boxes"));
      return Object.assign(new GeoField(), { exists, lats, lons, manyStarts: u32("manyStarts"), many, order });
    }
    case "vector": {
      const f32 = (name: string): Float32Array => columnOf(columns[name], Float32Array, name);
      const dims = number("dims");
      const starts = u32("starts");
      const clusters = starts.length === 0 ? undefined : new VectorClusters(dims, f32("centres"), starts, u32("rows"));
      return Object.assign(new VectorField(dims), { exists, docs: u32("docs"), values: f32("values"), clusters });
    }
    case "geo_shape": {
      const i32 = (name: string): Int32Array => columnOf(columns[name], Int32Array, name);
      const edges = columnOf(columns.edges, Uint8Array, "edges");
      const [triangles, boxes] = [i32("triangles"), i32("boxes")];
      return Object.assign(new ShapeField(), { exists, starts: u32("starts"), triangles, edges, boxes });
    }
  }
}

function mixed(docs: Uint32Array, beside: Uint32Array): Uint32Array {
  const arena = new Uint32Array(docs.length * 2);
  for (let i = 0; i < docs.length; i++) {
    arena[2 * i] = docs[i] as number;
    arena[2 * i + 1] = beside[i] as number;
  }
  return arena;
}

function partOf<T>(part: T | undefined, name: string): T {
  if (part === undefined) throw new TypeError(`A field of a stored segment lacks "${name}".`);
  return part;
}

function columnOf<C extends Column>(column: Column | undefined, Type: new (length: number) => C, name: string): C {
  if (!(column instanceof Type)) throw new TypeError(`A field of a stored segment lacks "${name}".`);
  return column;
}
