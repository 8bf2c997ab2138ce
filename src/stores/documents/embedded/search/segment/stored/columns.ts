/** What the fields of a frozen segment consist of. */
export type Column = Uint8Array | Uint32Array | Int32Array | Float32Array | Float64Array;

export const columnTypes = {
  u8: Uint8Array,
  u32: Uint32Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;
export type ColumnType = keyof typeof columnTypes;

export function typeOfColumn(column: Column): ColumnType {
  if (column instanceof Uint8Array) return "u8";
  if (column instanceof Uint32Array) return "u32";
  if (column instanceof Float32Array) return "f32";
  return column instanceof Int32Array ? "i32" : "f64";
}

/**
 * The bytes of a column in an order that compresses well: of whole numbers the differences between neighbours (most are small), then all first
 * bytes, all second bytes and so on.
 */
export function toBytes(column: Column): Uint8Array {
  if (column instanceof Uint8Array) return column;
  const width = column.BYTES_PER_ELEMENT;
  const flat = column instanceof Float64Array || column instanceof Float32Array ? column : differences(column);
  return planes(new Uint8Array(flat.buffer, flat.byteOffset, flat.byteLength), width);
}

/** The opposite of {@link toBytes}. */
export function fromBytes(bytes: Uint8Array, type: ColumnType): Column {
  if (type === "u8") return bytes;
  if (type === "u32" || type === "i32") return sumsOf(bytes, new columnTypes[type](bytes.length / 4));
  const Typed = columnTypes[type];
  const words = wordsOf(bytes, Typed.BYTES_PER_ELEMENT);
  return new Typed(words.buffer, 0, words.byteLength / Typed.BYTES_PER_ELEMENT);
}

/** Whole numbers from the planes of their differences. */
function sumsOf(bytes: Uint8Array, column: Uint32Array | Int32Array): Column {
  const { length } = column;
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const low = (bytes[i] as number) | ((bytes[length + i] as number) << 8);
    const high = ((bytes[2 * length + i] as number) << 16) | ((bytes[3 * length + i] as number) << 24);
    sum = (sum + (low | high)) | 0;
    column[i] = sum;
  }
  return column;
}

function differences(column: Uint32Array | Int32Array): Uint32Array {
  const result = new Uint32Array(column.length);
  let before = 0;
  for (let i = 0; i < column.length; i++) {
    const value = column[i] as number;
    result[i] = value - before;
    before = value;
  }
  return result;
}

function planes(bytes: Uint8Array, width: number): Uint8Array {
  const count = bytes.length / width;
  const result = new Uint8Array(bytes.length);
  for (let plane = 0; plane < width; plane++) {
    const start = plane * count;
    for (let i = 0, at = plane; i < count; i++, at += width) result[start + i] = bytes[at] as number;
  }
  return result;
}

/** Bytes that stood plane by plane, together again: four planes make one word, eight make two. */
function wordsOf(bytes: Uint8Array, width: number): Uint32Array<ArrayBuffer> {
  const count = bytes.length / width;
  const step = width / 4;
  const words = new Uint32Array(count * step);
  for (let word = 0; word < step; word++) {
    const first = 4 * word * count;
    const [second, third, fourth] = [first + count, first + 2 * count, first + 3 * count];
    for (let i = 0, at = word; i < count; i++, at += step) {
      const low = (bytes[first + i] as number) | ((bytes[second + i] as number) << 8);
      words[at] = low | ((bytes[third + i] as number) << 16) | ((bytes[fourth + i] as number) << 24);
    }
  }
  return words;
}
