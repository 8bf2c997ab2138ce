import { currentServer } from "../realm/current-call.ts";
import { PluginStorage } from "../storage/plugin-storage.ts";

/** One index of the server's document storage, public or private: what repositories stand on. */
export class Store extends PluginStorage {
  constructor(index: string, scope: "public" | "private" = "private") {
    super({ ...currentServer("Store").storage, index, scope });
  }

  /** Creates what is missing: `{ <collection>: { mappings, settings } }`. */
  async init(collections: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.bootstrap({ ...collections });
  }
}
