import { readyMessage } from "./supervise.ts";

/** Tells the process that has started this one, if it listens, that the server is ready; and stops the server when that process is gone. */
export function tellSupervisor(): void {
  if (process.send === undefined) return;
  process.send(readyMessage);
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
}
