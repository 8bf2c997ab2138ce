const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `30s`, `1m`, `500ms`; undefined when the text is no duration. */
export function durationMs(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)\s*$/.exec(text);
  const unit = match === null ? undefined : unitMs[match[2] ?? ""];
  return unit === undefined ? undefined : Number(match?.[1]) * unit;
}
