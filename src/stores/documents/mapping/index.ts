export { checkDocument, type DocumentCheck } from "./check-document.ts";
export { type CompiledMapping, compileMapping } from "./compile-mapping.ts";
export { mergeMappings } from "./merge-mappings.ts";
export { parseMappings } from "./parse-mappings.ts";
