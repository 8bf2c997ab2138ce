import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import { flagOf, malformed, onlyKnown } from "../query/parameters.ts";

/** How much more frequent a term is among the documents found than in the background. */
export type Significance = (
  frequency: number,
  found: number,
  backgroundFrequency: number,
  background: number,
) => number;

/** The names of heuristics that may stand among the options. */
export const heuristics: readonly string[] = ["jlh", "mutual_information", "chi_square", "gnd", "percentage"];

/** The heuristic that the options name, JLH without any. Errors (400): several, or options that it does not have. */
export function significanceOf(options: JSONObject, place: string): Significance {
  const [name = "jlh", ...others] = heuristics.filter((one) => options[one] !== undefined);
  if (others.length > 0) throw malformed(`[${place}] takes one of ${heuristics.join(", ")}.`);
  const own = options[name] ?? {};
  const at = `${place}.${name}`;
  if (!isPlainObject(own)) throw malformed(`[${at}] must be an object.`);
  const isTable = name === "mutual_information" || name === "chi_square";
  onlyKnown(
    own,
    isTable ? ["include_negatives", "background_is_superset"] : name === "gnd" ? ["background_is_superset"] : [],
    at,
  );
  const isSuperset = flagOf(own.background_is_superset, true, `${at}.background_is_superset`);
  const takesNegatives = flagOf(own.include_negatives, false, `${at}.include_negatives`);
  switch (name) {
    case "mutual_information":
      return ofTable(mutualInformation, isSuperset, takesNegatives);
    case "chi_square":
      return ofTable(chiSquare, isSuperset, takesNegatives);
    case "gnd":
      return (frequency, found, backgroundFrequency, background) =>
        normalizedDistance(frequency, found, backgroundFrequency, background, isSuperset);
    case "percentage":
      return (frequency, _found, backgroundFrequency) =>
        backgroundFrequency === 0 ? 0 : frequency / backgroundFrequency;
    default:
      return jlh;
  }
}

/** The gain in frequency times the ratio of frequencies. */
const jlh: Significance = (frequency, found, backgroundFrequency, background) => {
  if (found === 0 || background === 0 || frequency === 0) return 0;
  const share = frequency / found;
  const usual = Math.max(backgroundFrequency, 1) / background;
  const gain = share - usual;
  return gain <= 0 ? 0 : gain * (share / usual);
};

/** Documents with and without the term, inside and outside of those found. */
interface Table {
  readonly inWith: number;
  readonly inWithout: number;
  readonly outWith: number;
  readonly outWithout: number;
}

function ofTable(score: (table: Table) => number, isSuperset: boolean, takesNegatives: boolean): Significance {
  return (frequency, found, backgroundFrequency, background) => {
    const table: Table = isSuperset
      ? {
          inWith: frequency,
          inWithout: found - frequency,
          outWith: backgroundFrequency - frequency,
          outWithout: background - backgroundFrequency - (found - frequency),
        }
      : {
          inWith: frequency,
          inWithout: found - frequency,
          outWith: backgroundFrequency,
          outWithout: background - backgroundFrequency,
        };
    const inShare = table.inWith / found;
    const outShare = table.outWith / (table.outWith + table.outWithout);
    if (!takesNegatives && inShare < outShare) return Number.NEGATIVE_INFINITY;
    return score(table);
  };
}

function mutualInformation({ inWith, inWithout, outWith, outWithout }: Table): number {
  const all = inWith + inWithout + outWith + outWithout;
  const part = (cell: number, row: number, column: number): number => {
    const inside = (all * cell) / (row * column);
    return cell === 0 || inside === 0 ? 0 : (cell / all) * Math.log2(inside);
  };
  const [withTerm, without] = [inWith + outWith, inWithout + outWithout];
  const [inside, outside] = [inWith + inWithout, outWith + outWithout];
  const score =
    part(inWith, withTerm, inside) +
    part(outWith, withTerm, outside) +
    part(inWithout, without, inside) +
    part(outWithout, without, outside);
  return Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score;
}

function chiSquare({ inWith, inWithout, outWith, outWithout }: Table): number {
  const all = inWith + inWithout + outWith + outWithout;
  const difference = inWith * outWithout - inWithout * outWith;
  return (
    (all * difference * difference) /
    ((inWith + inWithout) * (outWith + outWithout) * (inWith + outWith) * (inWithout + outWithout))
  );
}

/** The distance of Cilibrasi and Vitányi ("The Google similarity distance"), turned so that near terms score high. */
function normalizedDistance(
  frequency: number,
  found: number,
  backgroundFrequency: number,
  background: number,
  isSuperset: boolean,
): number {
  if (frequency === 0) return 0;
  const y = isSuperset ? backgroundFrequency : backgroundFrequency + frequency;
  const all = isSuperset ? background : background + found;
  const [low, high] = [Math.min(found, y), Math.max(found, y)];
  const distance = (Math.log(high) - Math.log(frequency)) / (Math.log(all) - Math.log(low));
  return Math.exp(-distance);
}
