import type { DefinedPlugin } from "../../authoring/define-plugin.ts";

/** Name of the bundled plugin of the second factor. */
export const totpName = "totp";

/** Loads the plugin's code, which servers without it do not need. */
export async function loadTotpPlugin(): Promise<DefinedPlugin> {
  const { createTotpPlugin } = await import("./plugin.ts");
  return createTotpPlugin();
}
