import { action, type ControllerDefinition, schema } from "../../../events/index.ts";

export interface TenonControllerDeps {
  /** The figures of this node in the text form of Prometheus. */
  readonly scrape: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

export const tenonControllerName = "tenon";

/** Actions that only this server has. Those that belong to a controller of the contract are there, and in contract/beyond.json. */
export function createTenonController({ scrape }: TenonControllerDeps): ControllerDefinition {
  return {
    name: tenonControllerName,
    actions: {
      metrics: action({
        summary: "Figures of this node, in the text form of Prometheus",
        // A plugin may serve this path in its own way, and an index may have this name.
        http: [{ verb: "GET", path: "/metrics", isSingle: true }],
        result: schema.string(),
        run: async (_, request) => {
          const { contentType, text } = await scrape();
          request.response.configure({ headers: { "Content-Type": contentType }, format: "raw" });
          return text;
        },
      }),
    },
  };
}
