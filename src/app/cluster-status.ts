import { isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";
import type { ClusterControllerDeps } from "../api/index.ts";
import type { Config } from "../config/index.ts";
import type { Clock } from "../kernel/index.ts";

export interface LocalClusterParts {
  readonly nodeId: string;
  readonly config: Config["cluster"];
  readonly clock: Clock;
}

/** The cluster of one node: it joined when it was born, and nobody else came or went. */
export function createLocalCluster({ nodeId, config, clock }: LocalClusterParts): ClusterControllerDeps {
  const birthdate = new Date(clock.now()).toISOString();
  const address = ownAddress(config);
  return {
    nodes: () => [{ id: nodeId, address, birthdate }],
    activity: () => [{ id: nodeId, address, date: birthdate, event: "joined" }],
  };
}

/** Where other machines would reach this one: `cluster.interface` may name an interface, an address or a MAC address. */
function ownAddress({ interface: wanted, ipv6 }: Config["cluster"]): string {
  const family = ipv6 ? "IPv6" : "IPv4";
  const all = Object.entries(networkInterfaces()).flatMap(([name, its = []]) => its.map((one) => ({ name, ...one })));
  const usable = all.filter((one) =>
    wanted === null ? !one.internal : [one.name, one.address, one.mac].includes(wanted),
  );
  const found = usable.find((one) => one.family === family) ?? usable[0];
  return found?.address ?? (wanted !== null && isIPv6(wanted) ? "::1" : "127.0.0.1");
}
