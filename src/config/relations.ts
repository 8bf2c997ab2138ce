import { outOfRange } from "./errors.ts";
import type { Settings } from "./schema/schema.ts";

type OriginOf = (path: string, value: unknown) => string;

/** Rules between two keys. Errors: `core.configuration.out_of_range`, naming both. */
export function checkRelations(settings: Settings, originOf: OriginOf): void {
  const { limits, cluster } = settings;
  const { concurrentRequests, requestsBufferSize, requestsBufferWarningThreshold: threshold } = limits;
  const refuse = (key: string, value: number, relation: string, other: string, otherValue: number): never => {
    const rule = `must be ${relation} ${other}, which is ${otherValue} (from ${originOf(other, otherValue)})`;
    throw outOfRange(key, rule, value, originOf(key, value));
  };

  if (concurrentRequests >= requestsBufferSize) {
    refuse(
      "limits.concurrentRequests",
      concurrentRequests,
      "less than",
      "limits.requestsBufferSize",
      requestsBufferSize,
    );
  }
  if (threshold < concurrentRequests) {
    const other = "limits.concurrentRequests";
    refuse("limits.requestsBufferWarningThreshold", threshold, "at least", other, concurrentRequests);
  }
  if (threshold > requestsBufferSize) {
    const other = "limits.requestsBufferSize";
    refuse("limits.requestsBufferWarningThreshold", threshold, "at most", other, requestsBufferSize);
  }
  if (cluster.syncTimeout >= cluster.joinTimeout) {
    refuse("cluster.syncTimeout", cluster.syncTimeout, "less than", "cluster.joinTimeout", cluster.joinTimeout);
  }
}
