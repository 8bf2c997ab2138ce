import type { JSONObject } from "../../kernel/index.ts";
import type { ClusterMessages } from "../../plugins/index.ts";
import { ApplicationManager } from "./application-manager.ts";

/** Gets what another node has broadcast. Its failures are logged. */
export type ClusterEventHandler = (payload: JSONObject) => unknown;

/** `app.cluster`: messages between the nodes. Error of all of it: `plugin.runtime.unavailable_before_start`. */
export class BackendCluster extends ApplicationManager {
  /** Reaches the other nodes only. */
  async broadcast(event: string, payload: JSONObject): Promise<void> {
    await this.#messages("cluster.broadcast").broadcast(event, payload);
  }

  async on(event: string, listener: ClusterEventHandler): Promise<void> {
    await this.#messages("cluster.on").on(event, listener as (payload: unknown) => unknown);
  }

  async once(event: string, listener: ClusterEventHandler): Promise<void> {
    await this.#messages("cluster.once").once(event, listener as (payload: unknown) => unknown);
  }

  async off(event: string, listener: ClusterEventHandler): Promise<void> {
    await this.#messages("cluster.off").off(event, listener as (payload: unknown) => unknown);
  }

  async removeAllListeners(event: string): Promise<void> {
    await this.#messages("cluster.removeAllListeners").removeAllListeners(event);
  }

  /** As plugins have them: listeners are called in the name of the application. */
  #messages(what: string): ClusterMessages {
    return (this.application.accessors ?? this.life.unavailable(what)).cluster;
  }
}
