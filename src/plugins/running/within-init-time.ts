import { kerror } from "../../kernel/index.ts";
import type { PluginDefinition } from "../definition.ts";

/** Runs a step of a plugin's start under the deadline for its `init`. Error: `plugin.runtime.failed_init`, saying what took too long. */
export async function withinInitTime(
  { name, limits }: Pick<PluginDefinition, "name" | "limits">,
  what: string,
  run: () => unknown,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    if (limits.initTimeoutMs <= 0) return;
    const why = `${what} did not finish within ${limits.initTimeoutMs} ms. If it needs longer, raise plugins.common.initTimeout.`;
    timer = setTimeout(() => reject(kerror("plugin.runtime.failed_init", name, why)), limits.initTimeoutMs);
  });
  try {
    await Promise.race([run(), deadline]);
  } finally {
    clearTimeout(timer);
  }
}
