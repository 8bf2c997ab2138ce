import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { ownModule } from "../realm/own-module.ts";
import type { EmbeddedSDK } from "./embedded-sdk.ts";
import type { EmbeddedSdkDeps } from "./funnel-protocol.ts";

const require = createRequire(import.meta.url);

/** Makes an embedded SDK. Its library is loaded by the first: servers whose plugins do not use it start faster without (30 ms). */
export function createEmbeddedSdk(deps: EmbeddedSdkDeps): EmbeddedSDK {
  const file = fileURLToPath(ownModule("./embedded-sdk", import.meta.url));
  // The compiler cannot know what a path made at run time exports.
  const { EmbeddedSDK: Sdk } = require(file) as { EmbeddedSDK: new (deps: EmbeddedSdkDeps) => EmbeddedSDK };
  return new Sdk(deps);
}
