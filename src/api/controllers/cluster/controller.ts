import { action, type ControllerDefinition, schema } from "../../../events/index.ts";

/** A node of the cluster; dates are ISO 8601. */
export interface ClusterNode {
  readonly id: string;
  readonly address: string;
  readonly birthdate: string;
}

/** A node came or went; `reason` when it was put out. */
export interface ClusterActivity {
  readonly id: string;
  readonly address: string;
  readonly date: string;
  readonly event: "joined" | "evicted";
  readonly reason?: string;
}

export interface ClusterControllerDeps {
  /** The node that answers comes last. */
  readonly nodes: () => readonly ClusterNode[];
  /** Oldest first. */
  readonly activity: () => readonly ClusterActivity[];
}

/** The nodes that act as one server (contract/api/cluster.yaml). */
export const createClusterController = ({ nodes, activity }: ClusterControllerDeps): ControllerDefinition => ({
  name: "cluster",
  actions: {
    status: action({
      summary: "The nodes of the cluster, and which came and went lately",
      http: [{ verb: "GET", path: "/cluster/_status" }],
      result: schema.object({
        activeNodes: schema.integer(),
        activity: schema.array(schema.object()),
        nodes: schema.array(schema.object()),
      }),
      run: () => {
        const active = nodes();
        return { activeNodes: active.length, activity: activity(), nodes: active };
      },
    }),
  },
});
