import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { create } from "tar";
import { writeInto } from "./command.ts";

/** A small registry that the real npm talks to. */
export interface Registry {
  readonly url: string;
  /** What a process needs so that its npm uses this registry, and nothing of the machine's. */
  readonly env: Readonly<Record<string, string>>;
  /** Publishes files as a version of a package; answers the tarball. */
  publish(files: Readonly<Record<string, string>>): Promise<Buffer>;
  /** Publishes bytes of one's own as a version of a package. */
  publishTarball(name: string, version: string, tarball: Buffer): void;
  /** From now on tarballs are never answered; resolves when one is asked for. */
  stall(): Promise<void>;
  close(): Promise<void>;
}

interface Version {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly tarball: Buffer;
}

export async function startRegistry(t: TestContext): Promise<Registry> {
  const folder = mkdtempSync(join(tmpdir(), "tenon-registry-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const packages = new Map<string, Map<string, Version>>();
  let stalled: (() => void) | undefined;
  const server = createServer((request, response) => {
    const [, name = "", file] =
      /^\/((?:@[^/]+\/)?[^/]+)(?:\/-\/(.+))?$/.exec(decodeURIComponent(request.url ?? "")) ?? [];
    const versions = packages.get(name);
    if (versions === undefined) {
      response.writeHead(404, { "Content-Type": "application/json" }).end('{"error":"Not found"}');
    } else if (file === undefined) {
      response
        .writeHead(200, { "Content-Type": "application/json" })
        .end(JSON.stringify(packument(name, versions, url)));
    } else if (stalled !== undefined) {
      stalled();
    } else {
      response.writeHead(200).end(versions.get(file.replace(/\.tgz$/, ""))?.tarball);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    if (server.listening) server.close();
  };
  t.after(close);
  const publishTarball = (name: string, version: string, tarball: Buffer, manifest: object = {}): void => {
    const versions = packages.get(name) ?? new Map<string, Version>();
    packages.set(name, versions.set(version, { manifest: { ...manifest, name, version }, tarball }));
  };
  return {
    url,
    env: {
      npm_config_registry: url,
      npm_config_cache: join(folder, "cache"),
      npm_config_userconfig: join(folder, "npmrc"),
      npm_config_update_notifier: "false",
    },
    publish: async (files) => {
      const manifest = JSON.parse(files["package/package.json"] ?? "{}") as { name: string; version: string };
      const tarball = await pack(folder, files);
      publishTarball(manifest.name, manifest.version, tarball, manifest);
      return tarball;
    },
    publishTarball,
    stall: () =>
      new Promise((resolve) => {
        stalled = resolve;
      }),
    close,
  };
}

async function pack(folder: string, files: Readonly<Record<string, string>>): Promise<Buffer> {
  const content = mkdtempSync(join(folder, "content-"));
  writeInto(content, files);
  const file = `${content}.tgz`;
  await create({ gzip: true, file, cwd: content }, ["package"]);
  return readFileSync(file);
}

function packument(name: string, versions: ReadonlyMap<string, Version>, url: string): object {
  const described = [...versions].map(([version, { manifest, tarball }]) => [
    version,
    {
      ...manifest,
      dist: {
        tarball: `${url}/${name}/-/${version}.tgz`,
        shasum: createHash("sha1").update(tarball).digest("hex"),
        integrity: `sha512-${createHash("sha512").update(tarball).digest("base64")}`,
      },
    },
  ]);
  return {
    name,
    "dist-tags": { latest: [...versions.keys()].at(-1) },
    versions: Object.fromEntries(described) as object,
  };
}
