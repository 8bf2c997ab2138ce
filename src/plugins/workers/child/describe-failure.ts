import type { WorkerFailure } from "../messages.ts";

/** What the server is told of an error; for one of the permission model, what would allow it. */
export function describeFailure(error: unknown, event?: string): WorkerFailure {
  const { message, stack, code, permission, resource } = (
    error instanceof Error ? error : { message: String(error) }
  ) as {
    message: string;
    stack?: string;
    code?: unknown;
    permission?: unknown;
    resource?: unknown;
  };
  const denied = [permission, resource].filter((one) => typeof one === "string" && one !== "").join(" ");
  const hint = code === "ERR_ACCESS_DENIED" ? ` (${denied}: the plugin's capabilities do not name it)` : "";
  return {
    ...(event === undefined ? {} : { event }),
    message: message + hint,
    ...(stack === undefined ? {} : { stack }),
  };
}
