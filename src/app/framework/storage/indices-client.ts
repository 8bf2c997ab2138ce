import type { JSONObject } from "../../../kernel/index.ts";
import type { CollectionDescription } from "../../../stores/documents/index.ts";
import { answered, type ClientAnswer, whether } from "./client-answer.ts";
import type { ClientDeps } from "./storage-client.ts";
import { bodyOf, nameOf, readTarget, readTargets, type Target } from "./targets.ts";

const acknowledged = { acknowledged: true };

/** `client.indices`: an index of a search cluster is a collection here, `&<index>.<collection>`. */
export class IndicesClient {
  readonly #deps: ClientDeps;

  constructor(deps: ClientDeps) {
    this.#deps = deps;
  }

  create(parameters: JSONObject): Promise<ClientAnswer> {
    return this.#answer(async () => {
      const { scope, ...target } = readTarget(parameters.index);
      const { mappings, settings } = bodyOf(parameters, ["mappings", "settings"]);
      await this.#deps.collections.create(
        target,
        { mappings: objectOf(mappings), settings: objectOf(settings) },
        scope,
      );
      return { ...acknowledged, shards_acknowledged: true, index: parameters.index };
    });
  }

  delete(parameters: JSONObject): Promise<ClientAnswer> {
    return this.#answer(async () => {
      for (const { scope, ...target } of await this.#targets(parameters)) {
        await this.#deps.collections.delete(target, scope);
      }
      return acknowledged;
    });
  }

  exists(parameters: JSONObject): Promise<ClientAnswer | boolean> {
    return whether(this.#deps.version, async () => {
      const known = await this.#deps.store.describe();
      const isKnown = (target: Target): boolean => known.some((one) => nameOf(one) === nameOf(target));
      const targets = readTargets(parameters.index, known);
      return targets.length > 0 && targets.every(isKnown);
    });
  }

  refresh(parameters: JSONObject = {}): Promise<ClientAnswer> {
    return this.#answer(async () => {
      const targets = await this.#targets(parameters);
      for (const target of targets) await this.#deps.store.refresh(target);
      return { _shards: { total: targets.length, successful: targets.length, failed: 0 } };
    });
  }

  putMapping(parameters: JSONObject): Promise<ClientAnswer> {
    return this.#answer(async () => {
      const mappings = bodyOf(parameters, ["properties", "dynamic", "_meta", "dynamic_templates"]);
      for (const { scope, ...target } of await this.#targets(parameters)) {
        await this.#deps.collections.update(target, { mappings }, scope);
      }
      return acknowledged;
    });
  }

  getMapping(parameters: JSONObject = {}): Promise<ClientAnswer> {
    return this.#each(parameters, async (target) => ({ mappings: await this.#deps.store.getMappings(target) }));
  }

  putSettings(parameters: JSONObject): Promise<ClientAnswer> {
    return this.#answer(async () => {
      const { settings, ...others } = bodyOf(parameters, ["settings"]);
      for (const { scope, ...target } of await this.#targets(parameters)) {
        await this.#deps.collections.update(target, { settings: { ...others, ...objectOf(settings) } }, scope);
      }
      return acknowledged;
    });
  }

  getSettings(parameters: JSONObject = {}): Promise<ClientAnswer> {
    return this.#each(parameters, async (target) => ({
      settings: { index: await this.#deps.store.getSettings(target) },
    }));
  }

  /** One answer for each collection, under its name. */
  #each(parameters: JSONObject, describe: (target: Target) => Promise<JSONObject>): Promise<ClientAnswer> {
    return this.#answer(async () => {
      const described: JSONObject = {};
      for (const target of await this.#targets(parameters)) described[nameOf(target)] = await describe(target);
      return described;
    });
  }

  async #targets({ index }: JSONObject): Promise<Target[]> {
    const known: readonly CollectionDescription[] = await this.#deps.store.describe();
    return readTargets(index, known);
  }

  #answer(run: () => Promise<JSONObject>): Promise<ClientAnswer> {
    return answered(this.#deps.version, run);
  }
}

const objectOf = (written: unknown): JSONObject =>
  typeof written === "object" && written !== null ? { ...written } : {};
