import type { NativePlugin } from "./define-plugin.ts";

// Shared by all copies of the package in the process: a plugin may be built against one of its own.
export const nativeMark: unique symbol = Symbol.for("tenon.plugin");

/** What `definePlugin` made, or undefined for anything else. */
export function nativePluginOf(candidate: unknown): NativePlugin | undefined {
  if (typeof candidate !== "object" || candidate === null) return undefined;
  return (candidate as { [nativeMark]?: NativePlugin })[nativeMark];
}
