import { normalize, sep } from "node:path";
import { isPlainObject } from "../../kernel/index.ts";

/** What a process of a plugin may reach outside of its code. Paths are relative to the application's root, or absolute. */
export interface DeclaredAccess {
  readonly network: boolean;
  readonly files: { readonly read: readonly string[]; readonly write: readonly string[] };
}

/**
 * Reads `capabilities` of a description and of a manifest: `{ network: true, files: { read: ["data"], write: [] } }`. What is not declared is not
 * granted; where both speak, what both allow is.
 */
export function declaredAccess(places: readonly unknown[]): DeclaredAccess {
  const declared = places.filter((place) => place !== undefined).map(accessOf);
  return declared.length === 0 ? accessOf({}) : declared.reduce(intersection);
}

function accessOf(capabilities: unknown): DeclaredAccess {
  const { network, files } = isPlainObject(capabilities) ? capabilities : {};
  const { read, write } = isPlainObject(files) ? files : {};
  return { network: network === true, files: { read: textsOf(read), write: textsOf(write) } };
}

const textsOf = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.filter((one): one is string => typeof one === "string").map((path) => normalize(path))
    : [];

/** A path within an allowed folder is allowed. */
const intersection = (a: DeclaredAccess, b: DeclaredAccess): DeclaredAccess => ({
  network: a.network && b.network,
  files: { read: commonPaths(a.files.read, b.files.read), write: commonPaths(a.files.write, b.files.write) },
});

const commonPaths = (a: readonly string[], b: readonly string[]): string[] => [
  ...new Set([...a.filter((path) => isWithin(path, b)), ...b.filter((path) => isWithin(path, a))]),
];

const isWithin = (path: string, folders: readonly string[]): boolean =>
  folders.some((folder) => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep));
