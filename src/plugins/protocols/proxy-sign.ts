import { readFileSync } from "node:fs";
import type { PackageFacts } from "../discovery/package-facts.ts";
import { mainFile } from "../loading/load-package.ts";

const methods = ["broadcast", "notify", "joinChannel", "leaveChannel"] as const;

/**
 * True for a protocol for the Proxy that lies among the plugins, where its releases had it: without manifest, its main file names the router and the
 * methods of a protocol. Plugins of the first generation that speak a protocol have hooks on `protocol:…` instead.
 * Source: contract/plugins/protocols.md section 2; contract/plugins/generations.md section 3, step B.
 */
export function isProxyProtocol({ manifest, realPath, packageJson }: ProtocolFacts): boolean {
  if (manifest !== undefined) return false;
  let source: string;
  try {
    source = sourceWithoutComments(mainFile(realPath, packageJson));
  } catch {
    return false; // whoever loads it says what is wrong
  }
  if (!namesRouter(source) || /["'`]protocol:/.test(source)) return false;
  return methods.every((method) => new RegExp(`\\b${method}\\b`).test(source));
}

type ProtocolFacts = Pick<PackageFacts, "manifest" | "realPath" | "packageJson">;

export const namesRouter = (source: string): boolean =>
  /\baccessors\b[^;]*\brouter\b|\brouter\b[^;]*\baccessors\b|\bgetRouter\b/.test(source);

export const sourceWithoutComments = (file: string): string =>
  readFileSync(file, "utf8").replaceAll(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, "");
