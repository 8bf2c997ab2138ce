import { randomInt } from "node:crypto";
import { randomAdjective, randomNoun } from "../../kernel/index.ts";

interface Range {
  readonly min: number;
  readonly max: number;
}

interface NameOptions {
  readonly prefix?: string;
  readonly separator?: string;
  readonly postfixRandRange?: Range | false;
  /** The documented name of `postfixRandRange`. */
  readonly suffixRange?: Range | false;
}

/** Makes up names that people can remember. A class, because that is what plugins import (contract/plugins/framework.md section 7). */
// biome-ignore lint/complexity/noStaticOnlyClass: the form is the contract's
export class NameGenerator {
  static getRandomName(): string {
    return randomNoun();
  }

  static getRandomAdjective(): string {
    return randomAdjective();
  }

  /** `prefix-quick-otter-4711`. */
  static generateRandomName({ prefix, separator = "-", postfixRandRange, suffixRange }: NameOptions = {}): string {
    const parts = [randomAdjective(), randomNoun()];
    if (prefix !== undefined && prefix !== "") parts.unshift(prefix);
    const range = postfixRandRange ?? suffixRange ?? { min: 0, max: 100_000 };
    if (range !== false) parts.push(String(range.min < range.max ? randomInt(range.min, range.max) : range.min));
    return parts.join(separator);
  }
}
