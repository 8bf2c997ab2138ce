import { type Clock, type JSONObject, kerror } from "../../../kernel/index.ts";
import { type DateReader, dateFormats } from "./date-formats.ts";
import { parseIsoDate } from "./iso-date.ts";
import { readMinMax, readTexts } from "./type-options.ts";
import type { ValidationType } from "./validation-type.ts";

/** Epoch milliseconds, or the moment of each test. */
type DateBound = number | "NOW";

interface DateOptions {
  readonly formats: readonly DateReader[];
  readonly names: string;
  readonly min: DateBound;
  readonly max: DateBound;
}

export function createDateType(clock: Clock): ValidationType<DateOptions> {
  return {
    typeName: "date",
    allowedTypeOptions: ["formats", "range"],
    validateFieldSpecification: readDateOptions,
    validate({ formats, names, min, max }, value, messages) {
      const now = clock.now();
      const earliest = min === "NOW" ? now : min;
      const latest = max === "NOW" ? now : max;
      let message = `must be a date in the format ${names}`;
      for (const read of formats) {
        const epochMs = read(value, now);
        if (epochMs === undefined) continue;
        if (epochMs >= earliest && epochMs <= latest) return true;
        message =
          epochMs < earliest
            ? `must not be before ${shownInstant(earliest)}`
            : `must not be after ${shownInstant(latest)}`;
      }
      messages.push(message);
      return false;
    },
  };
}

function readDateOptions(options: JSONObject): DateOptions {
  const names = options.formats === undefined ? ["epoch_millis"] : readTexts(options.formats, "formats");
  const formats = names.map((name) => {
    const format = dateFormats.get(name);
    if (format === undefined) throw kerror("validation.types.invalid_date_format", name);
    return format;
  });
  const range = readMinMax(options, "range") ?? {};
  const min = readBound(range.min) ?? Number.NEGATIVE_INFINITY;
  const max = readBound(range.max) ?? Number.POSITIVE_INFINITY;
  if (typeof min === "number" && typeof max === "number" && min > max) {
    throw kerror("validation.assert.invalid_range", "range", "min", "max");
  }
  return { formats, names: names.join(" or "), min, max };
}

function readBound(value: unknown): DateBound | undefined {
  if (value === undefined || value === "NOW") return value;
  const epochMs = typeof value === "string" ? parseIsoDate(value) : value;
  if (typeof epochMs !== "number" || Number.isNaN(epochMs)) throw kerror("validation.types.invalid_date", value);
  return epochMs;
}

function shownInstant(epochMs: number): string {
  const date = new Date(epochMs);
  return Number.isNaN(date.getTime()) ? String(epochMs) : date.toISOString();
}
