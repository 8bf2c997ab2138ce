import type { MemoryStoreError } from "../memory-store.ts";
import { readFloat } from "./floats.ts";
import { refusals } from "./refusals.ts";

/** `mantissa / 10^scale`, with `scale >= 0`. */
interface Decimal {
  readonly mantissa: bigint;
  readonly scale: number;
}

/** Decimals that Redis prints. */
const printedDecimals = 17;
/** Largest power of ten of the 80-bit floats that Redis computes with. */
const largestExponent = 4932;
const decimal = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i;

/**
 * The text of a sum: exact in decimal, rounded to 17 decimals, no trailing zeros, no exponent.
 * Binary floats would answer 0.30000000000000004 for 0.1 and 0.2.
 */
export function addDecimals(
  current: string,
  delta: string,
  refuse: () => MemoryStoreError = refusals.notFloat,
): string {
  const left = parseDecimal(current, refuse);
  const right = parseDecimal(delta, refusals.notFloat);
  if (left === undefined || right === undefined) throw refusals.nanOrInfinity();
  const scale = Math.max(left.scale, right.scale);
  return decimalText({ mantissa: at(left, scale) + at(right, scale), scale });
}

const at = (value: Decimal, scale: number): bigint => value.mantissa * 10n ** BigInt(scale - value.scale);

/** Undefined stands for an infinity. */
function parseDecimal(text: string, refuse: () => MemoryStoreError): Decimal | undefined {
  if (text.length > 5 * 1024) throw refuse();
  const parts = decimal.exec(text);
  if (parts === null) return fromBinary(readFloat(text), refuse);
  const [, sign, whole = "", fraction = "", exponentText = "0"] = parts;
  if (whole === "" && fraction === "") throw refuse();
  const exponent = Number(exponentText);
  const digits = BigInt(whole + fraction);
  if (digits === 0n || exponent < -2 * largestExponent) return { mantissa: 0n, scale: 0 };
  if (exponent + whole.length > largestExponent) throw refuse();
  const mantissa = sign === "-" ? -digits : digits;
  const scale = fraction.length - exponent;
  return scale >= 0 ? { mantissa, scale } : { mantissa: mantissa * 10n ** BigInt(-scale), scale: 0 };
}

function fromBinary(value: number, refuse: () => MemoryStoreError): Decimal | undefined {
  if (Number.isNaN(value)) throw refuse();
  if (!Number.isFinite(value)) return undefined;
  return parseDecimal(value.toFixed(printedDecimals), refuse);
}

function decimalText({ mantissa, scale }: Decimal): string {
  let units = mantissa < 0n ? -mantissa : mantissa;
  let decimals = scale;
  if (decimals > printedDecimals) {
    const divisor = 10n ** BigInt(decimals - printedDecimals);
    units = (units + divisor / 2n) / divisor;
    decimals = printedDecimals;
  }
  if (units === 0n) return "0";
  const digits = String(units).padStart(decimals + 1, "0");
  const fraction = trimZeros(digits.slice(digits.length - decimals));
  const whole = digits.slice(0, digits.length - decimals);
  const text = decimals === 0 || fraction === "" ? whole : `${whole}.${fraction}`;
  return mantissa < 0n ? `-${text}` : text;
}

function trimZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === 48) end--;
  return digits.slice(0, end);
}
