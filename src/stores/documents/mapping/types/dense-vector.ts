import { isPlainObject } from "../../../../kernel/index.ts";
import { InvalidValue } from "../invalid-value.ts";
import { type FieldType, flag, isFlag, isOneOf, type ParameterCheck } from "./field-type.ts";

export const vectorSimilarities = ["cosine", "dot_product", "l2_norm", "max_inner_product"] as const;
export type VectorSimilarity = (typeof vectorSimilarities)[number];

/** How vectors of a field are compared. */
export interface VectorOptions {
  readonly dims: number;
  readonly similarity: VectorSimilarity;
  /** Whole numbers from -128 to 127. */
  readonly isByte: boolean;
  /** Every vector is looked at, however many there are. */
  readonly isExact: boolean;
}

export const maxDims = 4096;

const isDims: ParameterCheck = (value) => {
  const dims = Number(value);
  return Number.isInteger(dims) && dims >= 1 && dims <= maxDims;
};

const graphTypes: readonly unknown[] = ["hnsw", "int8_hnsw", "int4_hnsw", "bbq_hnsw"];
const flatTypes: readonly unknown[] = ["flat", "int8_flat", "int4_flat", "bbq_flat"];
const indexKeys: readonly string[] = ["type", "m", "ef_construction", "confidence_interval"];

/** `{type: "hnsw", m: 16, ef_construction: 100}`; of it only matters whether the type is a flat one. */
const isIndexOptions: ParameterCheck = (value) =>
  isPlainObject(value) &&
  (graphTypes.includes(value.type) || flatTypes.includes(value.type)) &&
  Object.entries(value).every(([key, member]) => indexKeys.includes(key) && (key === "type" || Number(member) >= 0));

/** Numbers that stand for a meaning: what is alike lies close together. Found by `knn`. */
export const denseVectorType: FieldType = {
  name: "dense_vector",
  parameters: {
    dims: isDims,
    index: isFlag,
    similarity: isOneOf(...vectorSimilarities),
    element_type: isOneOf("float", "byte"),
    index_options: isIndexOptions,
  },
  required: ["dims"],
  compile(definition) {
    const { dims, similarity = "cosine", element_type: element = "float", index_options: index } = definition;
    const options: VectorOptions = {
      dims: Number(dims),
      similarity: similarity as VectorSimilarity, // one of them, as `parameters` checks
      isByte: element === "byte",
      isExact: isPlainObject(index) && flatTypes.includes(index.type),
    };
    const isIndexed = flag(definition, "index", true);
    return {
      family: "vector",
      docValues: false,
      vector: options,
      parse: (value) => {
        const vector = parseVector(value, options);
        return isIndexed ? vector : undefined;
      },
    };
  },
};

/**
 * Reads a vector. For `cosine` its length becomes 1, so that only its direction is left.
 * Throws `InvalidValue` for another number of dimensions, what is no number, and a length that the similarity cannot use.
 */
export function parseVector(value: unknown, { dims, similarity, isByte }: VectorOptions): Float32Array {
  if (!Array.isArray(value)) throw new InvalidValue(`expected an array of ${dims} numbers`);
  if (value.length !== dims) throw new InvalidValue(`it has ${value.length} dimensions, and the field ${dims}`);
  const vector = new Float32Array(dims);
  let square = 0;
  for (let i = 0; i < dims; i++) {
    const number: unknown = value[i];
    if (typeof number !== "number" || !Number.isFinite(Math.fround(number)))
      throw new InvalidValue(`its member ${i} is not a number of 32 bits`);
    if (isByte && !(Number.isInteger(number) && number >= -128 && number <= 127))
      throw new InvalidValue(`its member ${i} is not a whole number from -128 to 127`);
    vector[i] = number;
    square += number * number;
  }
  if (similarity === "cosine") {
    if (square === 0) throw new InvalidValue("a vector of zeros has no direction to compare by cosine");
    const length = Math.sqrt(square);
    for (let i = 0; i < dims; i++) vector[i] = (vector[i] as number) / length;
  } else if (similarity === "dot_product" && !isByte && Math.abs(square - 1) > 1e-4) {
    throw new InvalidValue("for dot_product a vector must have the length 1 (or use cosine)");
  }
  return vector;
}
