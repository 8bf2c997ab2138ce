import type { Logger } from "../kernel/index.ts";
import type { RebuildProgress } from "../stores/documents/index.ts";

/** Says how far the search indexes are that are being built: at most once a second for each collection, and when it is done. */
export function reportRebuild(
  log: Logger,
  monotonic: () => number = () => performance.now(),
): (progress: RebuildProgress) => void {
  const lastAt = new Map<string, number>();
  return ({ index, collection, done, total }) => {
    if (total < 10_000) return;
    const key = `${index}/${collection}`;
    const now = monotonic();
    if (done < total && now - (lastAt.get(key) ?? Number.NEGATIVE_INFINITY) < 1_000) return;
    if (done < total) lastAt.set(key, now);
    else lastAt.delete(key);
    log.info(done < total ? "index.building" : "index.ready", { index, collection, documents: `${done}/${total}` });
  };
}
