import { isPlainObject, type JSONObject } from "../../../../kernel/index.ts";
import { compileDateFormat, type DateFormat, defaultDateFormatName } from "../dates/date-format.ts";
import { parseDateMath } from "../dates/date-math.ts";
import { utc } from "../dates/time-zone.ts";
import { InvalidValue } from "../invalid-value.ts";
import { type FieldType, flag, isFlag, isNumber, isText } from "./field-type.ts";
import { encodeIp, encodeNetwork } from "./ip.ts";
import { neighbour } from "./neighbour.ts";
import { toNumber } from "./numbers.ts";
import { decodeNumber, encodeNumber } from "./ordered-number.ts";
import { encodeRange, type RangeBounds, type RangeCodec } from "./range-bounds.ts";

const singleMax = 3.4028234663852886e38;
const parameters = {
  boost: isNumber,
  coerce: isFlag,
  doc_values: isFlag,
  index: isFlag,
  store: isFlag,
};

/** Whole numbers between two limits, dates among them; beyond 2^53 they have gaps, as those of JSON. */
function wholeCodec(
  min: number,
  max: number,
  read: (value: unknown) => number,
  readQuery?: (value: unknown) => number,
): RangeCodec {
  const step = (encoded: string, by: 1 | -1): string | undefined => {
    const value = decodeNumber(encoded);
    const beside = Math.abs(value) >= 2 ** 53 ? neighbour(value, by > 0, true) : value + by;
    return beside < min || beside > max ? undefined : encodeNumber(beside);
  };
  return {
    first: encodeNumber(min),
    last: encodeNumber(max),
    read: (value) => encodeNumber(read(value)),
    ...(readQuery === undefined ? {} : { readQuery: (value: unknown) => encodeNumber(readQuery(value)) }),
    next: (encoded) => step(encoded, 1),
    previous: (encoded) => step(encoded, -1),
  };
}

function wholeNumber(
  name: string,
  [min, max]: readonly [number, number],
  coerces: boolean,
  isQuery = false,
): (value: unknown) => number {
  return (value) => {
    if (typeof value === "string" && !coerces && !isQuery)
      throw new InvalidValue(`a string is no ${name} while "coerce" is off`);
    const number = toNumber(value);
    // Of 64 bits, the reference engine takes no spaces.
    const isPadded = name === "long_range" && typeof value === "string" && value !== value.trim();
    if (Number.isNaN(number) || isPadded) throw new InvalidValue(`not a bound of type ${name}`);
    if (number !== Math.trunc(number) && !coerces) throw new InvalidValue(`${number} has a decimal part`);
    const whole = Math.trunc(number);
    if (whole < min || whole > max) throw new InvalidValue(`${number} is out of range for ${name}`);
    return whole;
  };
}

/** Searches take texts, whatever "coerce" says, and never a decimal part. */
function wholeNumbers(name: string, limits: readonly [number, number], coerces: boolean): RangeCodec {
  return wholeCodec(...limits, wholeNumber(name, limits, coerces), wholeNumber(name, limits, false, true));
}

function decimalCodec(name: string, isDouble: boolean, coerces: boolean): RangeCodec {
  const max = isDouble ? Number.MAX_VALUE : singleMax;
  return {
    first: encodeNumber(Number.NEGATIVE_INFINITY),
    last: encodeNumber(Number.POSITIVE_INFINITY),
    read(value) {
      if (typeof value === "string" && !coerces) throw new InvalidValue(`a string is no ${name} while "coerce" is off`);
      const number = toNumber(value);
      if (Number.isNaN(number)) throw new InvalidValue(`not a bound of type ${name}`);
      if (Math.abs(number) > max) throw new InvalidValue(`${number} is out of range for ${name}`);
      return encodeNumber(isDouble ? number : Math.fround(number));
    },
    next: (encoded) => encodeNumber(neighbour(decodeNumber(encoded), true, isDouble)),
    previous: (encoded) => encodeNumber(neighbour(decodeNumber(encoded), false, isDouble)),
  };
}

const dateLimit = 8.64e15;

