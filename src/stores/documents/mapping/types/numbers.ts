import { InvalidValue } from "../invalid-value.ts";
import { exactProduct } from "./exact-product.ts";
import { type FieldType, flag, isAnything, isFlag, isNumber } from "./field-type.ts";

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** What the reference engine's language adds to a number of few bits. */
const suffixed = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[dDfF]?\s*$/;

interface Kind {
  readonly name: string;
  readonly whole: boolean;
  readonly min: number;
  readonly max: number;
  /** The nearest number that the type can hold. */
  readonly round: (value: number) => number;
}

const same = (value: number): number => value;
const kinds: readonly Kind[] = [
  { name: "byte", whole: true, min: -128, max: 127, round: same },
  { name: "short", whole: true, min: -32_768, max: 32_767, round: same },
  { name: "integer", whole: true, min: -2_147_483_648, max: 2_147_483_647, round: same },
  { name: "long", whole: true, min: -(2 ** 63), max: 2 ** 63, round: same },
  { name: "unsigned_long", whole: true, min: 0, max: 2 ** 64, round: same },
  { name: "float", whole: false, min: -3.4028234663852886e38, max: 3.4028234663852886e38, round: Math.fround },
  { name: "half_float", whole: false, min: -65_504, max: 65_504, round: (value) => Math.f16round(value) },
  { name: "double", whole: false, min: -Number.MAX_VALUE, max: Number.MAX_VALUE, round: same },
  { name: "scaled_float", whole: false, min: -Number.MAX_VALUE, max: Number.MAX_VALUE, round: same },
];

/** The number that a JSON value stands for, NaN when none. */
export function toNumber(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return Number.NaN;
  const text = value.trim();
  return decimal.test(text) ? Number(text) : Number.NaN;
}

/** The nearest whole number of 64 bits, which know no -0. */
function wholeOf64(value: number): number {
  return Math.max(-(2 ** 63), Math.min(2 ** 63, Math.round(value))) + 0;
}

/** As {@link toNumber}, with what the types of few bits take beyond it, and those of 64 bits do not. */
export function readNumber(value: unknown, isWide: boolean): number {
  if (typeof value !== "string") return toNumber(value);
  if (isWide) return decimal.test(value) ? Number(value) : Number.NaN;
  const match = suffixed.exec(value);
  return match === null ? Number.NaN : Number(match[1]);
}

function numberType(kind: Kind): FieldType {
  const { name, whole, min, max } = kind;
  const isWide = name === "long" || name === "unsigned_long";
  // Searches of small types go up to 32 bits.
  const isSmall = name === "byte" || name === "short";
  const [least, most] = isSmall ? [-2_147_483_648, 2_147_483_647] : [min, max];
  return {
    name,
    parameters: {
      boost: isNumber,
      coerce: isFlag,
      doc_values: isFlag,
      ignore_malformed: isFlag,
      index: isFlag,
      null_value: isAnything,
      store: isFlag,
      ...(name === "scaled_float" ? { scaling_factor: (value: unknown) => Number(value) > 0 } : {}),
    },
    ...(name === "scaled_float" ? { required: ["scaling_factor"] } : {}),
    compile(definition) {
      const coerce = flag(definition, "coerce", true);
      const factor = Number(definition.scaling_factor);
      const isScaled = name === "scaled_float";
      // Documents are multiplied as the processor does it, searches by their digits, as in the reference engine.
      const round = isScaled ? (value: number) => wholeOf64(value * factor) / factor : kind.round;
      const roundSought = isScaled ? (value: number) => wholeOf64(exactProduct(value, factor)) / factor : kind.round;
      const nullValue = definition.null_value ?? "";
      const parse = (value: unknown): number | undefined => {
        // An empty text is nothing, and so what nothing stands for.
        if (value === "" && coerce) return nullValue === "" ? undefined : parse(nullValue);
        if (typeof value === "string" && !coerce)
          throw new InvalidValue(`a string is no ${name} while "coerce" is off`);
        const number = readNumber(value, isWide);
        if (Number.isNaN(number)) throw new InvalidValue(`not a number of type ${name}`);
        const stored = whole ? Math.trunc(number) + 0 : round(number);
        if (whole && stored !== number && !coerce) throw new InvalidValue(`${number} has a decimal part`);
        if (!(stored >= min && stored <= max)) throw new InvalidValue(`${number} is out of range for ${name}`);
        return stored;
      };
      return {
        family: "number",
        docValues: flag(definition, "doc_values", true),
        parse,
        parseQuery(value) {
          const number = readNumber(value, isWide);
          if (Number.isNaN(number)) throw new InvalidValue(`not a number of type ${name}`);
          const sought = whole ? Math.trunc(number) : roundSought(number);
          if (!(sought >= least && sought <= most)) throw new InvalidValue(`out of range for ${name}`);
          return whole ? number : sought;
        },
      };
    },
  };
}

export const numberTypes: readonly FieldType[] = kinds.map(numberType);
