/**
 * The filter language: parsed and validated, identified, matched against documents, translated to search queries.
 * Pure: no input, output or clock. Rules: `contract/koncorde.md`.
 */

export { matches } from "./evaluate.ts";
export type { Condition, Filter, FilterNode } from "./filter.ts";
export { FilterError } from "./filter-error.ts";
export { filterId } from "./filter-id.ts";
export { FilterSet } from "./filter-set.ts";
export { parseDistance } from "./geo/distance.ts";
export { type GeoPoint, parseGeoPoint } from "./geo/geo-point.ts";
export { parseFilter } from "./parse/parse-filter.ts";
export type { FilterOptions } from "./parse/parse-state.ts";
export { Pattern, type RegExpEngine } from "./pattern.ts";
export { readPath } from "./read-path.ts";
export { type DocumentRule, type PolicyRule, RuleTemplate } from "./rules/document-rule.ts";
export { FieldList } from "./rules/field-list.ts";
export { parsePolicyRule, ruleMembers } from "./rules/parse-policy-rule.ts";
export { RuleError } from "./rules/rule-error.ts";
export { TranslationError, type TranslationErrorKind, toSearchQuery } from "./to-search-query.ts";
