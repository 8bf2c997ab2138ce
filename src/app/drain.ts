import type { RequestQueue } from "../api/index.ts";
import type { Logger } from "../kernel/index.ts";

/** Waits for the requests that run. There is no limit (contract/wire.md section 7), but whoever waits is told for what. */
export async function drain(queue: RequestQueue, log: Logger): Promise<void> {
  const reminder = setInterval(() => {
    log.warn("server.waiting_for_requests", { running: queue.running, waiting: queue.waiting });
  }, 5_000);
  await queue.drained();
  clearInterval(reminder);
}
