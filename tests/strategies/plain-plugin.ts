import type { KuzzleRequest } from "../../src/kuzzle.ts";

/** Passport's classes as they are published, without types. */
export type StrategyClass = new (options: object, verify: (...args: unknown[]) => void) => object;

export interface Written {
  readonly authenticator: StrategyClass;
  readonly strategyOptions?: object;
  readonly authenticateOptions?: object;
  readonly verify: (...args: never[]) => unknown;
}

interface Context {
  readonly accessors: {
    readonly strategies: {
      add(name: string, properties: object): Promise<void>;
      remove(name: string): Promise<void>;
    };
  };
}

const methods = {
  create: "create",
  delete: "remove",
  exists: "exists",
  update: "update",
  validate: "validate",
  getInfo: "getInfo",
  search: "search",
};

/** A plugin as a user writes it, around strategies whose credentials are `{ name }`: kept in memory, by strategy and user. */
export class PlainPlugin {
  readonly #written: Readonly<Record<string, Written>>;
  readonly credentials = new Map<string, Map<string, string>>();
  authenticators: Record<string, StrategyClass> = {};
  strategies: Record<string, object> = {};
  api: object = {
    ways: {
      actions: {
        add: { handler: (request) => this.#add(request) },
        remove: { handler: (request) => this.#remove(request) },
      },
    },
  } satisfies Record<string, { actions: Record<string, { handler: (request: KuzzleRequest) => unknown }> }>;
  #context!: Context;

  /** `later`: strategies that the action `ways:add` registers. */
  constructor(written: Readonly<Record<string, Written>>, later: readonly string[] = []) {
    this.#written = written;
    for (const [name, { authenticator, verify }] of Object.entries(written)) {
      this.authenticators[name] = authenticator;
      // Methods are named in the description, so each verify is a member.
      Object.assign(this, { [`verify ${name}`]: verify });
      if (!later.includes(name)) this.strategies[name] = this.#describe(name);
    }
  }

  init(_config: object, context: Context): void {
    this.#context = context;
  }

  #describe(name: string): object {
    const { strategyOptions = {}, authenticateOptions = {} } = this.#written[name] ?? {};
    const config = { authenticator: name, strategyOptions, authenticateOptions, fields: ["name"] };
    return { config, methods: { ...methods, verify: `verify ${name}` } };
  }

  async #add(request: KuzzleRequest): Promise<object> {
    const name = request.getString("name");
    await this.#context.accessors.strategies.add(name, this.#describe(name));
    return { name };
  }

  async #remove(request: KuzzleRequest): Promise<object> {
    await this.#context.accessors.strategies.remove(request.getString("name"));
    return {};
  }

  #of(strategy: string): Map<string, string> {
    const present = this.credentials.get(strategy) ?? new Map<string, string>();
    this.credentials.set(strategy, present);
    return present;
  }

  /** The kuid behind a name. */
  kuidOf(strategy: string, name: unknown): string | undefined {
    return [...this.#of(strategy)].find(([, known]) => known === name)?.[0];
  }

  async create(_request: KuzzleRequest, { name }: { name: string }, kuid: string, strategy: string): Promise<object> {
    this.#of(strategy).set(kuid, name);
    return { name };
  }

  async update(_request: KuzzleRequest, { name }: { name: string }, kuid: string, strategy: string): Promise<object> {
    this.#of(strategy).set(kuid, name);
    return { name };
  }

  async remove(_request: KuzzleRequest, kuid: string, strategy: string): Promise<void> {
    this.#of(strategy).delete(kuid);
  }

  async exists(_request: KuzzleRequest, kuid: string, strategy: string): Promise<boolean> {
    return this.#of(strategy).has(kuid);
  }

  async validate(_request: KuzzleRequest, { name }: { name?: unknown }): Promise<boolean> {
    return typeof name === "string" && name !== "";
  }

  async getInfo(_request: KuzzleRequest, kuid: string, strategy: string): Promise<object> {
    return { name: this.#of(strategy).get(kuid) };
  }

  async search(): Promise<object> {
    return { hits: [], total: 0 };
  }
}
