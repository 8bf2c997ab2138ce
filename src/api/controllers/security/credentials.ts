import { BadRequestError, type JSONObject, type KuzzleRequest, kerror } from "../../../kernel/index.ts";
import { callStrategy, type Security } from "../../../security/index.ts";

/** Calls to strategies in the order of contract/security.md section 14, for users and administrators alike. */
export class Credentials {
  readonly #security: Security;

  constructor(security: Security) {
    this.#security = security;
  }

  #methods(strategy: string) {
    return this.#security.strategies.get(strategy).methods;
  }

  async create(request: KuzzleRequest, strategy: string, credentials: JSONObject, kuid: string): Promise<unknown> {
    const methods = this.#methods(strategy);
    await this.#check(request, strategy, credentials, kuid, false);
    return callStrategy(() => methods.create(request, credentials, kuid, strategy));
  }

  async update(request: KuzzleRequest, strategy: string, credentials: JSONObject, kuid: string): Promise<unknown> {
    const methods = this.#methods(strategy);
    await this.#check(request, strategy, credentials, kuid, true);
    return callStrategy(() => methods.update(request, credentials, kuid, strategy));
  }

  validate(request: KuzzleRequest, strategy: string, credentials: JSONObject, kuid: string | null): Promise<unknown> {
    return this.#check(request, strategy, credentials, kuid, false);
  }

  async #check(
    request: KuzzleRequest,
    strategy: string,
    credentials: JSONObject,
    kuid: string | null,
    isUpdate: boolean,
  ): Promise<unknown> {
    const methods = this.#methods(strategy);
    // Kuzzle's strategies get null where nobody is named.
    const valid = await callStrategy(() => methods.validate(request, credentials, kuid as string, strategy, isUpdate));
    if (valid === false) throw new BadRequestError(`Strategy "${strategy}" refused the credentials.`);
    return valid;
  }

  async exist(request: KuzzleRequest, strategy: string, kuid: string): Promise<boolean> {
    const methods = this.#methods(strategy);
    return (await callStrategy(() => methods.exists(request, kuid, strategy))) === true;
  }

  async delete(request: KuzzleRequest, strategy: string, kuid: string): Promise<void> {
    const methods = this.#methods(strategy);
    await callStrategy(() => methods.delete(request, kuid, strategy));
  }

  /** `{}` when the strategy tells nothing. */
  async getInfo(request: KuzzleRequest, strategy: string, kuid: string): Promise<unknown> {
    const methods = this.#methods(strategy);
    return methods.getInfo === undefined ? {} : callStrategy(() => methods.getInfo?.(request, kuid, strategy));
  }

  /** By the strategy's own identifier: the username of `local`. */
  async getById(request: KuzzleRequest, strategy: string, id: string): Promise<unknown> {
    const methods = this.#methods(strategy);
    return methods.getById === undefined ? {} : callStrategy(() => methods.getById?.(request, id, strategy));
  }

  /** Error: `plugin.strategy.missing_optional_method` (500). */
  async search(strategy: string, body: JSONObject, page: { from: number; size: number }): Promise<unknown> {
    const { plugin, methods } = this.#security.strategies.get(strategy);
    if (methods.search === undefined) {
      throw kerror("plugin.strategy.missing_optional_method", plugin, strategy, "search");
    }
    return callStrategy(() => methods.search?.(body, page));
  }
}
