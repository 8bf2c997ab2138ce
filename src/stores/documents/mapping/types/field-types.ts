import { binaryType } from "./binary.ts";
import { booleanType } from "./boolean.ts";
import { completionType } from "./completion.ts";
import { dateType } from "./date.ts";
import { denseVectorType } from "./dense-vector.ts";
import type { FieldType } from "./field-type.ts";
import { geoPointType } from "./geo-point.ts";
import { geoShapeType } from "./geo-shape.ts";
import { ipType } from "./ip.ts";
import { keywordType } from "./keyword.ts";
import { numberTypes } from "./numbers.ts";
import { searchAsYouTypeType } from "./search-as-you-type.ts";
import { textType } from "./text.ts";
import { tokenCountType } from "./token-count.ts";

/** Every type of field that the embedded engine indexes. */
export const fieldTypes: ReadonlyMap<string, FieldType> = new Map(
  [
    keywordType,
    textType,
    dateType,
    booleanType,
    ipType,
    geoPointType,
    geoShapeType,
    binaryType,
    completionType,
    denseVectorType,
    searchAsYouTypeType,
    tokenCountType,
    ...numberTypes,
  ].map((type) => [type.name, type]),
);

/** Types that search clusters have and the embedded engine does not: refused by name, so that nobody looks for a typing mistake. */
export const unsupportedTypes: ReadonlySet<string> = new Set(
  (
    "integer_range float_range long_range double_range date_range ip_range point shape flattened sparse_vector " +
    "rank_feature rank_features join percolator date_nanos wildcard constant_keyword histogram murmur3 version annotated_text"
  ).split(" "),
);
