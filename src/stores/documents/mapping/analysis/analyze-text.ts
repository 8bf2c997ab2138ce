import { kerror } from "../../../../kernel/index.ts";
import type { Settings } from "../../document-store.ts";
import { createAnalysis } from "./analysis.ts";

/** One term that an analyzer made of a text; offsets count UTF-16 units. */
export interface AnalyzedToken {
  readonly token: string;
  readonly position: number;
  readonly startOffset: number;
  readonly endOffset: number;
  /** `<ALPHANUM>`, `word`, `SYNONYM`: what filters choose by. */
  readonly type: string;
  /** How many positions it stands for. */
  readonly positionLength: number;
}

/**
 * What an analyzer of a collection with these settings makes of a text, or a normalizer when there is no analyzer of the name:
 * `analyzeText("Où est-il?", "standard")` has the tokens `où`, `est` and `il`.
 * Error (400): `services.storage.wrong_mapping_property` for a name that is neither.
 */
export function analyzeText(text: string, name: string, settings: Settings = {}): AnalyzedToken[] {
  const analysis = createAnalysis(settings);
  const analyzer = analysis.analyzer(name) ?? analysis.normalizingAnalyzer(name);
  if (analyzer === undefined) throw kerror("services.storage.wrong_mapping_property", `analyzer: ${name}`);
  const tokens = analyzer.richTokens(text);
  return tokens.terms.slice(0, tokens.count).map((token, i) => ({
    token,
    position: tokens.positions[i] ?? 0,
    startOffset: tokens.starts[i] ?? 0,
    endOffset: tokens.ends[i] ?? 0,
    type: tokens.types[i] ?? "word",
    positionLength: tokens.lengths[i] ?? 1,
  }));
}
