import { type FieldType, isFlag } from "./field-type.ts";
import { toText } from "./keyword.ts";

const semantic = /^(\d+(?:\.\d+)*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(\+[0-9A-Za-z.-]+)?$/;

// Marks sort as what they stand for: a release comes behind its pre-releases, and one without more parts before one with more.
const [endOfRelease, beforePre, beforeBuild, moreParts] = ["\x03", "\x01", "\x02", "\x04"];
const [numericPart, textPart] = ["\x01", "\x02"];
/** Before what is no version; it sorts behind all versions. */
const invalid = "\x7f";

/** A text that sorts as versions do: numbers by value, `1.0-rc` before `1.0`; {@link decodeVersion} reads it back. */
export function encodeVersion(version: string): string {
  const match = semantic.exec(version);
  if (match === null || version.length > 1000) return invalid + version;
  const [, release = "", pre, build = ""] = match;
  const numbers = release.split(".").map(encodeDigits).join(moreParts);
  const parts = pre
    ?.split(".")
    .map((part) => (/^\d+$/.test(part) ? numericPart + encodeDigits(part) : textPart + part));
  return `${numbers}${parts === undefined ? endOfRelease : beforePre + parts.join("\x00")}${build === "" ? "" : beforeBuild + build}`;
}

/** Digits behind the number of them, so that longer numbers are greater. */
function encodeDigits(digits: string): string {
  const plain = digits.replace(/^0+(?=\d)/, "");
  return String.fromCharCode(0x20 + Math.min(90, plain.length)) + digits;
}

/** The version as it was written. */
export function decodeVersion(encoded: string): string {
  if (encoded.startsWith(invalid)) return encoded.slice(1);
  const buildAt = encoded.indexOf(`${beforeBuild}+`);
  const main = buildAt < 0 ? encoded : encoded.slice(0, buildAt);
  const build = buildAt < 0 ? "" : encoded.slice(buildAt + 1);
  const preAt = main.indexOf(beforePre);
  const release = preAt < 0 ? main.slice(0, -1) : main.slice(0, preAt);
  const numbers = release.split(moreParts).map((part) => part.slice(1));
  if (preAt < 0) return numbers.join(".") + build;
  const parts = main.slice(preAt + 1).split("\x00");
  return `${numbers.join(".")}-${parts.map((part) => part.slice(part.startsWith(numericPart) ? 2 : 1)).join(".")}${build}`;
}

/** Versions of software, in the order of semver.org. */
export const versionType: FieldType = {
  name: "version",
  parameters: { store: isFlag },
  compile: () => ({
    family: "keyword",
    docValues: true,
    isUnweighed: true,
    parse: (value) => encodeVersion(toText(value)),
    print: decodeVersion,
  }),
};
