import { schema } from "../../../events/index.ts";
import type { Logger } from "../../../kernel/index.ts";

/** The answer of most of these actions. */
export const acknowledged = {
  schema: schema.object({ acknowledge: schema.oneOf([true]) }),
  answer: (): { readonly acknowledge: true } => ({ acknowledge: true }),
} as const;

/** Answers when the work is done; in the background at once, and then what goes wrong is only logged. */
export async function inBackground(
  isBackground: boolean,
  work: Promise<unknown>,
  log: Logger,
  action: string,
): Promise<{ readonly acknowledge: true }> {
  if (isBackground) work.catch((err: unknown) => log.error("admin.background_action_failed", { action, err }));
  else await work;
  return acknowledged.answer();
}
