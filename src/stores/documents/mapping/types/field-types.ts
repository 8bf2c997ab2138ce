import { binaryType } from "./binary.ts";
import { booleanType } from "./boolean.ts";
import { completionType } from "./completion.ts";
import { constantKeywordType } from "./constant-keyword.ts";
import { dateNanosType, dateType } from "./date.ts";
import { denseVectorType } from "./dense-vector.ts";
import type { FieldType } from "./field-type.ts";
import { flattenedType } from "./flattened.ts";
import { geoPointType } from "./geo-point.ts";
import { geoShapeType } from "./geo-shape.ts";
import { ipType } from "./ip.ts";
import { keywordType } from "./keyword.ts";
import { numberTypes } from "./numbers.ts";
import { percolatorType } from "./percolator.ts";
import { rangeTypes } from "./ranges.ts";
import { rankFeaturesType, rankFeatureType } from "./rank-features.ts";
import { searchAsYouTypeType } from "./search-as-you-type.ts";
import { textType } from "./text.ts";
import { tokenCountType } from "./token-count.ts";
import { versionType } from "./version.ts";
import { wildcardType } from "./wildcard.ts";

/** Every type of field that the embedded engine indexes. */
export const fieldTypes: ReadonlyMap<string, FieldType> = new Map(
  [
    ...[keywordType, constantKeywordType, wildcardType, versionType, flattenedType, textType],
    ...[dateType, dateNanosType, booleanType, ipType, geoPointType, geoShapeType, binaryType, denseVectorType],
    ...[completionType, searchAsYouTypeType, tokenCountType, rankFeatureType, rankFeaturesType, percolatorType],
    ...numberTypes,
    ...rangeTypes,
  ].map((type) => [type.name, type]),
);

/** Types that search clusters have and the embedded engine does not: refused by name, so that nobody looks for a typing mistake. */
export const unsupportedTypes: ReadonlySet<string> = new Set(
  "point shape sparse_vector join histogram murmur3 annotated_text".split(" "),
);
