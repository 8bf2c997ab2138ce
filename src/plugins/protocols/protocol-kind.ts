import { type JSONObject, kerror } from "../../kernel/index.ts";
import { mainFile } from "../loading/load-package.ts";
import type { ProtocolPackage } from "./protocol-packages.ts";
import { namesRouter, sourceWithoutComments } from "./proxy-sign.ts";

/** Written for the Proxy, up to 1.0, or for the server itself, from 1.1 on. */
export type ProtocolKind = "embedded" | "proxy";

/**
 * Which of both a package is: as `_dialect` in its options says (`p1`, `p2`), embedded when it has a manifest, else what its main file names,
 * and at last how many arguments `joinChannel` takes.
 * Error: `plugin.assert.cannot_load` for an unknown `_dialect`.
 * Source: contract/plugins/generations.md section 3, step B.
 */
export function kindOf(found: ProtocolPackage, instance: object, { _dialect: chosen }: JSONObject): ProtocolKind {
  if (typeof chosen === "string") return chosenKind(found.name, chosen);
  if (found.declaredName !== undefined) return "embedded";
  const source = sourceWithoutComments(mainFile(found.realPath, found.packageJson));
  if (/\bentryPoint\b/i.test(source)) return "embedded";
  if (namesRouter(source)) return "proxy";
  const { joinChannel } = instance as { joinChannel?: unknown };
  return typeof joinChannel === "function" && joinChannel.length === 1 ? "proxy" : "embedded";
}

function chosenKind(name: string, chosen: string): ProtocolKind {
  const generation = chosen.split(".")[0];
  if (generation === "p1") return "proxy";
  if (generation === "p2") return "embedded";
  throw kerror("plugin.assert.cannot_load", name, `its _dialect is "${chosen}"; known are p1 and p2.`);
}
