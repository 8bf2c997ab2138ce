import { countBits } from "../bits.ts";
import type { Existence } from "../existence.ts";
import type { FieldStore } from "../field-store.ts";
import type { KeywordField } from "../keyword-field.ts";
import { blockShift } from "../number-field.ts";
import { PackedPostings } from "../packed-postings.ts";
import type { ShapeField } from "../shape-field.ts";
import { SortedDictionary } from "../sorted-dictionary.ts";
import type { TextField } from "../text-field.ts";
import type { VectorField } from "../vector-field.ts";
import { DamagedSegment } from "./directory.ts";

/**
 * Whether the parts of a field that was read fit each other and the `count` documents of its space: every place leads into the column that it is
 * for, so that reading can neither run away nor past an end. Checksums say that each part is what was written, this that they belong together.
 * Throws {@link DamagedSegment}.
 */
export function checkField(path: string, field: FieldStore, count: number): void {
  const isWhole = isExistenceWhole(field.exists, count) && isContentWhole(field, count);
  if (!isWhole) throw new DamagedSegment(`The parts of the field "${path}" do not fit each other.`);
}

function isContentWhole(field: FieldStore, count: number): boolean {
  switch (field.kind) {
    case "keyword": {
      const { ords, manyStarts, many, dictionary } = field;
      if (!areTermsWhole(field, count) || !isBelow(ords, dictionary.size + 1)) return false;
      return areListsWhole(manyStarts, many, count, 1) && areTermsOfLists(manyStarts, many, dictionary.size);
    }
    case "text":
      return areTermsWhole(field, count) && arePositionsWhole(field);
    case "number": {
      const { values, blockMin, blockMax, manyStarts, many } = field;
      const blocks = (values.length + (1 << blockShift) - 1) >>> blockShift;
      return (
        blockMin.length >= blocks && blockMax.length === blockMin.length && areListsWhole(manyStarts, many, count, 1)
      );
    }
    case "geo_point": {
      const { lats, lons, manyStarts, many, order } = field;
      if (order !== undefined && !(order.docs.length === field.exists.count && isBelow(order.docs, lats.length)))
        return false;
      return lats.length === lons.length && areListsWhole(manyStarts, many, count, 2);
    }
    case "geo_shape":
      return areShapesWhole(field);
    case "vector":
      return areVectorsWhole(field, count);
  }
}

function areShapesWhole({ starts, triangles, edges, boxes }: ShapeField): boolean {
  const documents = boxes.length / 4;
  return (
    Number.isInteger(documents) &&
    triangles.length === 6 * edges.length &&
    starts.length > documents &&
    areStarts(starts, documents, edges.length)
  );
}

function areVectorsWhole({ dims, docs, values, clusters, count: vectors }: VectorField, count: number): boolean {
  const isShaped = Number.isInteger(dims) && dims > 0 && docs.length === vectors && values.length === vectors * dims;
  if (!isShaped || !isBelow(docs, count)) return false;
  if (clusters === undefined) return true;
  const { centres, starts, rows, count: groups } = clusters;
  const areGroups = rows.length === vectors && isBelow(rows, vectors) && centres.length === groups * dims;
  return areGroups && starts[groups] === rows.length && areStarts(starts, groups, rows.length);
}

function isExistenceWhole({ words, count: documents }: Existence, count: number): boolean {
  if (countBits(words) !== documents) return false;
  for (let word = count >>> 5; word < words.length; word++) {
    const beyond = word === count >>> 5 ? -1 << (count & 31) : -1;
    if (((words[word] as number) & beyond) !== 0) return false;
  }
  return true;
}

function areTermsWhole({ dictionary, postings }: KeywordField | TextField, count: number): boolean {
  if (!(dictionary instanceof SortedDictionary) || !(postings instanceof PackedPostings)) return false;
  const { size, terms } = dictionary;
  const { starts, arena, width } = postings;
  if (!(Number.isInteger(size) && size >= 0)) return false;
  if (!areStarts(terms.starts, size, terms.bytes.length)) return false;
  if (!areStarts(starts, size, arena.length / width)) return false;
  for (let term = 0; term < size; term++) {
    let last = -1;
    for (let at = starts[term] as number; at < (starts[term + 1] as number); at++) {
      const doc = arena[at * width] as number;
      if (doc <= last || doc >= count) return false;
      last = doc;
    }
  }
  return true;
}

/** The beginnings of so many parts and the end of the last: ascending, and not beyond the limit. */
function areStarts(starts: Uint32Array, size: number, limit: number): boolean {
  if (size === 0) return true;
  if (starts.length < size + 1 || (starts[size] as number) > limit) return false;
  for (let i = 0; i < size; i++) if ((starts[i] as number) > (starts[i + 1] as number)) return false;
  return true;
}

function isBelow(column: Uint32Array, limit: number): boolean {
  for (let i = 0; i < column.length; i++) if ((column[i] as number) >= limit) return false;
  return true;
}

/** Lists of `width` entries each, behind their count, in the side store of documents with several values. */
function areListsWhole(
  starts: Uint32Array,
  many: Uint32Array | Int32Array | Float64Array,
  count: number,
  width: 1 | 2,
): boolean {
  for (let doc = 0; doc < Math.min(count, starts.length); doc++) {
    const start = starts[doc] as number;
    if (start === 0) continue;
    const length = many[start];
    if (length === undefined || !(length >= 0) || start + length * width >= many.length) return false;
  }
  return true;
}

function areTermsOfLists(starts: Uint32Array, many: Uint32Array, size: number): boolean {
  for (let doc = 0; doc < starts.length; doc++) {
    const start = starts[doc] as number;
    if (start === 0) continue;
    const end = start + (many[start] as number);
    for (let at = start + 1; at <= end; at++) if ((many[at] as number) >= size) return false;
  }
  return true;
}

function arePositionsWhole({ postings, positions }: TextField): boolean {
  const { arena } = postings;
  for (let at = 1; at < arena.length; at += 2) {
    const beside = arena[at] as number;
    if ((beside & 1) === 1) continue;
    const place = beside >>> 1;
    const frequency = positions[place];
    if (frequency === undefined || place + frequency >= positions.length) return false;
  }
  return true;
}
