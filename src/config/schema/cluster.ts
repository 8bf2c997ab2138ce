import { bool, integer, section } from "./option.ts";

const port = (initial: number, description: string) => ({ ...integer(initial, description, 1), maximum: 65_535 });
const positiveMs = (initial: number, description: string) =>
  ({ type: "number", default: initial, exclusiveMinimum: 0, unit: "ms", description }) as const;

export const cluster = section("Several nodes that act as one.", {
  enabled: bool(true, "Join the other nodes that share this node's memory engine."),
  activityDepth: integer(50, "Entries of the activity log in cluster:status.", 1),
  heartbeat: positiveMs(2000, "Time between two signs of life of a node."),
  interface: {
    type: ["string", "null"],
    default: null,
    description: "Network interface, address or MAC address that other nodes reach this one by; null to find one.",
  },
  ipv6: bool(false, "Prefer IPv6 addresses."),
  ip: {
    type: ["string", "null"],
    enum: ["private", "public", null],
    default: "private",
    description: "Which addresses may be used; null for any.",
  },
  joinTimeout: positiveMs(60_000, "How long joining may take before the node stops."),
  minimumNodes: integer(1, "Requests are refused while fewer nodes are there.", 1),
  ports: section("Ports between nodes.", {
    command: port(7510, "Port for commands."),
    sync: port(7511, "Port for synchronisation."),
  }),
  syncTimeout: positiveMs(5000, "How long a node may take to catch up; less than joinTimeout."),
});
