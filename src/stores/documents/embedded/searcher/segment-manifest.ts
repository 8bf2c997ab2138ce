import type { Settings } from "../../document-store.ts";
import { settingOf } from "../../mapping/setting-of.ts";
import { DamagedSegment } from "../search/segment/stored/directory.ts";

/** What is written down of the stored segments of a collection. */
export interface Manifest {
  readonly names: readonly string[];
  /** The analyzers that their texts went through. */
  readonly analysis: string;
  /** UTF-8 bytes of the sources of all their documents, about. */
  readonly bytes: number;
}

/** The analyzers of a collection, in a form that can be compared. */
export const analysisOf = (settings: Settings): string => JSON.stringify(settingOf(settings, "analysis") ?? null);

/** Throws {@link DamagedSegment}. */
export function parseManifest(text: string): Manifest {
  try {
    const { names, analysis, bytes } = JSON.parse(text) as Partial<Manifest>;
    const areNames = Array.isArray(names) && names.every((name) => typeof name === "string" && /^[\w.-]+$/.test(name));
    if (areNames && typeof analysis === "string" && typeof bytes === "number") return { names, analysis, bytes };
  } catch {
    // what is no JSON is no manifest either
  }
  throw new DamagedSegment("The list of stored segments cannot be read.");
}

/** Files of the segments; none when the manifest cannot be read. */
export function namesOf(manifest: string): readonly string[] {
  try {
    return parseManifest(manifest).names;
  } catch {
    return [];
  }
}
