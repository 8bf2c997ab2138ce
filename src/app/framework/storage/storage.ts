import { isDeepStrictEqual } from "node:util";
import type { Configuration } from "../../../config/index.ts";
import { type JSONObject, kerror } from "../../../kernel/index.ts";
import type { Application } from "../../application.ts";
import { ApplicationManager } from "../application-manager.ts";
import type { Lifecycle } from "../lifecycle.ts";
import { StorageClient } from "./storage-client.ts";
import { refusingTheRest } from "./unsupported.ts";

export type StorageClientClass = new (clientConfig?: JSONObject) => StorageClient;

/**
 * `app.storage`: the storage engine as its own client would show it.
 * Error of all of it: `plugin.runtime.unavailable_before_start`.
 */
export class BackendStorage extends ApplicationManager {
  readonly #config: Configuration;
  #class: StorageClientClass | undefined;
  #client: StorageClient | undefined;

  constructor(application: Application, life: Lifecycle, config: Configuration) {
    super(application, life);
    this.#config = config;
  }

  /** Its constructor refuses the address of another engine: `services.storage.unexpected_error`. */
  get StorageClient(): StorageClientClass {
    this.life.running("storage.StorageClient");
    this.#class ??= this.#createClass();
    return this.#class;
  }

  get storageClient(): StorageClient {
    this.#client ??= new this.StorageClient();
    return this.#client;
  }

  /** The older name of {@link StorageClient}. */
  get Client(): StorageClientClass {
    return this.StorageClient;
  }

  /** The older name of {@link storageClient}. */
  get client(): StorageClient {
    return this.storageClient;
  }

  #createClass(): StorageClientClass {
    const { store, data } = this.life.running("storage.StorageClient");
    const { client: configured, majorVersion } = this.#config.freeze().config.services.storageEngine;
    const version = majorVersion === "8" ? "8" : "7";
    return class extends StorageClient {
      constructor(clientConfig?: JSONObject) {
        super({ store, collections: data.collections, version });
        if (clientConfig !== undefined && namesEngine(clientConfig) && !isDeepStrictEqual(clientConfig, configured)) {
          const why =
            "this server stores documents by its embedded engine. For a search cluster of your own, use its client package";
          throw kerror("services.storage.unexpected_error", why);
        }
        // biome-ignore lint/correctness/noConstructorReturn: whatever is asked of it beside the calls it has must say what to do
        return refusingTheRest(this);
      }
    };
  }
}

const namesEngine = ({ node, nodes, cloud }: JSONObject): boolean =>
  node !== undefined || nodes !== undefined || cloud !== undefined;
