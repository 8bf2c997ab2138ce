import { isPlainObject } from "../../../../kernel/index.ts";
import { InvalidValue } from "../invalid-value.ts";
import { type FieldType, flag, isFlag, isNumber } from "./field-type.ts";
import { keyEnd } from "./flattened.ts";
import { maxTermBytes } from "./keyword.ts";
import { readNumber } from "./numbers.ts";

/** Below it a float of 32 bits has fewer digits. */
const leastNormal = 2 ** -126;
const floats = new Float32Array(1);
const bits = new Uint32Array(floats.buffer);

/** The value of a feature with the 8 bits behind the point that are kept of it, as five hexadecimal digits. */
function encodeFeature(value: number): string {
  floats[0] = value;
  return ((bits[0] as number) >>> 15).toString(16).padStart(5, "0");
}

/** The bits of a feature, whose mean over all documents is the default of a pivot. */
export const featureBits = (term: string): number => Number.parseInt(term, 16);

/** The value that bits of a feature stand for. */
export function featureValue(ofBits: number): number {
  bits[0] = ofBits << 15;
  return floats[0] as number;
}

function readFeature(value: unknown): number {
  const number = readNumber(value, false);
  if (Number.isNaN(number)) throw new InvalidValue("not a number");
  return Math.fround(number);
}

function checked(value: number): number {
  if (!Number.isFinite(value) || value < leastNormal)
    throw new InvalidValue("a feature is a positive number of 32 bits, which is not beyond 1e-38 and 3e38");
  return value;
}

const refuseQuery = (): never => {
  throw new InvalidValue("only asked for by rank_feature");
};

/** A number that scores: found by `rank_feature`, and by nothing else. */
export const rankFeatureType: FieldType = {
  name: "rank_feature",
  parameters: { boost: isNumber, doc_values: isFlag, index: isFlag, positive_score_impact: isFlag, store: isFlag },
  compile(definition) {
    const isPositive = flag(definition, "positive_score_impact", true);
    return {
      family: "feature",
      docValues: false,
      isInverse: !isPositive,
      parse(value) {
        const feature = readFeature(value);
        return encodeFeature(checked(isPositive ? feature : Math.fround(1 / feature)));
      },
      parseQuery: refuseQuery,
    };
  },
};

/** Numbers that score, by name: `{ "politics": 20, "economics": 50.8 }`. Each is found as `field.politics`. */
export const rankFeaturesType: FieldType = {
  name: "rank_features",
  parameters: { boost: isNumber, doc_values: isFlag, index: isFlag, store: isFlag },
  compile: () => ({
    family: "feature",
    docValues: false,
    hasKeys: true,
    parse: refuseQuery,
    parseQuery: refuseQuery,
    parseMany(value) {
      if (!isPlainObject(value)) throw new InvalidValue("features stand in an object");
      const keyed: string[] = [];
      for (const name in value) {
        if (value[name] === null || value[name] === undefined) continue;
        if (name.includes(keyEnd)) throw new InvalidValue("a feature's name holds the character 0");
        const term = name + keyEnd + encodeFeature(checked(readFeature(value[name])));
        if (Buffer.byteLength(term) > maxTermBytes) throw new InvalidValue("a feature's name is too long");
        keyed.push(term);
      }
      return { plain: [], keyed };
    },
  }),
};