function dateCodec(format: DateFormat): RangeCodec {
  // In documents the reference engine rounds no bound up, not even one that is left out.
  return wholeCodec(-dateLimit, dateLimit, (value) => {
    const isScalar = typeof value === "string" || typeof value === "number";
    // "now" would be another moment each time the document is indexed.
    const isMoving = typeof value === "string" && value.startsWith("now");
    const ms = isScalar && !isMoving ? parseDateMath(value, format, 0, false, utc) : undefined;
    if (ms === undefined) throw new InvalidValue(`not a date of format ${format.name}`);
    return ms;
  });
}

const lastIp = (1n << 128n) - 1n;
const ipCodec: RangeCodec = {
  first: "0".repeat(32),
  last: "f".repeat(32),
  read(value) {
    const encoded = typeof value === "string" ? encodeIp(value) : undefined;
    if (encoded === undefined) throw new InvalidValue("not an IP address");
    return encoded;
  },
  next: (encoded) => shiftIp(encoded, 1n),
  previous: (encoded) => shiftIp(encoded, -1n),
};

function shiftIp(encoded: string, by: bigint): string | undefined {
  const shifted = BigInt(`0x${encoded}`) + by;
  return shifted < 0n || shifted > lastIp ? undefined : shifted.toString(16).padStart(32, "0");
}

/** Reads `{gt, gte, lt, lte}`; later ones win over earlier ones, as the reference engine has it. */
function readObject(value: JSONObject): RangeBounds {
  let bounds: RangeBounds = { includeLow: true, includeHigh: true };
  for (const [name, bound] of Object.entries(value)) {
    if (name === "gte" || name === "gt" || name === "from")
      bounds = { ...bounds, low: bound, includeLow: name !== "gt" };
    else if (name === "lte" || name === "lt" || name === "to")
      bounds = { ...bounds, high: bound, includeHigh: name !== "lt" };
    else if (name === "include_lower") bounds = { ...bounds, includeLow: bound !== false };
    else if (name === "include_upper") bounds = { ...bounds, includeHigh: bound !== false };
    else throw new InvalidValue(`a range has gt, gte, lt and lte, not "${name.slice(0, 30)}"`);
  }
  return bounds;
}

function rangeType(name: string, codecOf: (definition: JSONObject, coerces: boolean) => RangeCodec): FieldType {
  const isDate = name === "date_range";
  const isFormat = (value: unknown): boolean => typeof value === "string" && compileDateFormat(value) !== undefined;
  return {
    name,
    parameters: isDate ? { ...parameters, format: isFormat, locale: isText } : parameters,
    compile(definition) {
      const coerces = flag(definition, "coerce", true);
      const codec = codecOf(definition, coerces);
      return {
        family: "range",
        docValues: flag(definition, "doc_values", true),
        isUnweighed: true,
        range: codec,
        ...(isDate ? { format: dateFormatOf(definition) } : {}),
        parse(value) {
          if (name === "ip_range" && typeof value === "string") {
            const network = encodeNetwork(value);
            if (network === undefined) throw new InvalidValue("not a network such as 10.0.0.0/8");
            return network.first + network.last;
          }
          if (!isPlainObject(value)) throw new InvalidValue("a range is an object with gt, gte, lt or lte");
          return encodeRange(codec, readObject(value));
        },
      };
    },
  };
}

function dateFormatOf(definition: JSONObject): DateFormat {
  const name = String(definition.format ?? defaultDateFormatName);
  const format = compileDateFormat(name);
  if (format === undefined) throw new InvalidValue(`date format "${name}" is not known`);
  return format;
}

/** Ranges of numbers, dates and addresses. */
export const rangeTypes: readonly FieldType[] = [
  rangeType("integer_range", (_, coerces) => {
    return wholeNumbers("integer_range", [-2_147_483_648, 2_147_483_647], coerces);
  }),
  rangeType("long_range", (_, coerces) => {
    return wholeNumbers("long_range", [-(2 ** 63), 2 ** 63], coerces);
  }),
  rangeType("float_range", (_, coerces) => decimalCodec("float_range", false, coerces)),
  rangeType("double_range", (_, coerces) => decimalCodec("double_range", true, coerces)),
  rangeType("date_range", (definition) => dateCodec(dateFormatOf(definition))),
  rangeType("ip_range", () => ipCodec),
];
