import { gzipSync } from "node:zlib";
import { Header } from "tar";

type Entry = ConstructorParameters<typeof Header>[0] & { readonly content?: string };

/** A tarball of entries as they are given: no library would write these. */
function tarballOf(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ content = "", ...entry }) => {
    const header = new Header({ mode: 0o644, mtime: new Date(0), type: "File", ...entry, size: content.length });
    const block = Buffer.alloc(512);
    header.encode(block);
    return [block, Buffer.from(content), Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1_024)]));
}

const file = (path: string, content: string): Entry => ({ path, content });
const plugin = (name: string): readonly Entry[] => [
  file("package/package.json", JSON.stringify({ name: "evil", version: "1.0.0" })),
  file("package/manifest.json", JSON.stringify({ name, kuzzleVersion: "2.x" })),
  file("package/index.js", "module.exports = class { async init() {} };"),
];

export const harmlessTarball: Buffer = tarballOf(plugin("harmless"));

/** Packages that nobody should unpack, by what they hold. */
export const hostileTarballs: Readonly<Record<string, Buffer>> = {
  "a path that leads up": tarballOf([...plugin("evil"), file("package/../../evil.js", "x")]),
  "an absolute path": tarballOf([...plugin("evil"), file("/tmp/tenon-evil.js", "x")]),
  "a symbolic link out of the folder": tarballOf([
    ...plugin("evil"),
    { path: "package/out", type: "SymbolicLink", linkpath: "../../../.." },
    file("package/out/evil.js", "x"),
  ]),
  "a hard link out of the folder": tarballOf([
    ...plugin("evil"),
    { path: "package/passwd", type: "Link", linkpath: "/etc/passwd" },
  ]),
  "a device": tarballOf([...plugin("evil"), { path: "package/null", type: "CharacterDevice" }]),
  "a name that leads up": tarballOf(plugin("../../evil")),
  "no tarball": Buffer.from("this is no tarball"),
  "an empty tarball": tarballOf([]),
};
