import { InvalidValue } from "../invalid-value.ts";

/** A value on the line of a range type, lowest and highest included. Terms of a range field are two such, in 16 or 32 digits each. */
export interface RangeCodec {
  /** Lowest and highest value of the line, encoded. */
  readonly first: string;
  readonly last: string;
  /** The value of a bound. Throws `InvalidValue`. */
  read(value: unknown): string;
  /** The same for a search, where it is stricter. */
  readQuery?(value: unknown): string;
  /** The value beside one; undefined beyond the end of the line. */
  next(encoded: string): string | undefined;
  previous(encoded: string): string | undefined;
}

export interface RangeBounds {
  readonly low?: unknown;
  readonly high?: unknown;
  readonly includeLow: boolean;
  readonly includeHigh: boolean;
}

/** The term of a range; ranges whose ends cross are refused. Throws `InvalidValue`. */
export function encodeRange(codec: RangeCodec, bounds: RangeBounds): string {
  const { low, high } = closedBounds(codec, bounds);
  if (low > high) throw new InvalidValue("the lower bound of the range is above the upper one");
  return low + high;
}

/** Lowest and highest value inside of the bounds. Null and undefined bounds are open. */
export function closedBounds(codec: RangeCodec, bounds: RangeBounds, isQuery = false): { low: string; high: string } {
  const { low, high, includeLow, includeHigh } = bounds;
  const read = (value: unknown): string =>
    isQuery && codec.readQuery !== undefined ? codec.readQuery(value) : codec.read(value);
  const from = low === undefined || low === null ? undefined : read(low);
  const to = high === undefined || high === null ? undefined : read(high);
  if (isQuery && from !== undefined && to !== undefined && from > to)
    throw new InvalidValue("a range whose lower bound is above the upper one");
  return {
    low: from === undefined ? codec.first : includeLow ? from : (codec.next(from) ?? past(codec)),
    high: to === undefined ? codec.last : includeHigh ? to : (codec.previous(to) ?? before(codec)),
  };
}

// What lies beyond the ends of a line sorts beyond all of its values.
const past = ({ last }: RangeCodec): string => "~".repeat(last.length);
const before = ({ first }: RangeCodec): string => " ".repeat(first.length);
