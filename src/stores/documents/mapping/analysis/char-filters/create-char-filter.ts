import type { PartOptions } from "../part-options.ts";
import type { CharFilter } from "./char-filter.ts";
import { htmlStripFilter } from "./html-strip.ts";
import { mappingFilter } from "./mapping.ts";
import { patternReplaceCharFilter } from "./pattern-replace.ts";

/** Answers undefined when there is no such character filter. */
export function createCharFilter(type: string, options: PartOptions): CharFilter | undefined {
  switch (type) {
    case "html_strip":
    case "htmlStrip":
      return htmlStripFilter(options);
    case "mapping":
      return mappingFilter(options);
    case "pattern_replace":
      return patternReplaceCharFilter(options);
    default:
      return undefined;
  }
}
