import type { ErrorDefinition } from "../definition.ts";

export const clusterErrors = {
  "cluster.fatal.desync": { code: 0x08000001, class: "InternalError", message: "This node has lost the cluster: %s" },
} as const satisfies Readonly<Record<string, ErrorDefinition>>;
