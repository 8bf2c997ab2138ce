/** Prints numbers by a pattern such as `#,##0.00` or `0.0%`, as `format` of numbers has it (java.text.DecimalFormat, without locales). */
export type NumberPrinter = (value: number) => string;

interface Affixed {
  readonly prefix: string;
  readonly suffix: string;
  readonly digits: string;
  /** Hundredths or thousandths. */
  readonly factor: number;
}

interface Layout {
  readonly leastInteger: number;
  readonly leastFraction: number;
  readonly mostFraction: number;
  /** 0: no groups. */
  readonly group: number;
  readonly leastExponent: number;
}

/** Longest expansion of a double that `toFixed` prints; ties of doubles end long before. */
const exactDigits = 100;

/** Undefined when the pattern is malformed, or has currencies or exponents in steps, which are not there. */
export function compileNumberPattern(pattern: string): NumberPrinter | undefined {
  const [first, second] = splitSigns(pattern);
  const positive = affixes(first);
  const negative = second === undefined ? undefined : affixes(second);
  if (positive === undefined || (second !== undefined && negative === undefined)) return undefined;
  const layout = layoutOf(positive.digits);
  if (layout === undefined) return undefined;
  const before = negative?.prefix ?? `-${positive.prefix}`;
  const behind = negative?.suffix ?? positive.suffix;
  return (value) => {
    if (Number.isNaN(value)) return "NaN";
    const isNegative = value < 0 || Object.is(value, -0);
    const size = Math.abs(value) * positive.factor;
    const digits = size === Number.POSITIVE_INFINITY ? "∞" : printSize(size, layout);
    return isNegative ? before + digits + behind : positive.prefix + digits + positive.suffix;
  };
}

/** Patterns for positive and for negative numbers are divided by `;`. */
function splitSigns(pattern: string): readonly [string, string | undefined] {
  let isQuoted = false;
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] === "'") isQuoted = !isQuoted;
    else if (pattern[i] === ";" && !isQuoted) return [pattern.slice(0, i), pattern.slice(i + 1)];
  }
  return [pattern, undefined];
}

function affixes(pattern: string): Affixed | undefined {
  let [prefix, digits, suffix] = ["", "", ""];
  let factor = 1;
  let isQuoted = false;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    let text = char;
    if (char === "'") {
      if (pattern[i + 1] !== "'") {
        isQuoted = !isQuoted;
        continue;
      }
      i++;
    } else if (!isQuoted) {
      if (char === "¤") return undefined;
      const isExponent = char === "E" && digits !== "" && suffix === "" && /[0#]$/.test(digits);
      if ("#0,.".includes(char) || isExponent) {
        if (suffix !== "") return undefined;
        digits += char;
        continue;
      }
      if (char === "%") factor = 100;
      if (char === "‰") factor = 1000;
      if (/[1-9]/.test(char)) return undefined;
      text = char;
    }
    if (digits === "") prefix += text;
    else suffix += text;
  }
  return isQuoted ? undefined : { prefix, suffix, digits, factor };
}

function layoutOf(digits: string): Layout | undefined {
  const match = /^([#,]*)([0,]*)(?:\.(0*)(#*))?(?:E(0+))?$/.exec(digits);
  if (match === null) return undefined;
  const [, optional = "", needed = "", fraction = "", more = "", exponent = ""] = match;
  const whole = optional + needed;
  const comma = whole.lastIndexOf(",");
  const group = comma < 0 ? 0 : whole.length - comma - 1;
  if (comma >= 0 && group === 0) return undefined;
  // Exponents that are multiples of the number of digits are nothing that anybody asked for.
  if (exponent !== "" && (optional !== "" || needed === "" || comma >= 0)) return undefined;
  // Without any 0 there is one before the point: `#.##` prints 0.13, and `#.00` prints .13.
  const hasZero = needed !== "" || fraction !== "";
  const isFraction = digits.includes(".") && optional !== "" && !hasZero;
  return {
    leastInteger: isFraction ? 1 : needed.replaceAll(",", "").length,
    leastFraction: fraction.length,
    mostFraction: Math.min(exactDigits, fraction.length + more.length),
    group,
    leastExponent: exponent.length,
  };
}

function printSize(size: number, layout: Layout): string {
  if (layout.leastExponent === 0) return printPlain(roundHalfEven(size, layout.mostFraction), layout);
  let exponent = size === 0 ? 0 : Math.floor(Math.log10(size)) - layout.leastInteger + 1;
  let digits = printPlain(mantissa(size, exponent, layout.mostFraction), layout);
  if (digits.split(".")[0]?.length !== layout.leastInteger && size !== 0) {
    exponent++;
    digits = printPlain(mantissa(size, exponent, layout.mostFraction), layout);
  }
  const power = String(Math.abs(exponent)).padStart(layout.leastExponent, "0");
  return `${digits}E${exponent < 0 ? "-" : ""}${power}`;
}

/** Rounds before the point is moved: moving it first would round twice. */
function mantissa(size: number, exponent: number, places: number): string {
  const own = places - exponent;
  if (own > exactDigits) return roundHalfEven(size / 10 ** exponent, places);
  const rounded = own < 0 ? roundTens(size, 10n ** BigInt(-own)) : roundHalfEven(size, own);
  const digits = rounded.replace(".", "").padStart(places + 1, "0");
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** How many tens, hundreds or so on there are; what lies exactly in the middle goes to the even neighbour. */
function roundTens(size: number, unit: bigint): string {
  const whole = BigInt(Math.floor(size));
  const count = whole / unit;
  const twice = (whole % unit) * 2n;
  const isAbove = twice > unit || (twice === unit && (size % 1 !== 0 || count % 2n === 1n));
  return String(isAbove ? count + 1n : count);
}

/** Decimal digits, rounded to `places`; what lies exactly in the middle goes to the even neighbour. */
function roundHalfEven(size: number, places: number): string {
  if (size >= 1e21) return `${BigInt(size)}${places > 0 ? `.${"0".repeat(places)}` : ""}`;
  const rounded = size.toFixed(places);
  const exact = size.toFixed(exactDigits);
  const cut = exact.indexOf(".") + 1 + places;
  const isTie = places < exactDigits && /^50*$/.test(exact.slice(cut));
  if (!isTie) return rounded;
  const lower = places === 0 ? exact.slice(0, cut - 1) : exact.slice(0, cut);
  return "02468".includes(lower[lower.length - 1] as string) ? lower : rounded;
}

function printPlain(rounded: string, { leastInteger, leastFraction, group }: Layout): string {
  let [whole = "", fraction = ""] = rounded.split(".");
  while (fraction.length > leastFraction && fraction.endsWith("0")) fraction = fraction.slice(0, -1);
  whole = whole.replace(/^0+/, "").padStart(leastInteger, "0");
  if (whole === "" && fraction === "") whole = "0";
  if (group > 0) whole = whole.replace(new RegExp(`\\B(?=(\\d{${group}})+$)`, "g"), ",");
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

/** A double as the reference engine writes it in names of buckets: `5.0`, `1.0E12`. */
export function printDouble(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-3) && Number.isFinite(value)) {
    const [digits = "", exponent = ""] = value.toExponential().split("e");
    return `${digits.includes(".") ? digits : `${digits}.0`}E${exponent.replace("+", "")}`;
  }
  if (!Number.isFinite(value)) return String(value);
  return Number.isInteger(value) ? `${Object.is(value, -0) ? "-0" : value}.0` : String(value);
}
