import { kerror, RequestContext, RequestInput } from "../../../kernel/index.ts";
import { Koncorde } from "../../kuzzle/koncorde.ts";
import { Mutex, type MutexOptions } from "../../kuzzle/mutex.ts";
import type { PluginStorage } from "../../storage/plugin-storage.ts";
import { Repository } from "../../storage/repository.ts";
import type { PluginScope } from "../dialect.ts";
import { BaseValidationType } from "./base-validation-type.ts";
import { requestConstructor } from "./request-constructor.ts";

/** `context.constructors`, with the plugin's own server and storage bound in. */
export interface Constructors {
  readonly BaseValidationType: typeof BaseValidationType;
  readonly ESClient: new () => object;
  readonly Koncorde: typeof Koncorde;
  readonly Mutex: new (resource: string, options?: MutexOptions) => Mutex;
  readonly Repository: new (collection: string, Model?: (new () => object) | null) => Repository;
  readonly Request: typeof requestConstructor;
  readonly RequestContext: typeof RequestContext;
  readonly RequestInput: typeof RequestInput;
}

export function createConstructors({ deps }: PluginScope, storage: PluginStorage): Constructors {
  return Object.freeze({
    BaseValidationType,
    ESClient: engineClientClass(deps.createEngineClient, deps.store.engine.backend),
    Koncorde,
    Mutex: class extends Mutex {
      constructor(resource: string, options?: MutexOptions) {
        super(resource, options, deps.locks);
      }
    },
    Repository: class extends Repository {
      constructor(collection: string, Model?: (new () => object) | null) {
        super(storage, collection, Model);
      }
    },
    Request: requestConstructor,
    RequestContext,
    RequestInput,
  });
}

/** The client of the search engine, where there is one. Error otherwise: `services.storage.unexpected_error`, saying what to do. */
function engineClientClass(create: (() => object) | undefined, backend: string): new () => object {
  // A declaration, not an arrow: called with `new`, a function may answer another object.
  function ESClient(): object {
    if (create !== undefined) return create();
    const why =
      `"ESClient" needs a search cluster, and documents are stored by the engine "${backend}". ` +
      "Use accessors.sdk or constructors.Repository, or configure services.storageEngine.client.";
    throw kerror("services.storage.unexpected_error", why);
  }
  return ESClient as unknown as new () => object;
}
